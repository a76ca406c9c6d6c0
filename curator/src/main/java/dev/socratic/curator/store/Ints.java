package dev.socratic.curator.store;

import java.util.Arrays;
import java.util.Objects;

/// A list of ints that grows by pieces: what is there is never copied, and at most one piece is unused. Memory: 4
/// bytes a value.
public final class Ints {
    private static final int PIECE = 1 << 14;

    private int[][] pieces = new int[16][];
    private int size;

    public void add(int value) {
        int piece = size / PIECE;
        if (piece == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * piece);
        }
        if (pieces[piece] == null) {
            pieces[piece] = new int[PIECE];
        }
        pieces[piece][size++ % PIECE] = value;
    }

    /// @throws IndexOutOfBoundsException where there is none
    public int get(int at) {
        return pieces[Objects.checkIndex(at, size) / PIECE][at % PIECE];
    }

    public void set(int at, int value) {
        pieces[Objects.checkIndex(at, size) / PIECE][at % PIECE] = value;
    }

    public int size() {
        return size;
    }

    /// @return bytes of what is there
    public long memoryBytes() {
        return (long) size * Integer.BYTES;
    }
}
