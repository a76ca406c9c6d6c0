package dev.socratic.models.text;

import java.util.Arrays;

/// Decodes ids as they are drawn. What it returns, joined and with [#finish()] at the end, is the decoding of all ids
/// at once, but for one thing: in a vocabulary with byte fallback (`<0xE2>`) the library writes every byte of a run of
/// such tokens as U+FFFD where the run as a whole is no UTF-8; the stream gives out each whole character of it as it
/// comes, and U+FFFD for what is left.
///
/// A token may be a piece of a character: text that ends in U+FFFD, which is how the library writes an unfinished
/// one, is held back until the next token or the end. Each decoding covers only the tokens since the last text given
/// out and the ones of that text, which decoders that strip a leading blank need to see. For one thread.
public final class TextStream {
    private static final char UNFINISHED = '\uFFFD';

    /// More unfinished tokens than any character has bytes: the model writes bytes that are no text. Given out as
    /// they are.
    private static final int HOPELESS = 32;

    private final Tokenizer tokenizer;
    private final boolean skipSpecial;
    private long[] window = {};
    private int given;

    TextStream(Tokenizer tokenizer, boolean skipSpecial) {
        this.tokenizer = tokenizer;
        this.skipSpecial = skipSpecial;
    }

    /// @return the text that is complete with this token; often empty
    public String next(long id) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = id;
        return emit(window.length - given > HOPELESS);
    }

    /// @return what was held back; the stream then begins anew
    public String finish() {
        String rest = emit(true);
        window = new long[0];
        given = 0;
        return rest;
    }

    private String emit(boolean all) {
        String before = tokenizer.decode(Arrays.copyOf(window, given), skipSpecial);
        String now = tokenizer.decode(window, skipSpecial);
        boolean unfinished = !now.isEmpty() && now.charAt(now.length() - 1) == UNFINISHED;
        if (now.length() <= before.length() || unfinished && !all) {
            return "";
        }
        window = Arrays.copyOfRange(window, given, window.length);
        given = window.length;
        return now.substring(before.length());
    }
}
