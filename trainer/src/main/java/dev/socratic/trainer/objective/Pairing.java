package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Which layer of the student is compared with which of the teacher. Layers count from 0.
public sealed interface Pairing {
    /// The end of the body: final states after the last norm for `hidden`, the last layer for what layers hold.
    record Output() implements Pairing {}

    /// The last layers.
    record Last() implements Pairing {}

    /// Layer i with layer i; both models have equally many.
    record OneToOne() implements Pairing {}

    /// Student layer m (counted from 1) with teacher layer `m * teacher layers / student layers`, rounded down: the
    /// ends of equal segments.
    ///
    /// @param skipLast leaves out the last pair, as PKD does
    /// @param part     which of the pairs
    record Uniform(@Default("false") boolean skipLast, @Default("all") Part part) implements Pairing {
        public Uniform(boolean skipLast) {
            this(skipLast, Part.ALL);
        }

        public Uniform {
            if (skipLast && part == Part.LOWER) {
                throw new IllegalArgumentException(
                        "uniform.skip_last leaves out a pair of the upper half; remove it, or part: lower");
            }
        }

        private List<Pair> of(int student, int teacher) {
            List<Pair> all = segments(student, teacher, skipLast ? student - 1 : student);
            int half = student / 2;
            return switch (part) {
                case ALL -> all;
                case LOWER -> all.subList(0, Math.max(1, half));
                case UPPER -> all.subList(Math.min(half, all.size()), all.size());
            };
        }
    }

    /// Some of the layers. Where there is one layer it is both halves; of an odd number the upper half has one more.
    enum Part {
        ALL,
        LOWER,
        UPPER
    }

    /// The pairs of `uniform`, unlocked one after the other from the lowest: with n of them, pair i joins at progress
    /// `i / n * share`.
    ///
    /// Source: MobileBERT, Sun et al. 2020, arXiv:2004.02984; SID, Aguilar et al. 2020, arXiv:1910.03723 (its even
    /// schedule).
    ///
    /// @param share  of the budget after which all take part
    /// @param passed factor on the pairs before the newest as long as not all take part; MobileBERT's code has a
    ///               tenth
    record Unlocking(@Default("0.7") double share, @Default("1") double passed) implements Pairing {
        public Unlocking {
            if (!(share > 0 && share <= 1 && passed >= 0)) {
                throw new IllegalArgumentException(
                        "unlocking needs share above 0 and at most 1, passed at least 0; got %s and %s".formatted(share,
                                passed));
            }
        }

        private int open(int student, double progress) {
            return (int) Math.min(student, 1 + Math.floor(progress / share * student));
        }
    }

    /// Every student layer with a mix of all teacher layers but the last, weighed by a softmax over how alike they
    /// are (dot product, after `pool` and `project`). Sources: ALP-KD, Passban et al. 2021, arXiv:2012.14022;
    /// Universal-KD, Wu et al. 2021.
    record Attended() implements Pairing {}

    /// The embedding and the layers of `uniform`, all at once, side by side at each position: a relation behind it
    /// says how a position's states stand to each other from layer to layer. Source: CKD, Park et al. 2021,
    /// arXiv:2109.03075 (layer transforming relation).
    record Across() implements Pairing {}

    /// Exactly these pairs, student first.
    record Explicit(List<List<Integer>> pairs) implements Pairing {
        public Explicit {
            pairs = pairs.stream().map(List::copyOf).toList();
            if (pairs.isEmpty()
                    || pairs.stream().anyMatch(pair -> pair.size() != 2 || pair.get(0) < 0 || pair.get(1) < 0)) {
                throw new IllegalArgumentException(
                        "explicit needs pairs of layers from 0, student first, such as [[0, 1], [1, 3]]; got " + pairs);
            }
        }
    }

    /// Student layers in order with teacher layers drawn at random, in order, without the last of either: drawn anew
    /// `redraws` times over the run. Source: RAIL-KD, Haidar et al. 2022, arXiv:2109.10164.
    record Random(@Default("10") int redraws, @Default("1") long seed) implements Pairing {
        public Random {
            if (redraws < 1) {
                throw new IllegalArgumentException("random.redraws must be at least 1; got " + redraws);
            }
        }
    }

    /// @param student  its layers
    /// @param teacher  its layers
    /// @param progress share of the budget used; matters to `random` only
    /// @return pairs that exist, in the student's order
    default List<Pair> of(int student, int teacher, double progress) {
        return switch (this) {
            case Output ignored -> List.of(new Pair(student - 1, teacher - 1));
            case Last ignored -> List.of(new Pair(student - 1, teacher - 1));
            case OneToOne ignored -> segments(student, student, student);
            case Uniform uniform -> uniform.of(student, teacher);
            case Unlocking unlocking -> segments(student, teacher, unlocking.open(student, progress));
            case Attended ignored -> segments(student, student, student);
            case Across ignored -> segments(student, teacher, student);
            case Explicit explicit -> explicit.pairs().stream().map(pair -> new Pair(pair.get(0), pair.get(1)))
                    .toList();
            case Random random -> drawn(random, student, teacher, progress);
        };
    }

    /// @param pair    one of [#of]
    /// @param student its layers
    /// @return factor on that pair
    default double weight(Pair pair, int student, double progress) {
        return this instanceof Unlocking unlocking && progress < unlocking.share()
                && pair.student() < unlocking.open(student, progress) - 1 ? unlocking.passed() : 1;
    }

    private static List<Pair> segments(int student, int teacher, int count) {
        List<Pair> pairs = new ArrayList<>();
        for (int m = 1; m <= count; m++) {
            pairs.add(new Pair(m - 1, m * teacher / student - 1));
        }
        return pairs;
    }

    private static List<Pair> drawn(Random random, int student, int teacher, double progress) {
        long draw = Math.min(random.redraws() - 1, (long) (progress * random.redraws()));
        java.util.Random numbers =
                new java.util.Random(dev.socratic.core.seed.Seeds.derive(random.seed(), "pairs", Long.toString(draw)));
        TreeSet<Integer> layers = new TreeSet<>();
        while (layers.size() < student - 1) {
            layers.add(numbers.nextInt(teacher - 1));
        }
        List<Pair> pairs = new ArrayList<>();
        for (int layer : layers) {
            pairs.add(new Pair(pairs.size(), layer));
        }
        return pairs;
    }

    /// @param student a layer of the student
    /// @param teacher a layer of the teacher
    record Pair(int student, int teacher) {}
}
