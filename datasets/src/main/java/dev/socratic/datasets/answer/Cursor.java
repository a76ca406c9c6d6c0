package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.MathToken.Kind;
import java.util.List;
import java.util.function.Supplier;

/// A place in a list of tokens.
final class Cursor {
    private final List<MathToken> tokens;
    private int at;
    private int depth;

    Cursor(List<MathToken> tokens) {
        this.tokens = tokens;
    }

    MathToken peek() {
        return at < tokens.size() ? tokens.get(at) : new MathToken(Kind.END, "the end", false);
    }

    /// @return the token behind the next one
    MathToken ahead() {
        return at + 1 < tokens.size() ? tokens.get(at + 1) : new MathToken(Kind.END, "the end", false);
    }

    /// @return the token `back` places before the next one
    MathToken before(int back) {
        return at >= back ? tokens.get(at - back) : new MathToken(Kind.END, "", false);
    }

    MathToken take() {
        MathToken token = peek();
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
    MathToken takeDigit() {
        MathToken number = peek();
        tokens.set(at, new MathToken(Kind.NUMBER, number.text().substring(1), false));
        return new MathToken(Kind.NUMBER, number.text().substring(0, 1), false);
    }

    /// @throws Refusal if this is too deep inside others of its kind
    MathTerm nested(Supplier<MathTerm> inner) {
        if (++depth > Bounds.DEPTH) {
            throw new Refusal("more than %s levels of brackets".formatted(Bounds.DEPTH));
        }
        MathTerm term = inner.get();
        depth--;
        return term;
    }
}
