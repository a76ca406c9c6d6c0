package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/// The vocabulary, some tokens at a time: `[tokens, vocab]` is never held whole.
///
/// A row of 4,096 tokens over a vocabulary of 150,000 would be 2.4 GB of logits, and a loss keeps about three arrays of
/// that size. So final states are walked in chunks: of each its logits are made, read and given back before the next.
/// Exact, not an estimate: chunks are rows of one matrix product, and where they are cut changes no token's logits.
/// Sums over tokens are added up chunk by chunk, and what compares tokens with each other sees those of a chunk.
public final class ChunkedHead {
    /// Logits of one chunk: 8 Mi numbers, 32 MiB in float32; whoever reads them holds a few arrays of that size at a
    /// time (a loss about three, draws for a store two in float64). Fewer make the products slow, for each chunk reads
    /// the head whole and, in training, writes its gradient whole; more only cost memory. With 49,152 tokens and 576
    /// hidden on one thread, 0.5, 2, 8 and 32 Mi gave 63, 124, 140 and 159 tokens/s there and back, 156, 297, 403 and
    /// 418 there alone; with 1,024 and 256 all are alike.
    public static final long LOGITS = 8L << 20;

    private final long logits;

    public ChunkedHead() {
        this(LOGITS);
    }

    /// @param logits most numbers of one chunk; a chunk has at least one token
    public ChunkedHead(long logits) {
        this.logits = logits;
    }

    /// What turns final states into logits.
    @FunctionalInterface
    public interface Head {
        /// @param states `[tokens, hidden]`
        /// @return `[tokens, vocab]`
        NDArray logits(NDArray states);
    }

    /// Reads the logits of each token once, in order.
    ///
    /// @param hidden `[tokens, hidden]`
    /// @param vocab  width of the logits
    /// @param reader gets each chunk and its logits, `[chunk, vocab]`, which are gone after the call
    public void walk(NDArray hidden, long vocab, Head head, Reader reader) {
        walk(hidden.getManager(), Math.toIntExact(hidden.getShape().get(0)), vocab,
                chunk -> reader.read(chunk, chunk.logits(head, hidden)));
    }

    /// Who reads a chunk's logits.
    @FunctionalInterface
    public interface Reader {
        void read(Chunk chunk, NDArray logits);
    }

    /// Walks tokens of which several heads make logits, or none.
    ///
    /// @param owner  of what lives for longer than a chunk
    /// @param vocab  the widest logits of a chunk
    public void walk(NDManager owner, int tokens, long vocab, Consumer<Chunk> reader) {
        walk(owner, tokens, vocab, end -> end, reader);
    }

    /// @param cut moves the end of a chunk, to where it may be cut
    public void walk(NDManager owner, int tokens, long vocab, IntUnaryOperator cut, Consumer<Chunk> reader) {
        long rows = Math.max(1, logits / vocab);
        int to;
        for (int from = 0; from < tokens; from = to) {
            to = cut.applyAsInt((int) Math.min(tokens, from + rows));
            try (NDManager scope = owner.newSubManager()) {
                reader.accept(new Chunk(scope, from, to, tokens));
            }
        }
    }

    /// Some tokens, one behind the other.
    ///
    /// @param scope  of everything that lives as long as the chunk
    /// @param from   the first of them
    /// @param to     behind the last
    /// @param tokens how many there are in all
    public record Chunk(NDManager scope, int from, int to, int tokens) {
        /// @param all an array of one row a token
        /// @return the rows of the chunk's, a view
        public NDArray of(NDArray all) {
            return from == 0 && to == tokens ? all : rows(all, from, to);
        }

        /// @return some rows of an array, a view
        public NDArray rows(NDArray all, long first, long behind) {
            NDArray part = all.get(new NDIndex("{}:{}", first, behind));
            part.attach(scope);
            return part;
        }

        /// @param hidden `[tokens, hidden]`
        /// @return the chunk's, `[chunk, vocab]`
        public NDArray logits(Head head, NDArray hidden) {
            NDArray made = head.logits(of(hidden));
            made.attach(scope);
            return made;
        }

        /// @return how many they are
        public int size() {
            return to - from;
        }
    }
}
