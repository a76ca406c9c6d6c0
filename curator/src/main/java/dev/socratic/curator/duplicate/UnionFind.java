package dev.socratic.curator.duplicate;

import java.util.Arrays;

/// Disjoint sets of the numbers from 0 on (Tarjan 1975), joined by size, paths halved. Memory: 8 bytes a number.
final class UnionFind {
    private int[] parent = new int[16];
    private int[] members = new int[16];
    private int size;

    /// @return the next number, a set of its own
    int add() {
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, 2 * size);
            members = Arrays.copyOf(members, 2 * size);
        }
        parent[size] = size;
        members[size] = 1;
        return size++;
    }

    /// @return the number that stands for its set
    int root(int number) {
        int at = number;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    void join(int a, int b) {
        int one = root(a);
        int other = root(b);
        if (one == other) {
            return;
        }
        boolean larger = members[one] >= members[other];
        int into = larger ? one : other;
        int gone = larger ? other : one;
        parent[gone] = into;
        members[into] += members[gone];
    }

    /// @return how many are in its set
    int members(int number) {
        return members[root(number)];
    }

    int size() {
        return size;
    }

    long memoryBytes() {
        return 2L * Integer.BYTES * parent.length;
    }
}
