package dev.socratic.trainer.logits;

/// Whole numbers of any number of bits, one after the other, the highest bit first.
final class BitPacking {
    private final byte[] bytes;
    private long at;

    /// @param bytes what is written to or read from
    /// @param from  first byte
    BitPacking(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = 8L * from;
    }

    /// @return bits that tell `values` values apart, at least 1
    static int of(int values) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(values - 1));
    }

    /// @return bytes that hold so many bits
    static int bytes(long bits) {
        return Math.toIntExact((bits + 7) / 8);
    }

    /// @param value of at most `width` bits
    void put(int value, int width) {
        for (int bit = width - 1; bit >= 0; bit--, at++) {
            bytes[(int) (at >> 3)] |= (byte) ((value >> bit & 1) << (7 - (at & 7)));
        }
    }

    int get(int width) {
        int value = 0;
        for (int i = 0; i < width; i++, at++) {
            value = value << 1 | bytes[(int) (at >> 3)] >> (7 - (at & 7)) & 1;
        }
        return value;
    }
}
