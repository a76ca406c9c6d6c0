package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.Token.Kind;
import java.util.List;
import java.util.function.Supplier;

/// A place in a list of tokens.
final class Cursor {
    private final List<Token> tokens;
    private int at;
    private int depth;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return at < tokens.size() ? tokens.get(at) : new Token(Kind.END, "the end", false);
    }

    /// @return the token behind the next one
    Token ahead() {
        return at + 1 < tokens.size() ? tokens.get(at + 1) : new Token(Kind.END, "the end", false);
    }

    /// @return the token `back` places before the next one
    Token before(int back) {
        return at >= back ? tokens.get(at - back) : new Token(Kind.END, "", false);
    }

    Token take() {
        Token token = peek();
        at++;
        return token;
    }

    boolean takes(String sign) {
        boolean there = peek().is(sign);
        at += there ? 1 : 0;
        return there;
    }

    boolean takesCommand(String name) {
        boolean there = peek().isCommand(name);
        at += there ? 1 : 0;
        return there;
    }

    boolean takesWord(String... words) {
        for (String word : words) {
            if (peek().kind() == Kind.WORD && peek().text().equals(word)) {
                at++;
                return true;
            }
        }
        return false;
    }

    void need(String sign) {
        if (!takes(sign)) {
            throw new Refusal("'%s' where '%s' should stand".formatted(peek().text(), sign));
        }
    }

    int place() {
        return at;
    }

    void backTo(int place) {
        at = place;
    }

    /// Takes the first digit of the number that comes next and leaves the others.
    Token takeDigit() {
        Token number = peek();
        tokens.set(at, new Token(Kind.NUMBER, number.text().substring(1), false));
        return new Token(Kind.NUMBER, number.text().substring(0, 1), false);
    }

    /// @throws Refusal if this is too deep inside others of its kind
    Term nested(Supplier<Term> inner) {
        if (++depth > Bounds.DEPTH) {
            throw new Refusal("more than %s levels of brackets".formatted(Bounds.DEPTH));
        }
        Term term = inner.get();
        depth--;
        return term;
    }
}
