package dev.socratic.models.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// The native calls that turn text into tokens, so that no text ends the process.
///
/// An array that the native side asks Java for and does not get, for want of heap, aborts the process: no exception
/// crosses it. So nothing is asked for but what is needed, and the tokens of a long text are counted piece by piece
/// before there is a whole to hold.
final class NativeEncoder {
    /// Characters that are encoded without a question: some 64 thousand tokens at worst.
    static final int PIECE = 1 << 16;
    /// Tokens by which a piece may count more than its part of the whole: a word or a special token was cut.
    private static final int SEAM = 64;
    /// Heap that a token takes while it is handed over: an id, or an id with an object for its place.
    private static final long ID_BYTES = 16;
    private static final long PLACE_BYTES = 72;
    /// There is one heap, so one long text is encoded at a time, whichever tokenizer it is for.
    private static final ReentrantLock LONG_TEXTS = new ReentrantLock();

    private final HuggingFaceTokenizer library;

    NativeEncoder(HuggingFaceTokenizer library) {
        this.library = library;
    }

    /// @param spans the place of each token in code points
    record Placed(long[] ids, CharSpan[] spans) {}

    /// @throws DataException if the tokenizer cannot read the text, or the heap cannot hold its tokens
    long[] ids(String text) {
        return guarded(text, ID_BYTES, TokenizersLibrary.LIB::getTokenIds);
    }

    /// @throws DataException as above
    Placed placed(String text) {
        return guarded(text, PLACE_BYTES, encoding ->
                new Placed(TokenizersLibrary.LIB.getTokenIds(encoding),
                        TokenizersLibrary.LIB.getTokenCharSpans(encoding)));
    }

    /// @return the ids; empty if there are more than `most`, which a long text never needs to be encoded whole for
    Optional<long[]> idsWithin(String text, int most) {
        if (exceeds(text, most)) {
            return Optional.empty();
        }
        return Optional.of(ids(text)).filter(ids -> ids.length <= most);
    }

    /// @return whether it is a long text that surely has more than `most` tokens; no more of it is encoded than shows
    ///         it
    boolean exceeds(String text, int most) {
        return text.length() > PIECE && count(text, most) > most;
    }

    private <T> T guarded(String text, long bytes, LongFunction<T> wanted) {
        if (text.length() <= PIECE) {
            return encoded(text, wanted);
        }
        LONG_TEXTS.lock();
        try {
            requireRoom(text, bytes);
            return encoded(text, wanted);
        } finally {
            LONG_TEXTS.unlock();
        }
    }

    private <T> T encoded(String text, LongFunction<T> wanted) {
        try {
            long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
            try {
                return wanted.apply(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } catch (RuntimeException unfit) {
            throw new DataException("text", "characters that the tokenizer has tokens for",
                    "'" + FirstLine.of(unfit) + "'",
                    "leave them out, or mend the unknown token in tokenizer.json", unfit);
        }
    }

    /// @return at most as many tokens as the text has; counting ends once there are more than `enough`
    private long count(String text, long enough) {
        long sum = 0;
        for (int from = 0, to; from < text.length() && sum <= enough; from = to) {
            to = Math.min(text.length(), from + PIECE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            int tokens = encoded(text.substring(from, to), TokenizersLibrary.LIB::getTokenIds).length;
            sum += Math.max(0, tokens - (to < text.length() ? SEAM : 0));
        }
        return sum;
    }

    /// @param bytes of each token, of which half of the free heap is lent
    private void requireRoom(String text, long bytes) {
        long most = free() / (2 * bytes);
        if (count(text, most) > most) {
            System.gc(); // what looks taken may be garbage
            most = free() / (2 * bytes);
            if (count(text, most) > most) {
                throw new DataException("text", String.format(Locale.ROOT,
                        "at most %,d tokens, as many as the Java heap can hold now", most),
                        String.format(Locale.ROOT, "%,d characters that are more", text.length()),
                        "leave it out, cut it, or give a larger heap: SOCRATIC_JAVA_OPTS=-Xmx8g");
            }
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
