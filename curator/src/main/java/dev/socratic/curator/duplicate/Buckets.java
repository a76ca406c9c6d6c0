package dev.socratic.curator.duplicate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;

/// Compares the texts of a bucket (those that have one band of their signature in common) and joins those that are
/// alike, with at most 32 comparisons for each text of it, however large the bucket is.
///
/// Up to 64 texts every pair is compared whose members are not together yet. Of more, the first that is like none of
/// the hubs so far is a hub itself, up to 32 of them, and every text is compared with the hubs alone: a million texts
/// made of one template have one hub, so they all are joined with a million comparisons, and not with 10^12 / 2. The
/// order in which that is done is one of content, so clusters do not depend on the order of rows. What is lost are
/// pairs of a text that is like none of the hubs with another such; [#leftOut] counts them, and each of them has as
/// many chances more as there are bands.
final class Buckets {
    static final int HUBS = 32;
    static final int SMALL = 2 * HUBS;

    private final Alike alike;
    private final IntToLongFunction content;
    private final Joining joining;
    private long compared;
    private long leftOut;

    /// Whether two texts are alike.
    interface Alike {
        boolean test(int a, int b);
    }

    /// Sets of texts that are alike by a chain.
    interface Joining {
        /// @return the same number for all that are in one set
        int set(int number);

        void join(int a, int b);
    }

    /// @param content a number by what a text says, for an order that does not depend on that of the rows
    Buckets(Alike alike, IntToLongFunction content, Joining joining) {
        this.alike = alike;
        this.content = content;
        this.joining = joining;
    }

    /// @param texts their numbers, ascending
    void compare(int[] texts) {
        if (texts.length <= SMALL) {
            for (int later = 1; later < texts.length; later++) {
                for (int earlier = 0; earlier < later; earlier++) {
                    compare(texts[later], texts[earlier]);
                }
            }
        } else {
            withHubs(texts);
        }
    }

    private boolean compare(int a, int b) {
        if (joining.set(a) == joining.set(b)) {
            return true;
        }
        compared++;
        boolean like = alike.test(a, b);
        if (like) {
            joining.join(a, b);
        }
        return like;
    }

    private void withHubs(int[] texts) {
        int[] order = Arrays.stream(texts).boxed().sorted(Comparator.<Integer>comparingLong(content::applyAsLong)
                .thenComparing(Comparator.naturalOrder())).mapToInt(Integer::intValue).toArray();
        int[] hubs = new int[HUBS]; // places in the order
        int known = 0;
        for (int at = 0; at < order.length; at++) {
            boolean like = false;
            for (int hub = 0; hub < known; hub++) {
                like |= compare(order[at], order[hubs[hub]]);
            }
            if (!like && known < HUBS) {
                hubs[known++] = at;
            }
        }
        leftOut += apart(order) - comparedApart(order, Arrays.copyOf(hubs, known));
    }

    /// @return pairs that are in two sets
    private long apart(int[] texts) {
        Map<Integer, Long> sizes = new HashMap<>();
        Arrays.stream(texts).forEach(text -> sizes.merge(joining.set(text), 1L, Long::sum));
        long together = sizes.values().stream().mapToLong(n -> n * n).sum();
        return ((long) texts.length * texts.length - together) / 2;
    }

    private long comparedApart(int[] order, int[] hubs) {
        long pairs = 0;
        for (int at = 0; at < order.length; at++) {
            for (int hub = 0; hub < hubs.length && hubs[hub] < at; hub++) {
                pairs += joining.set(order[at]) == joining.set(order[hubs[hub]]) ? 0 : 1;
            }
        }
        return pairs;
    }

    long compared() {
        return compared;
    }

    /// @return pairs of large buckets that were not compared and are in two sets, once for each bucket
    long leftOut() {
        return leftOut;
    }
}
