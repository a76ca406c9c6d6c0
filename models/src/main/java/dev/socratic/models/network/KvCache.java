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
import java.util.Optional;
import java.util.stream.Collectors;

/// Keys and values of rows of any lengths. Each row has a slot of a *slab*, two arrays a layer,
/// `[slots, kv_heads, capacity, dim]`, in which only rows of one class of lengths lie ([CacheSizes]); the first slots
/// of a slab are taken, the others are free. A row that outgrows its class moves.
///
/// Rows that begin alike can share a [SharedPrefix], which is held and attended to once for all of them. Then their
/// slots hold what follows it, and only rows of one prefix lie in a slab.
final class KvCache implements AutoCloseable {
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

    /// Where a row lies. The first `length` positions are written, those of a shared prefix among them.
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
            return begin() + slab.capacity;
        }

        /// @return the first position that the slot holds: how many are in the shared prefix
        int begin() {
            return slab.begin();
        }

        private int own() {
            return length - begin();
        }
    }

    /// Slots of one class, of which the first are taken.
    static final class Slab {
        private final int slots;
        private final int capacity;
        private final Optional<SharedPrefix> prefix;
        private final List<NDArray> arrays;
        private final List<Place> taken = new ArrayList<>();

        private Slab(int slots, int capacity, Optional<SharedPrefix> prefix, List<NDArray> arrays) {
            this.slots = slots;
            this.capacity = capacity;
            this.prefix = prefix;
            this.arrays = List.copyOf(arrays);
            prefix.ifPresent(SharedPrefix::retain);
        }

        private void close() {
            arrays.forEach(NDArray::close);
            prefix.ifPresent(SharedPrefix::release);
        }

        /// @return positions before the first that slots hold
        int begin() {
            return prefix.map(SharedPrefix::length).orElse(0);
        }

        Optional<SharedPrefix> prefix() {
            return prefix;
        }

        private boolean of(int room, Optional<SharedPrefix> beginning) {
            return capacity == room && prefix.equals(beginning);
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

    /// @return in the order in which programs see their arrays
    List<Slab> slabs() {
        return List.copyOf(slabs);
    }

    /// @return bytes that are allocated
    long bytes() {
        return slabs.stream().mapToLong(slab -> slab.slots * sizes.bytes(slab.capacity)).sum() + slabs.stream()
                .flatMap(slab -> slab.prefix.stream()).distinct().mapToLong(SharedPrefix::bytes).sum();
    }

    /// @return rows of nothing yet, each with room for so many positions
    List<Place> place(int[] lengths) {
        return place(lengths, Optional.empty());
    }

    /// @param lengths of what follows the prefix
    private List<Place> place(int[] lengths, Optional<SharedPrefix> prefix) {
        Place[] places = new Place[lengths.length];
        Map<Integer, List<Integer>> classes = new LinkedHashMap<>();
        for (int row = 0; row < lengths.length; row++) {
            classes.computeIfAbsent(sizes.capacity(lengths[row]), fresh -> new ArrayList<>()).add(row);
        }
        classes.forEach((capacity, rows) -> {
            for (int i = 0; i < rows.size(); i++) {
                int left = rows.size() - i;
                Slab slab = slabs.stream().filter(any -> any.of(capacity, prefix) && any.free() > 0).findFirst()
                        .orElseGet(() -> allocated(left, capacity, prefix));
                places[rows.get(i)] = taken(slab);
            }
        });
        return List.of(places);
    }

    private static Place taken(Slab slab) {
        Place place = new Place(slab, slab.taken.size());
        place.length = slab.begin();
        slab.taken.add(place);
        return place;
    }

    private Slab allocated(int rows, int capacity, Optional<SharedPrefix> prefix) {
        int slots = slots(Math.min(MOST_SLOTS, rows));
        Slab slab = new Slab(slots, capacity, prefix, decoder.program().runIn(scope, "empty_slab", Arg.of(slots),
                Arg.of(capacity), Arg.of(sizes.ring()), Arg.of(decoder.layers())));
        slabs.add(slab);
        return slab;
    }

    /// Makes room for `steps` positions more in each of these rows.
    void ensure(List<Place> rows, int steps) {
        move(rows.stream().filter(row -> row.length + steps > row.capacity()).toList(), steps);
    }

    /// What rows of one slab have in common.
    private record SlabKind(int capacity, Optional<SharedPrefix> prefix) {}

    /// @return bytes that [#ensure] would allocate at most
    long needed(List<Place> rows, int steps) {
        Map<SlabKind, Integer> classes = new HashMap<>();
        rows.stream().filter(row -> row.length + steps > row.capacity()).forEach(row -> classes.merge(
                new SlabKind(sizes.capacity(row.own() + steps), row.slab.prefix), 1, Integer::sum));
        return classes.entrySet().stream()
                .mapToLong(entry -> sizes.bytes(entry.getKey().capacity) * (entry.getValue() / MOST_SLOTS * MOST_SLOTS
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
                    List<Place> fresh = place(last.stream().mapToInt(row -> row.own() + steps).toArray(), slab.prefix);
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

    /// @return copies of rows, each with as much room and with the same prefix
    List<Place> copies(List<Place> rows) {
        List<Place> fresh = new ArrayList<>();
        for (Place row : rows) {
            fresh.addAll(place(new int[] {row.slab.capacity}, row.slab.prefix));
        }
        copy(rows, fresh);
        return fresh;
    }

    /// @param source a row of any cache of the same decoder
    /// @param tokens how many of its first positions
    /// @param room   for how many positions, those of a shared prefix among them
    /// @return a row of this cache that begins as the other, and shares its prefix where that is no longer than wanted
    Place copyOf(Place source, int tokens, int room) {
        if (tokens < source.begin()) {
            Place fresh = place(new int[] {room}).getFirst();
            fresh.length = tokens;
            copy(source.slab.prefix.orElseThrow().arrays(), fresh.slab.arrays, new long[1], 0,
                    new long[] {fresh.slot}, 0, tokens);
            return fresh;
        }
        Place fresh = place(new int[] {room - source.begin()}, source.slab.prefix).getFirst();
        Place part = new Place(source.slab, source.slot);
        part.length = tokens;
        copy(List.of(part), List.of(fresh));
        return fresh;
    }

    /// Makes the first positions of a row a prefix that other rows can share, if the row has none of about that length
    /// already and there is something to be gained. The row itself shares it from then on.
    ///
    /// @param rows that will share it, this one among them
    void share(Place row, int tokens, int rows) {
        if (sizes.near() > 0 || !SharedPrefix.worth(tokens - row.begin(), rows)) {
            return;
        }
        SharedPrefix prefix = SharedPrefix.of(decoder, tokens, sizes);
        Place rest = place(new int[] {Math.max(1, row.length - tokens)}, Optional.of(prefix)).getFirst();
        rest.length = row.length;
        long[] slot = {row.slot};
        row.slab.prefix.ifPresent(before -> copy(before.arrays(), prefix.arrays(), new long[1], 0, new long[1], 0,
                before.length()));
        copy(row.slab.arrays, prefix.arrays(), slot, 0, new long[1], row.begin(), tokens - row.begin());
        copy(row.slab.arrays, rest.slab.arrays, slot, tokens - row.begin(), new long[] {rest.slot}, 0,
                row.length - tokens);
        exchange(row, rest);
    }

    private record Way(Slab from, Slab to) {}

    private void copy(List<Place> from, List<Place> to) {
        Map<Way, List<Integer>> ways = new LinkedHashMap<>();
        for (int i = 0; i < from.size(); i++) {
            to.get(i).length = from.get(i).length;
            ways.computeIfAbsent(new Way(from.get(i).slab, to.get(i).slab), way -> new ArrayList<>()).add(i);
        }
        ways.forEach((way, rows) -> copy(way.from.arrays, way.to.arrays,
                rows.stream().mapToLong(i -> from.get(i).slot).toArray(), 0,
                rows.stream().mapToLong(i -> to.get(i).slot).toArray(), 0,
                rows.stream().mapToInt(i -> from.get(i).own()).max().orElseThrow()));
    }

    /// @param origins slots
    /// @param begin   the first place of them that is copied; 0 where a layer has a window
    /// @param targets slots
    /// @param onto    where that comes to stand
    private void copy(List<NDArray> from, List<NDArray> to, long[] origins, int begin, long[] targets, int onto,
            int length) {
        if (length > 0) {
            try (NDManager step = scope.newSubManager()) {
                decoder.program().runIn(step, "copy_slots", Arg.of(from), Arg.of(to), Arg.of(step.create(origins)),
                        Arg.of(begin), Arg.of(step.create(targets)), Arg.of(onto), Arg.of(length));
            }
        }
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
            slab.close();
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
        Map<SlabKind, List<Slab>> kinds = slabs.stream().collect(Collectors.groupingBy(
                slab -> new SlabKind(slab.capacity, slab.prefix), LinkedHashMap::new, Collectors.toList()));
        kinds.forEach((kind, all) -> {
            List<Slab> loose = all.stream().filter(KvCache::loose).toList();
            if (loose.size() > 2 || loose.stream().anyMatch(slab -> slab.taken.size() * 4 <= slab.slots)) {
                gather(loose, kind);
            }
        });
    }

    private static boolean loose(Slab slab) {
        return slab.slots < MOST_SLOTS || slab.free() > 0;
    }

    private void gather(List<Slab> loose, SlabKind kind) {
        List<Place> rows = loose.stream().flatMap(slab -> slab.taken.stream()).toList();
        slabs.removeAll(loose); // so that nothing is placed there
        List<Place> fresh = place(rows.stream().mapToInt(row -> kind.capacity).toArray(), kind.prefix);
        copy(rows, fresh);
        for (int i = 0; i < rows.size(); i++) {
            Place at = fresh.get(i);
            rows.get(i).put(at.slab, at.slot);
            at.slab.taken.set(at.slot, rows.get(i));
        }
        loose.forEach(Slab::close);
    }

    @Override
    public void close() {
        slabs.forEach(Slab::close);
        slabs.clear();
    }
}
