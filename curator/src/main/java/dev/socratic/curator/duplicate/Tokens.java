package dev.socratic.curator.duplicate;

import dev.socratic.curator.config.StepConfig.Length.Unit;
import dev.socratic.curator.text.Shingles;
import java.util.Arrays;

/// A text as what passages are counted and cut in: words as they are written, between white space, or Unicode code
/// points. A border between two tokens is never within a code point.
///
/// A word that is a mark (`<think>`, `</think>`, `<|end|>`) is equal to nothing, so no passage reaches over the border
/// between reasoning and answer.
final class Tokens {
    private final String text;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private long[] hashes = new long[64];
    private int size;

    private Tokens(String text) {
        this.text = text;
    }

    static Tokens of(String text, Unit unit) {
        Tokens tokens = new Tokens(text);
        switch (unit) {
            case WORDS -> tokens.words();
            case CHARACTERS -> tokens.characters();
        }
        return tokens;
    }

    private void words() {
        int at = 0;
        while (at < text.length()) {
            int from = at;
            long hash = 0xCBF29CE484222325L;
            while (at < text.length() && !isBlank(text.codePointAt(at))) {
                hash = (hash ^ text.charAt(at)) * 0x100000001B3L;
                at += Character.charCount(text.codePointAt(at));
            }
            if (at > from) {
                add(from, at, Shingles.mix(hash));
            } else {
                at += Character.charCount(text.codePointAt(at));
            }
        }
    }

    private void characters() {
        for (int at = 0; at < text.length(); ) {
            int width = Character.charCount(text.codePointAt(at));
            add(at, at + width, Shingles.mix(text.codePointAt(at)));
            at += width;
        }
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private void add(int start, int end, long hash) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        starts[size] = start;
        ends[size] = end;
        hashes[size++] = hash;
    }

    int size() {
        return size;
    }

    long hash(int token) {
        return hashes[token];
    }

    /// @return whether two tokens are the same, and no mark
    boolean same(int token, Tokens other, int its) {
        int length = ends[token] - starts[token];
        return hashes[token] == other.hashes[its] && length == other.ends[its] - other.starts[its]
                && text.regionMatches(starts[token], other.text, other.starts[its], length) && !isMark(token);
    }

    private boolean isMark(int token) {
        return ends[token] - starts[token] > 2 && text.charAt(starts[token]) == '<'
                && text.charAt(ends[token] - 1) == '>';
    }

    /// @return the text from one token on to before another
    String text(int from, int to) {
        return from == to ? "" : text.substring(starts[from], ends[to - 1]);
    }

    /// @return the text without these tokens and what stands between them and the next
    String without(boolean[] gone) {
        StringBuilder left = new StringBuilder();
        int from = 0;
        for (int token = 0; token < size; token++) {
            if (gone[token]) {
                left.append(text, from, Math.max(from, starts[token]));
                from = token + 1 < size ? starts[token + 1] : text.length();
            }
        }
        left.append(text, from, text.length());
        return size > 0 && gone[size - 1] ? left.toString().stripTrailing() : left.toString();
    }
}
