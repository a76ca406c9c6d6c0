package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.KvCache.Slab;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Pieces of texts, each of another row, that are read together.
final class Pieces {
    private Pieces() {}

    /// New tokens of one row, from where it was read to.
    record Piece(Decoding of, ContinuedRow row, int size) {
        /// @param state the final one of its last token, `[1, hidden]`
        void read(NDArray state) {
            row.place.length += size;
            if (row.unread() == 0) {
                state.attach(of.scope());
                row.state(state);
                row.text = of.decoder().config().rereadBeyond() > 0 ? row.text : new long[0];
            }
        }
    }

    /// Reads the next tokens of their rows' texts.
    static void read(List<Piece> pieces) {
        long[] ids = pieces.stream().flatMapToLong(piece -> Arrays.stream(piece.row.text,
                piece.row.place.length, piece.row.place.length + piece.size)).toArray();
        try (NDManager step = pieces.getFirst().of.scope().newSubManager()) {
            NDList parts = states(pieces, ids, false, step).split(pieces.size()); // each [1, hidden]
            for (int i = 0; i < pieces.size(); i++) {
                pieces.get(i).read(parts.get(i));
            }
        }
    }

    /// @param pieces of decodings of one decoder
    /// @param ids    of all pieces
    /// @param every  whether states of every token are wanted, and not only of the last of each piece
    /// @return final states, `[pieces, hidden]` or `[tokens, hidden]`
    static NDArray states(List<Piece> pieces, long[] ids, boolean every, NDManager step) {
        Decoder decoder = pieces.getFirst().of.decoder();
        List<Slab> slabs = pieces.stream().map(piece -> piece.row.place.slab()).distinct().toList();
        long[] positions = pieces.stream().flatMapToLong(piece -> LongStream.range(
                piece.row.place.length, piece.row.place.length + piece.size)).toArray();
        int[] lengths = pieces.stream().flatMapToInt(piece -> IntStream.range(0, piece.size)
                .map(token -> Math.max(piece.row.reads, piece.row.place.length + token + 1))).toArray();
        Decoder.Rotations rotations = decoder.rotations(positions, lengths, step);
        SlabArrays cache = SlabArrays.of(slabs);
        return decoder.continued("read", step, List.of(
                Arg.of(step.create(ids)), Arg.of(step.create(positions)),
                Arg.of(each(pieces, piece -> piece.row.place.length)), Arg.of(each(pieces, Piece::size)),
                Arg.of(each(pieces, piece -> slabs.indexOf(piece.row.place.slab()))),
                Arg.of(each(pieces, piece -> piece.row.place.slot())), Arg.of(cache.begins()),
                Arg.of(cache.stems()), Arg.of(every), Arg.of(step.create(rotations.index()))),
                rotations.tables(), cache.arrays()).singletonOrThrow();
    }

    private static long[] each(List<Piece> pieces, ToLongFunction<Piece> of) {
        return pieces.stream().mapToLong(of).toArray();
    }
}
