package dev.socratic.trainer.data.align;

import java.util.List;

/// The text that tokens stand for together, and where each of them stands in it.
///
/// Bytes that are no UTF-8, which a model may write, become U+FFFD one by one; a token that holds a part of a
/// character has the place of all of it, as a tokenizer says it of text it has read.
///
/// @param text   as it reads
/// @param starts first character of each token
/// @param ends   the one after its last
public record DetokenizedText(String text, int[] starts, int[] ends) {
    /// @param tokens what each stands for, one `char` a byte, as [TokenBytes] spells it
    public static DetokenizedText of(List<String> tokens) {
        String bytes = String.join("", tokens);
        int[] from = new int[bytes.length() + 1];
        int[] to = new int[bytes.length()];
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length(); ) {
            int length = length(bytes, at);
            int start = text.length();
            text.appendCodePoint(length == 0 ? 0xFFFD : codePoint(bytes, at, length));
            int behind = at + Math.max(1, length);
            for (; at < behind; at++) {
                from[at] = start;
                to[at] = text.length();
            }
        }
        from[bytes.length()] = text.length();
        int[] starts = new int[tokens.size()];
        int[] ends = new int[tokens.size()];
        int at = 0;
        for (int i = 0; i < starts.length; i++) {
            int behind = at + tokens.get(i).length();
            starts[i] = from[at];
            ends[i] = behind == at ? from[at] : to[behind - 1];
            at = behind;
        }
        return new DetokenizedText(text.toString(), starts, ends);
    }

    /// @return how many bytes the character at a place has; 0 where there is none
    private static int length(String bytes, int at) {
        int first = bytes.charAt(at);
        int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (at + length > bytes.length()) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes.charAt(at + i) & 0xC0) != 0x80) {
                return 0;
            }
        }
        int point = length == 0 ? 0 : codePoint(bytes, at, length);
        boolean spelledLonger = length == 3 && point < 0x800 || length == 4 && point < 0x10000;
        boolean none = spelledLonger || point > 0x10FFFF || point >= 0xD800 && point <= 0xDFFF;
        return none ? 0 : length;
    }

    private static int codePoint(String bytes, int at, int length) {
        int point = length == 1 ? bytes.charAt(at) : bytes.charAt(at) & (0xFF >> (length + 1));
        for (int i = 1; i < length; i++) {
            point = point << 6 | bytes.charAt(at + i) & 0x3F;
        }
        return point;
    }
}
