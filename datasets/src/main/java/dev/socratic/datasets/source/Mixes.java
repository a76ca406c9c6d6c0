package dev.socratic.datasets.source;

import dev.socratic.core.error.DataException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Several streams as one, in an order that the seed decides and nothing else.
///
/// The next row comes from part i with a probability proportional to its weight, or, where counts are given, to how
/// many rows of it are still to come (so every order of the parts is equally likely). Within a part the order stays.
///
/// - all parts with `weight`: the mix ends as soon as the part drawn has no more rows, so the shares hold to the end
/// - all parts with `count`: exactly so many rows of each; a part with fewer is an error
/// - neither: all rows of the first part, then all of the second, ...
final class Mixes {
    private Mixes() {}

    /// @param weight relative share, more than 0
    /// @param count  how many rows, at least 1
    record Share(Optional<Double> weight, Optional<Long> count) {}

    /// Opens part i with a seed of its own.
    interface Opener<T> {
        RowStream<T> open(int part, long seed);
    }

    /// @throws IllegalArgumentException if there are no parts, or weights and counts are mingled, or one is not
    ///         positive
    static void check(List<Share> shares) {
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("parts: at least one; got none");
        }
        long weights = shares.stream().filter(s -> s.weight().isPresent()).count();
        long counts = shares.stream().filter(s -> s.count().isPresent()).count();
        if (weights + counts != 0 && weights != shares.size() && counts != shares.size() || weights > 0 && counts > 0) {
            throw new IllegalArgumentException(
                    ("parts: every one with weight, or every one with count, or none with either; got %s weights "
                            + "and %s counts for %s parts")
                            .formatted(weights, counts, shares.size()));
        }
        for (Share share : shares) {
            share.weight().filter(w -> !(w > 0 && Double.isFinite(w))).ifPresent(w -> {
                throw new IllegalArgumentException("weight: more than 0; got %s".formatted(w));
            });
            share.count().filter(n -> n < 1).ifPresent(n -> {
                throw new IllegalArgumentException("count: at least 1; got %s".formatted(n));
            });
        }
    }

    static <T> RowStream<T> open(List<Share> shares, Opener<T> opener, long seed) {
        List<RowStream<T>> streams = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        try {
            for (int i = 0; i < shares.size(); i++) {
                streams.add(opener.open(i, random.nextLong()));
            }
        } catch (RuntimeException e) {
            streams.forEach(RowStream::close);
            throw e;
        }
        List<Iterator<T>> rows = streams.stream().map(RowStream::iterator).toList();
        RowStream.Pull<T> pull = shares.getFirst().weight().isPresent()
                ? new ByWeight<>(shares.stream().mapToDouble(s -> s.weight().orElseThrow()).toArray(), rows, random)
                : shares.getFirst().count().isPresent()
                        ? new ByCount<>(shares.stream().mapToLong(s -> s.count().orElseThrow()).toArray(), rows, random)
                        : new OneAfterTheOther<>(rows);
        return RowStream.of(pull, () -> streams.forEach(RowStream::close));
    }

    private static final class ByWeight<T> implements RowStream.Pull<T> {
        private final double[] weights;
        private final List<Iterator<T>> rows;
        private final SplittableRandom random;
        private boolean ended;

        ByWeight(double[] weights, List<Iterator<T>> rows, SplittableRandom random) {
            this.weights = weights;
            this.rows = rows;
            this.random = random;
        }

        @Override
        public Optional<T> next() {
            double sum = 0;
            for (double weight : weights) {
                sum += weight;
            }
            double drawn = random.nextDouble() * sum;
            int part = 0;
            while (part < weights.length - 1 && drawn >= weights[part]) {
                drawn -= weights[part++];
            }
            ended |= !rows.get(part).hasNext();
            return ended ? Optional.empty() : Optional.of(rows.get(part).next());
        }
    }

    private static final class ByCount<T> implements RowStream.Pull<T> {
        private final long[] left;
        private final List<Iterator<T>> rows;
        private final SplittableRandom random;

        ByCount(long[] left, List<Iterator<T>> rows, SplittableRandom random) {
            this.left = left;
            this.rows = rows;
            this.random = random;
        }

        @Override
        public Optional<T> next() {
            long sum = 0;
            for (long n : left) {
                sum += n;
            }
            if (sum == 0) {
                return Optional.empty();
            }
            long drawn = random.nextLong(sum);
            int part = 0;
            while (drawn >= left[part]) {
                drawn -= left[part++];
            }
            if (!rows.get(part).hasNext()) {
                throw new DataException(
                        "mix.parts[%s].count".formatted(part),
                        "as many rows as the count says",
                        "%s fewer".formatted(left[part]),
                        "lower the count");
            }
            left[part]--;
            return Optional.of(rows.get(part).next());
        }
    }

    private record OneAfterTheOther<T>(List<Iterator<T>> rows) implements RowStream.Pull<T> {
        @Override
        public Optional<T> next() {
            return rows.stream().filter(Iterator::hasNext).findFirst().map(Iterator::next);
        }
    }
}
