package dev.socratic.curator.duplicate;

import dev.socratic.curator.config.StepConfig.Length.Unit;
import dev.socratic.curator.store.TextStore;
import dev.socratic.curator.text.Shingles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Texts, and where passages of at least `min` tokens stand in them word for word.
///
/// Fingerprints as rsync has them (Tridgell and Mackerras 1996): of each text the runs of `min - min / 2 + 1` tokens
/// that begin at every `min / 2`-th one are kept; of a text that is looked up the runs at every place are asked for. A
/// shared passage of `min` tokens holds a whole kept run wherever it begins, so none is missed; each hit is compared
/// token for token and grown both ways, so none is made up.
///
/// Why not a suffix array (Lee et al. 2021, arXiv:2107.06499): it needs the whole corpus in memory and 4 to 8 bytes for
/// each of its characters; this takes 24 bytes for every `min / 2` words and reads texts from a file. The price: of a
/// run that stands in more than [#MOST] kept texts without being part of a passage of `min`, only so many are compared,
/// and the rest is counted.
final class PassageIndex implements AutoCloseable {
    /// Places of one run that are compared.
    static final int MOST = 64;
    private static final double FULLEST = 0.67;
    private static final int SLOT_BYTES = Long.BYTES + 2 * Integer.BYTES;
    private static final long BASE = 0x9E3779B97F4A7C15L | 1;

    private final int min;
    private final int step;
    private final int run;
    private final Unit unit;
    private final long power;
    private final long[] hashes;
    private final int[] textsPlusOne;
    private final int[] places;
    private final TextStore texts; // of each: id, text
    private int size;
    private int fingerprints;
    private long unchecked;

    /// @param min    tokens of a passage
    /// @param most   fingerprints that will be kept at most
    /// @param file   for the texts; whoever owns its folder deletes it
    PassageIndex(int min, Unit unit, long most, Path file) {
        this.min = min;
        this.unit = unit;
        this.step = step(min);
        this.run = min - step + 1;
        long result = 1;
        for (int i = 1; i < run; i++) {
            result *= BASE;
        }
        this.power = result;
        int slots = Math.toIntExact(slots(most));
        this.hashes = new long[slots];
        this.textsPlusOne = new int[slots];
        this.places = new int[slots];
        this.texts = new TextStore(file);
    }

    private static int step(int min) {
        return Math.max(1, min / 2);
    }

    private static long slots(long fingerprints) {
        return (long) Math.ceil(fingerprints / FULLEST) + 1;
    }

    /// @return fingerprints of a text of so many tokens
    static long fingerprints(int tokens, int min) {
        int step = step(min);
        return tokens < min ? 0 : (tokens - (min - step + 1)) / step + 1;
    }

    /// @return bytes that an index of so many fingerprints takes
    static long bytes(long fingerprints) {
        return SLOT_BYTES * slots(fingerprints);
    }

    /// A passage that stands in two texts.
    ///
    /// @param from its first token in the text that was looked up
    /// @param to   the token after its last
    /// @param text number of the text of the index
    record Found(int from, int to, int text) {
        boolean on(int text, int shift, int at, int its) {
            return this.text == text && at - its == shift && from <= at && at < to;
        }
    }

    private record Grown(Found found, int shift) {}

    /// @return passages of at least `min` tokens, in their order; they may overlap
    List<Found> find(Tokens tokens) {
        List<Grown> all = new ArrayList<>();
        if (tokens.size() >= min && fingerprints > 0) {
            Map<Integer, Tokens> read = new HashMap<>();
            long hash = 0;
            for (int at = 0; at < tokens.size(); at++) {
                hash = at < run ? hash * BASE + tokens.hash(at)
                        : (hash - tokens.hash(at - run) * power) * BASE + tokens.hash(at);
                if (at >= run - 1) {
                    find(tokens, at - run + 1, hash, all, read);
                }
            }
        }
        return all.stream().map(Grown::found).toList();
    }

    private void find(Tokens tokens, int at, long hash, List<Grown> all, Map<Integer, Tokens> read) {
        int compared = 0;
        for (int slot = start(hash); textsPlusOne[slot] != 0; slot = next(slot)) {
            if (hashes[slot] != hash) {
                continue;
            }
            int text = textsPlusOne[slot] - 1;
            int its = places[slot];
            if (all.stream().anyMatch(one -> one.found().on(text, one.shift(), at, its))) {
                continue; // part of a passage that is known
            }
            if (compared++ == MOST) {
                unchecked++;
                return;
            }
            Tokens other = read.computeIfAbsent(text, number -> Tokens.of(texts.get(2 * number + 1), unit));
            grow(tokens, at, other, its, text, all);
        }
    }

    private void grow(Tokens tokens, int at, Tokens other, int its, int text, List<Grown> all) {
        int from = at;
        int to = at;
        while (to < tokens.size() && its + to - at < other.size() && tokens.same(to, other, its + to - at)) {
            to++;
        }
        while (from > 0 && its + from - at > 0 && tokens.same(from - 1, other, its + from - at - 1)) {
            from--;
        }
        if (to - from >= min) {
            all.add(new Grown(new Found(from, to, text), at - its));
        }
    }

    /// @param id of the row the text is of
    void add(String id, String text, Tokens tokens) {
        if (tokens.size() < min) {
            return;
        }
        texts.add(id);
        texts.add(text);
        int number = size++;
        long hash = 0;
        for (int at = 0; at < tokens.size(); at++) {
            hash = at < run ? hash * BASE + tokens.hash(at)
                    : (hash - tokens.hash(at - run) * power) * BASE + tokens.hash(at);
            int from = at - run + 1;
            if (from >= 0 && from % step == 0) {
                put(hash, number, from);
            }
        }
    }

    private void put(long hash, int text, int place) {
        int slot = start(hash);
        while (textsPlusOne[slot] != 0) {
            slot = next(slot);
        }
        hashes[slot] = hash;
        textsPlusOne[slot] = text + 1;
        places[slot] = place;
        fingerprints++;
    }

    private int start(long hash) {
        return (int) Math.unsignedMultiplyHigh(Shingles.mix(hash), hashes.length);
    }

    private int next(int slot) {
        return slot + 1 == hashes.length ? 0 : slot + 1;
    }

    /// @return id of the row a text of the index is of
    String id(int text) {
        return texts.get(2 * text);
    }

    int size() {
        return size;
    }

    int fingerprints() {
        return fingerprints;
    }

    /// @return runs of which not every place was compared
    long unchecked() {
        return unchecked;
    }

    long memoryBytes() {
        return (long) SLOT_BYTES * hashes.length + 16L * size;
    }

    @Override
    public void close() {
        texts.close();
    }
}
