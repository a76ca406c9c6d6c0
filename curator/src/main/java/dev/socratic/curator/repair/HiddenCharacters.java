package dev.socratic.curator.repair;

import java.util.regex.Pattern;

/// Characters that nobody sees: taken out, but where a script or an emoji needs them.
///
/// - control characters but for tab and line feed, whole escape sequences of terminals, C1 controls; a form feed and
///   a vertical tab become a line feed;
/// - U+FEFF, U+200B, U+2060 to U+2064, U+180E, U+00AD (soft hyphen), U+FFF9 to U+FFFB;
/// - embeddings, overrides and isolates of direction (U+202A to U+202E, U+2066 to U+2069); the marks U+200E and U+200F
///   stay in texts that are written from right to left;
/// - joiners (U+200C, U+200D) stay between letters of scripts other than Latin, Greek and Cyrillic, and in emoji;
/// - the plane of tags (U+E0000 to U+E007F), in which whole instructions are hidden, but for flags;
/// - surrogates without their other half become U+FFFD: what they stood for is lost.
final class HiddenCharacters {
    private static final Pattern TERMINAL = Pattern.compile("\u001b\\[[0-9;?]{0,20}[A-Za-z]");
    private static final int FLAG = 0x1F3F4;
    private static final int CANCEL = 0xE007F;

    private HiddenCharacters() {}

    static String removed(String text) {
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7F || c == '\n' || c == '\t')) {
            return text;
        }
        String plain = text.indexOf('\u001b') < 0 ? text : TERMINAL.matcher(text).replaceAll("");
        boolean rightToLeft = plain.codePoints().anyMatch(HiddenCharacters::isRightToLeft);
        int[] all = plain.codePoints().toArray();
        StringBuilder out = new StringBuilder(plain.length());
        for (int i = 0; i < all.length; i++) {
            int c = all[i];
            boolean tag = c >= 0xE0000 && c <= CANCEL;
            if (c == '\f' || c == '\u000b') {
                out.append('\n');
            } else if (c >= 0xD800 && c <= 0xDFFF) {
                out.append('\uFFFD');
            } else if (c == 0x200C || c == 0x200D) {
                if (i > 0 && i + 1 < all.length && joins(all[i - 1]) && joins(all[i + 1])) {
                    out.appendCodePoint(c);
                }
            } else if (tag ? isOfAFlag(all, i) : !isHidden(c, rightToLeft)) {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private static boolean isOfAFlag(int[] all, int at) {
        int first = at;
        while (first >= 0 && all[first] >= 0xE0000 && all[first] <= CANCEL) {
            first--;
        }
        return first >= 0 && all[first] == FLAG && at - first <= 7;
    }

    private static boolean isHidden(int c, boolean rightToLeft) {
        return c < 0x20 && c != '\n' && c != '\t' && c != '\r' || c >= 0x7F && c <= 0x9F && c != 0x85 || c == 0xAD
                || c == 0xFEFF || c == 0x200B || c >= 0x2060 && c <= 0x2064 || c == 0x180E || c >= 0xFFF9 && c <= 0xFFFB
                || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069
                || (c == 0x200E || c == 0x200F) && !rightToLeft;
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return Character.isLetter(c) && (direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC);
    }

    /// @return whether joiners mean something beside it
    private static boolean joins(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case LATIN, GREEK, CYRILLIC -> false;
            case COMMON -> c > 0x2000 && !Character.isWhitespace(c);
            default -> true;
        };
    }
}
