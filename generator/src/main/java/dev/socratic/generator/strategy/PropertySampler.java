package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.RegularFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Where a drawn property of a question comes from.
public sealed interface PropertySampler {

    /// @param before values drawn already, by column
    String draw(SplittableRandom random, Map<String, String> before);

    /// One of several values.
    ///
    /// @param weights one each, at least 0; left out, all are equally likely
    record Category(List<String> values, @Default("[]") List<Double> weights) implements PropertySampler {
        public Category {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("values: at least one; got none; write [money, time]");
            }
            boolean odd = !weights.isEmpty() && (weights.size() != values.size()
                    || weights.stream().anyMatch(weight -> !(weight >= 0))
                    || weights.stream().mapToDouble(Double::doubleValue).sum() <= 0);
            if (odd) {
                throw new IllegalArgumentException(("weights: %s numbers of at least 0, not all 0; got %s; give one "
                        + "for each value or leave them out").formatted(values.size(), weights));
            }
        }

        @Override
        public String draw(SplittableRandom random, Map<String, String> before) {
            if (weights.isEmpty()) {
                return values.get(random.nextInt(values.size()));
            }
            double left = random.nextDouble() * weights.stream().mapToDouble(Double::doubleValue).sum();
            int last = 0;
            for (int i = 0; i < values.size(); i++) {
                left -= weights.get(i);
                if (left < 0) {
                    return values.get(i);
                }
                last = weights.get(i) > 0 ? i : last;
            }
            return values.get(last);
        }
    }

    /// A whole number, both ends included.
    record Number(int from, int to) implements PropertySampler {
        public Number {
            if (to < from) {
                throw new IllegalArgumentException("to: at least from, %s; got %s; swap them".formatted(from, to));
            }
        }

        @Override
        public String draw(SplittableRandom random, Map<String, String> before) {
            return Long.toString(from + random.nextLong((long) to - from + 1));
        }
    }

    /// One of the values that go with what another column has drawn.
    ///
    /// @param on    the other column
    /// @param cases values by what it has drawn
    /// @param otherwise values for all else
    record Conditional(String on, Map<String, List<String>> cases, @Default("[]") List<String> otherwise)
            implements PropertySampler {
        public Conditional {
            if (cases.values().stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("cases: at least one value each; got an empty list; remove it");
            }
        }

        @Override
        public String draw(SplittableRandom random, Map<String, String> before) {
            List<String> values = cases.getOrDefault(before.get(on), otherwise);
            if (values.isEmpty()) {
                throw new DataException("generate.strategy: conditional on '" + on + "'",
                        "a case for each value", "'" + before.get(on) + "' without one",
                        "add it to cases, or give otherwise");
            }
            return values.get(random.nextInt(values.size()));
        }
    }

    /// A line of a text file, blank ones left out.
    record Lines(Path path) implements PropertySampler {
        @Override
        public String draw(SplittableRandom random, Map<String, String> before) {
            List<String> lines = RegularFiles.text(path).lines().filter(line -> !line.isBlank()).toList();
            if (lines.isEmpty()) {
                throw new DataException(path.toString(), "a file of lines", "none", "write a value a line");
            }
            return lines.get(random.nextInt(lines.size())).strip();
        }
    }
}
