package dev.socratic.curator.repair;

/// Which characters people write: what a decoding that gives anything else cannot have meant.
final class Plausible {
    /// First and last of each range, in order: letters and marks of living orthographies, punctuation, currencies,
    /// mathematics, kana, Han, Hangul, full width, emoji. Not: IPA, modifiers, accents of the Bible, rare extensions.
    private static final int[] RANGES = {
        0xA0, 0x17F, 0x218, 0x21B, 0x300, 0x345, 0x384, 0x3CE, 0x400, 0x45F, 0x490, 0x4FF, 0x531, 0x587, 0x5D0, 0x5EA,
        0x60C, 0x60C, 0x61B, 0x61F, 0x621, 0x658, 0x660, 0x6D3, 0x6F0, 0x6F9, 0x901, 0xDFF, 0xE01, 0xE5B, 0xE80, 0xEFF,
        0x1000, 0x109F, 0x10D0, 0x10FA, 0x1780, 0x17FF, 0x1E00, 0x1FFF, 0x2002, 0x2027, 0x202F, 0x205E, 0x2070, 0x209C,
        0x20A0, 0x20C0, 0x2100, 0x218B, 0x2190, 0x23FF, 0x2460, 0x27BF, 0x27E6, 0x27EF, 0x2900, 0x2BFF, 0x3000, 0x30FF,
        0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xAC00, 0xD7A3, 0xFB01, 0xFB02, 0xFE0F, 0xFE0F, 0xFEFF, 0xFEFF, 0xFF01, 0xFFEE,
        0xFFFD, 0xFFFD, 0x1D400, 0x1D7FF, 0x1F000, 0x1FAFF};

    private Plausible() {}

    static boolean is(int c) {
        for (int i = 0; i < RANGES.length && RANGES[i] <= c; i += 2) {
            if (c <= RANGES[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /// @return whether it is a letter of another script than Latin and Greek: of such letters one alone is chance, for
    ///         nobody writes them one by one; Greek ones stand alone in every formula
    static boolean isForeignLetter(int c) {
        return Character.isLetter(c) && c > 0x3FF && !(c >= 0x1E00 && c <= 0x1FFF) && !(c >= 0x2100 && c <= 0x218B)
                && c < 0x1D400;
    }
}
