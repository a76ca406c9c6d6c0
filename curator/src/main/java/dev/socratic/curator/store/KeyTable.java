package dev.socratic.curator.store;

import dev.socratic.core.json.Hashes;
import dev.socratic.curator.text.Shingles;

/// Texts by their hash, each with a number: open addressing over arrays of primitives.
///
/// Texts are told apart by 128 bits of SHA-256, so that two different ones meet with a probability of 2^-128. Memory:
/// 20 bytes a slot, two slots to every text at most: 30 to 60 bytes a text, however long it is.
public final class KeyTable {
    private static final double FULLEST = 0.67;
    private static final int HEX_DIGITS = 16;

    /// What [#get] gives for a text that is not there.
    public static final int NONE = -1;

    private long[] high = new long[16];
    private long[] low = new long[16];
    private int[] numbersPlusOne = new int[16];
    private int size;

    /// The hash of a text.
    public record Key(long high, long low) {
        public static Key of(String text) {
            String hex = Hashes.sha256(text);
            return new Key(
                    Long.parseUnsignedLong(hex, 0, HEX_DIGITS, HEX_DIGITS),
                    Long.parseUnsignedLong(hex, HEX_DIGITS, 2 * HEX_DIGITS, HEX_DIGITS));
        }
    }

    /// @return the number the text was put with, or [#NONE]
    public int get(Key key) {
        return numbersPlusOne[slot(key)] - 1;
    }

    /// @param number at least 0; takes the place of an earlier one
    public void put(Key key, int number) {
        if (size + 1 > high.length * FULLEST) {
            grow();
        }
        int slot = slot(key);
        size += numbersPlusOne[slot] == 0 ? 1 : 0;
        set(slot, key.high(), key.low(), number + 1);
    }

    public int size() {
        return size;
    }

    public long memoryBytes() {
        return (2L * Long.BYTES + Integer.BYTES) * high.length;
    }

    private int slot(Key key) {
        int slot = start(key.high());
        while (numbersPlusOne[slot] != 0 && (high[slot] != key.high() || low[slot] != key.low())) {
            slot = slot + 1 & high.length - 1;
        }
        return slot;
    }

    private int start(long hash) {
        return (int) (Shingles.mix(hash) >>> 33) & high.length - 1;
    }

    private void set(int slot, long h, long l, int numberPlusOne) {
        high[slot] = h;
        low[slot] = l;
        numbersPlusOne[slot] = numberPlusOne;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] old = numbersPlusOne;
        high = new long[2 * oldHigh.length];
        low = new long[high.length];
        numbersPlusOne = new int[high.length];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != 0) {
                set(slot(new Key(oldHigh[i], oldLow[i])), oldHigh[i], oldLow[i], old[i]);
            }
        }
    }
}
