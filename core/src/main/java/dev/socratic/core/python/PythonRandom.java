package dev.socratic.core.python;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// CPython's `random.Random(seed)` for whole seeds, number for number: MT19937, seeded by the 32-bit parts of the
/// seed's size, and the ways its methods use it up. Used by one thread.
///
/// Source: Matsumoto and Nishimura 1998, and the documented behaviour of CPython 3.11 (`sample` of a list, `choices`
/// without weights).
public final class PythonRandom {
    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int index = N;

    /// @param seed its sign does not matter, as there
    public PythonRandom(long seed) {
        long size = Math.abs(seed);
        int[] key = size >>> 32 == 0 ? new int[] {(int) size} : new int[] {(int) size, (int) (size >>> 32)};
        seed(19650218);
        int i = 1;
        int j = 0;
        for (int k = Math.max(N, key.length); k > 0; k--) {
            state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >>> 30) * 1664525) + key[j] + j;
            i++;
            j++;
            if (i >= N) {
                state[0] = state[N - 1];
                i = 1;
            }
            if (j >= key.length) {
                j = 0;
            }
        }
        for (int k = N - 1; k > 0; k--) {
            state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >>> 30) * 1566083941) - i;
            i++;
            if (i >= N) {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 0x80000000;
    }

    private void seed(int value) {
        state[0] = value;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    private int next() {
        if (index >= N) {
            for (int k = 0; k < N; k++) {
                int y = state[k] & 0x80000000 | state[(k + 1) % N] & 0x7fffffff;
                state[k] = state[(k + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
            }
            index = 0;
        }
        int y = state[index++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    /// @return in [0, 1)
    public double random() {
        long a = Integer.toUnsignedLong(next()) >>> 5;
        long b = Integer.toUnsignedLong(next()) >>> 6;
        return (a * 67108864.0 + b) * (1.0 / 9007199254740992.0);
    }

    /// @param n at least 1
    /// @return in [0, n)
    public int below(int n) {
        int bits = 32 - Integer.numberOfLeadingZeros(n);
        int drawn = next() >>> 32 - bits;
        while (Integer.compareUnsigned(drawn, n) >= 0) {
            drawn = next() >>> 32 - bits;
        }
        return drawn;
    }

    /// `sample(population, k)`.
    ///
    /// @throws IllegalArgumentException where there are fewer than `k`
    public <T> List<T> sample(List<T> population, int k) {
        int n = population.size();
        if (k < 0 || k > n) {
            throw new IllegalArgumentException("sample: 0 to %s of a list of %s; got %s".formatted(n, n, k));
        }
        List<T> drawn = new ArrayList<>();
        int setSize = 21;
        if (k > 5) {
            setSize += (int) Math.pow(4, Math.ceil(Math.log(k * 3) / Math.log(4)));
        }
        if (n <= setSize) {
            List<T> pool = new ArrayList<>(population);
            for (int i = 0; i < k; i++) {
                int j = below(n - i);
                drawn.add(pool.get(j));
                pool.set(j, pool.get(n - i - 1));
            }
        } else {
            Set<Integer> selected = new HashSet<>();
            for (int i = 0; i < k; i++) {
                int j = below(n);
                while (!selected.add(j)) {
                    j = below(n);
                }
                drawn.add(population.get(j));
            }
        }
        return drawn;
    }

    /// `choices(range(n), k=k)`: places with replacement.
    public int[] choices(int n, int k) {
        int[] places = new int[k];
        Arrays.setAll(places, i -> (int) Math.floor(random() * n));
        return places;
    }

    /// `shuffle(list)`.
    public void shuffle(List<?> list) {
        shuffled(list);
    }

    private <T> void shuffled(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int j = below(i + 1);
            T kept = list.get(i);
            list.set(i, list.get(j));
            list.set(j, kept);
        }
    }
}
