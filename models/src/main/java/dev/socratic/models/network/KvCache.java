package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Keys and values of rows of any lengths. Each row has a slot of a *slab*, two arrays a layer,
/// `[slots, kv_heads, capacity, dim]`, in which only rows of one class of lengths lie ([CacheSizes]); the first slots
/// of a slab are taken, the others are free. A row that outgrows its class moves.
final class KvCache {
    /// One product over many slots costs little more than one over few, but a slab is allocated as a whole.
    private static final int MOST_SLOTS = 16;

    private final Decoder decoder;
    private final NDManager scope;
    private final CacheSizes sizes;
    private final List<Slab> slabs = new ArrayList<>();

    KvCache(Decoder decoder, NDManager scope) {
        this.decoder = decoder;
        this.scope = scope;
        this.sizes = decoder.cacheSizes();
    }

    /// Where a row lies. The first `length` positions are written.
    static final class Place {
        private Slab slab;
        private int slot;
        int length;

        private Place(Slab slab, int slot) {
            put(slab, slot);
        }

        private void put(Slab to, int at) {
            slab = to;
            slot = at;
        }

        Slab slab() {
            return slab;
        }

        int slot() {
            return slot;
        }

        int capacity() {
            return slab.capacity;
        }
    }

    /// Slots of one class, of which the first are taken.
    static final class Slab {
        private final int slots;
        private final int capacity;
        private final List<NDArray> arrays;
        private final List<Place> taken = new ArrayList<>();

        private Slab(int slots, int capacity, List<NDArray> arrays) {
            this.slots = slots;
            this.capacity = capacity;
            this.arrays = List.copyOf(arrays);
        }

        private int free() {
            return slots - taken.size();
        }

        int capacity() {
            return capacity;
        }

        /// @return keys and values of each layer, `[slots, kv_heads, capacity, dim]`
        List<NDArray> arrays() {
            return arrays;
        }

        /// @return whose the first slots are
        List<Place> taken() {
            return List.copyOf(taken);
        }
    }

    /// @return arrays of slabs as programs see them
    static List<NDArray> arrays(List<Slab> slabs) {
        return slabs.stream().flatMap(slab -> slab.arrays.stream()).toList();
    }

    /// @return in the order in which programs see their arrays
    List<Slab> slabs() {
        return List.copyOf(slabs);
    }

    /// @return bytes that are allocated
    long bytes() {
        return slabs.stream().mapToLong(slab -> slab.slots * sizes.bytes(slab.capacity)).sum();
    }

    /// @return rows of nothing yet, each with room for so many positions
    List<Place> place(int[] lengths) {
        Place[] places = new Place[lengths.length];
        Map<Integer, List<Integer>> classes = new LinkedHashMap<>();
        for (int row = 0; row < lengths.length; row++) {
            classes.computeIfAbsent(sizes.capacity(lengths[row]), fresh -> new ArrayList<>()).add(row);
        }
        classes.forEach((capacity, rows) -> {
            for (int i = 0; i < rows.size(); i++) {
                int left = rows.size() - i;
                Slab slab = slabs.stream().filter(any -> any.capacity == capacity && any.free() > 0).findFirst()
                        .orElseGet(() -> allocated(left, capacity));
                places[rows.get(i)] = taken(slab);
            }
        });
        return List.of(places);
    }

    private static Place taken(Slab slab) {
        Place place = new Place(slab, slab.taken.size());
        slab.taken.add(place);
        return place;
    }

    private Slab allocated(int rows, int capacity) {
        int slots = slots(Math.min(MOST_SLOTS, rows));
        Slab slab = new Slab(slots, capacity, decoder.program().runIn(scope, "empty_slab", Arg.of(slots),
                Arg.of(capacity), Arg.of(sizes.ring()), Arg.of(decoder.layers())));
        slabs.add(slab);
        return slab;
    }

    /// Makes room for `steps` positions more in each of these rows.
    void ensure(List<Place> rows, int steps) {
        move(rows.stream().filter(row -> row.length + steps > row.capacity()).toList(), steps);
    }

    /// @return bytes that [#ensure] would allocate at most
    long needed(List<Place> rows, int steps) {
        Map<Integer, Integer> classes = new HashMap<>();
        rows.stream().filter(row -> row.length + steps > row.capacity())
                .forEach(row -> classes.merge(sizes.capacity(row.length + steps), 1, Integer::sum));
        return classes.entrySet().stream()
                .mapToLong(entry -> sizes.bytes(entry.getKey()) * (entry.getValue() / MOST_SLOTS * MOST_SLOTS
                        + slots(entry.getValue() % MOST_SLOTS))).sum();
    }

    /// @return the smallest power of two that holds so many rows
    private static int slots(int rows) {
        return rows < 2 ? rows : Integer.highestOneBit(rows - 1) * 2;
    }

    /// A slab at a time, so that little is held twice; the last slots first, so that no other row has to close a gap.
    private void move(List<Place> rows, int steps) {
        rows.stream().collect(Collectors.groupingBy(Place::slab, LinkedHashMap::new, Collectors.toList()))
                .forEach((slab, mine) -> {
                    List<Place> last = mine.stream().sorted(Comparator.comparingInt(Place::slot).reversed()).toList();
                    List<Place> fresh = place(last.stream().mapToInt(row -> row.length + steps).toArray());
                    copy(last, fresh);
                    for (int i = 0; i < last.size(); i++) {
                        exchange(last.get(i), fresh.get(i));
                    }
                });
    }

    /// The row takes the new slot, and its own is freed.
    private void exchange(Place row, Place fresh) {
        Slab slab = fresh.slab;
        int slot = fresh.slot;
        release(row);
        row.put(slab, slot);
        slab.taken.set(slot, row);
    }

    /// @return copies of rows, each with as much room
    List<Place> copies(List<Place> rows) {
        List<Place> fresh = place(rows.stream().mapToInt(Place::capacity).toArray());
        copy(rows, fresh);
        return fresh;
    }

    /// @param source a row of any cache of the same decoder
    /// @param tokens how many of its first positions
    /// @param room   for how many positions
    /// @return a row of this cache that begins as the other
    Place copyOf(Place source, int tokens, int room) {
        List<Place> fresh = place(new int[] {room});
        Place part = new Place(source.slab, source.slot);
        part.length = tokens;
        copy(List.of(part), fresh);
        return fresh.getFirst();
    }

    private record Way(Slab from, Slab to) {}

    private void copy(List<Place> from, List<Place> to) {
        Map<Way, List<Integer>> ways = new LinkedHashMap<>();
        for (int i = 0; i < from.size(); i++) {
            to.get(i).length = from.get(i).length;
            ways.computeIfAbsent(new Way(from.get(i).slab, to.get(i).slab), way -> new ArrayList<>()).add(i);
        }
        ways.forEach((way, rows) -> {
            try (NDManager step = scope.newSubManager()) {
                long[] origins = rows.stream().mapToLong(i -> from.get(i).slot).toArray();
                long[] targets = rows.stream().mapToLong(i -> to.get(i).slot).toArray();
                int length = rows.stream().mapToInt(i -> from.get(i).length).max().orElseThrow();
                decoder.program().runIn(step, "copy_slots", Arg.of(way.from.arrays), Arg.of(way.to.arrays),
                        Arg.of(step.create(origins)), Arg.of(step.create(targets)), Arg.of(length));
            }
        });
    }

    /// Frees a row's slot; the last one of its slab moves there.
    void release(Place row) {
        Slab slab = row.slab;
        Place last = slab.taken.removeLast();
        if (last != row) {
            Place gap = new Place(slab, row.slot);
            copy(List.of(last), List.of(gap));
            slab.taken.set(row.slot, last);
            last.put(slab, row.slot);
        }
        if (slab.taken.isEmpty()) {
            slab.arrays.forEach(NDArray::close);
            slabs.remove(slab);
        }
    }

    /// Takes the rows of another cache of the same decoder, which is empty then.
    void take(KvCache other) {
        other.slabs.forEach(slab -> slab.arrays.forEach(array -> array.attach(scope)));
        slabs.addAll(other.slabs);
        other.slabs.clear();
    }

    /// Brings rows of one class closer together where they lie in many small slabs or in large ones that are nearly
    /// empty.
    void pack() {
        Map<Integer, List<Slab>> classes = slabs.stream()
                .collect(Collectors.groupingBy(Slab::capacity, LinkedHashMap::new, Collectors.toList()));
        classes.forEach((capacity, all) -> {
            List<Slab> loose = all.stream().filter(KvCache::loose).toList();
            if (loose.size() > 2 || loose.stream().anyMatch(slab -> slab.taken.size() * 4 <= slab.slots)) {
                gather(loose, capacity);
            }
        });
    }

    private static boolean loose(Slab slab) {
        return slab.slots < MOST_SLOTS || slab.free() > 0;
    }

    private void gather(List<Slab> loose, int capacity) {
        List<Place> rows = loose.stream().flatMap(slab -> slab.taken.stream()).toList();
        slabs.removeAll(loose); // so that nothing is placed there
        List<Place> fresh = place(rows.stream().mapToInt(row -> capacity).toArray());
        copy(rows, fresh);
        for (int i = 0; i < rows.size(); i++) {
            Place at = fresh.get(i);
            rows.get(i).put(at.slab, at.slot);
            at.slab.taken.set(at.slot, rows.get(i));
        }
        loose.forEach(slab -> slab.arrays.forEach(NDArray::close));
    }
}
