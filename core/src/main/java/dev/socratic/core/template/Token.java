package dev.socratic.core.template;

/// A piece of a template.
///
/// @param text the text itself for `TEXT`, the unescaped content for `STRING`, the spelling for everything else
/// @param line where it begins, from 1
record Token(Kind kind, String text, int line) {
    enum Kind {
        TEXT,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String spelling) {
        return kind == wanted && text.equals(spelling);
    }

    boolean operator(String spelling) {
        return is(Kind.OPERATOR, spelling);
    }

    boolean name(String spelling) {
        return is(Kind.NAME, spelling);
    }
}
