package dev.socratic.core.template;

import dev.socratic.core.template.Token.Kind;
import java.util.List;

/// A place in the tokens, and how deep the parser is there.
final class TokenCursor {
    /// Deeper than any template people write, shallow enough for the stack of a small thread.
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenCursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean skipOperator(String spelling) {
        return skip(Kind.OPERATOR, spelling);
    }

    boolean skipName(String spelling) {
        return skip(Kind.NAME, spelling);
    }

    private boolean skip(Kind kind, String spelling) {
        if (!peek().is(kind, spelling)) {
            return false;
        }
        next();
        return true;
    }

    void operator(String spelling) {
        if (!skipOperator(spelling)) {
            throw expected("'" + spelling + "'");
        }
    }

    void name(String spelling) {
        if (!skipName(spelling)) {
            throw expected("'" + spelling + "'");
        }
    }

    String name() {
        return take(Kind.NAME, "a name").text();
    }

    Token take(Kind kind, String what) {
        if (peek().kind() != kind) {
            throw expected(what);
        }
        return next();
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw TemplateFailure.syntax("the template is nested more than %s levels deep".formatted(DEEPEST), line());
        }
    }

    void leave() {
        depth--;
    }

    TemplateFailure expected(String what) {
        String found = peek().kind() == Kind.TEXT ? "text" : peek().kind() == Kind.END
                ? peek().text() : "'" + peek().text() + "'";
        return TemplateFailure.syntax("%s expected; got %s".formatted(what, found), line());
    }
}
