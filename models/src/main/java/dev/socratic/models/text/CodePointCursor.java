package dev.socratic.models.text;

/// A place in a text, counted in code points and in UTF-16 units at once.
final class CodePointCursor {
    private final String text;
    private int points;
    private int offset;

    CodePointCursor(String text) {
        this.text = text;
    }

    /// @param point how many code points before the place; going back is allowed, if only by little cheap
    /// @return how many `char`s before it
    int to(int point) {
        while (points < point && offset < text.length()) {
            offset += Character.charCount(text.codePointAt(offset));
            points++;
        }
        while (points > point) {
            offset -= Character.charCount(text.codePointBefore(offset));
            points--;
        }
        return offset;
    }

    int offset() {
        return offset;
    }
}
