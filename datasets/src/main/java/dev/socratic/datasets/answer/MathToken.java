package dev.socratic.datasets.answer;

/// A piece of an answer.
///
/// @param kind   what it is
/// @param text   digits, letter, word, name of a command without `\`, or the sign itself
/// @param spaced whether blanks stood before it
record MathToken(Kind kind, String text, boolean spaced) {
    enum Kind {
        NUMBER,
        LETTER,
        WORD,
        COMMAND,
        SIGN,
        /// After the last token.
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isCommand(String name) {
        return kind == Kind.COMMAND && text.equals(name);
    }
}
