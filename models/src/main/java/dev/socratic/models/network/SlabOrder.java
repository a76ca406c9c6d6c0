package dev.socratic.models.network;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.KvCache.Place;
import dev.socratic.models.network.KvCache.Slab;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Rows as the slabs of the cache have them.
///
/// @param rows    in the order of the caller
/// @param order   for each place among the slabs, the row; `inverse`: for each row, the place
/// @param counts  rows of each slab
record SlabOrder(List<ContinuedRow> rows, long[] order, long[] inverse, long[] counts, SlabArrays slabs) {
    static SlabOrder of(List<ContinuedRow> rows, KvCache cache) {
        List<Slab> slabs = cache.slabs();
        Map<Place, Integer> numbers = new IdentityHashMap<>();
        rows.forEach(row -> numbers.put(row.place, numbers.size()));
        long[] order = slabs.stream().flatMap(slab -> slab.taken().stream()).mapToLong(numbers::get).toArray();
        long[] inverse = new long[order.length];
        for (int at = 0; at < order.length; at++) {
            inverse[(int) order[at]] = at;
        }
        return new SlabOrder(rows, order, inverse, slabs.stream().mapToLong(slab -> slab.taken().size()).toArray(),
                SlabArrays.of(slabs));
    }

    /// @param at a place among the slabs
    ContinuedRow row(int at) {
        return rows.get((int) order[at]);
    }

    /// @return where the next token of each comes to stand, in the order of the slabs
    long[] lengths() {
        return IntStream.range(0, order.length).mapToLong(at -> row(at).place.length).toArray();
    }

    /// @return the last place of each, in the order of the slabs
    long[] last() {
        return IntStream.range(0, order.length).mapToLong(at -> row(at).place.capacity() - 1).toArray();
    }

    /// Where in the tables the first of the next tokens of each row is; the others follow it.
    Decoder.Rotations rotations(Decoder decoder, int steps, NDManager step) {
        long[] places = Arrays.stream(lengths()).flatMap(length -> LongStream.range(length, length + steps)).toArray();
        int[] counting = IntStream.range(0, places.length)
                .map(at -> Math.max(row(at / steps).reads, (int) places[at] + 1)).toArray();
        Decoder.Rotations all = decoder.rotations(places, counting, step);
        return new Decoder.Rotations(all.tables(),
                IntStream.range(0, order.length).mapToLong(row -> all.index()[row * steps]).toArray());
    }
}
