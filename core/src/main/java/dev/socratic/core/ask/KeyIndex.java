package dev.socratic.core.ask;

import java.util.Arrays;

/// From the first 128 bits of a content hash to a place in a journal, 24 bytes an entry and a third of the table
/// free: millions of answers are found again without their texts on the heap. Two of n hashes share 128 bits with
/// probability n^2 / 2^129.
final class KeyIndex {
    static final long NONE = -1;
    private static final int HEX = 16;

    private long[] high = new long[1 << 10];
    private long[] low = new long[1 << 10];
    private long[] value = filled(1 << 10);
    private int size;

    /// @param key at least 32 hexadecimal digits
    /// @return the place; [#NONE] if there is none
    long get(String key) {
        int at = slot(half(key, 0), half(key, HEX));
        return value[at];
    }

    /// Puts a place in; the first for a key stays.
    ///
    /// @return whether it was new
    boolean putIfAbsent(String key, long place) {
        if (3L * (size + 1) > 2L * value.length) {
            grow();
        }
        int at = slot(half(key, 0), half(key, HEX));
        if (value[at] != NONE) {
            return false;
        }
        high[at] = half(key, 0);
        low[at] = half(key, HEX);
        value[at] = place;
        size++;
        return true;
    }

    int size() {
        return size;
    }

    private int slot(long first, long second) {
        int mask = value.length - 1;
        int at = (int) (first ^ first >>> Integer.SIZE) & mask; // a hash is spread already
        while (value[at] != NONE && (high[at] != first || low[at] != second)) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldValue = value;
        high = new long[2 * oldHigh.length];
        low = new long[2 * oldLow.length];
        value = filled(2 * oldValue.length);
        for (int i = 0; i < oldValue.length; i++) {
            if (oldValue[i] != NONE) {
                int at = slot(oldHigh[i], oldLow[i]);
                high[at] = oldHigh[i];
                low[at] = oldLow[i];
                value[at] = oldValue[i];
            }
        }
    }

    private static long[] filled(int length) {
        long[] values = new long[length];
        Arrays.fill(values, NONE);
        return values;
    }

    private static long half(String key, int from) {
        return Long.parseUnsignedLong(key, from, from + HEX, 16);
    }
}
