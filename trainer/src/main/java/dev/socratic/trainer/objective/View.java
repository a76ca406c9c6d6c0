package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.Optional;

/// A pure step inside a signal, applied to both sides before they are compared.
public sealed interface View {
    /// @return the kind that comes out, or empty where this view has no meaning for `kind`
    default Optional<Kind> map(Kind kind) {
        return switch (this) {
            case Temperature ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case Scale ignored -> Optional.of(kind).filter(k -> k != Kind.PROBS);
            case Softmax ignored -> only(Kind.LOGITS, kind, Kind.PROBS);
            case Standardise ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case TopK ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case Sort ignored -> only(Kind.PROBS, kind, Kind.PROBS);
            case Spans ignored -> only(Kind.PROBS, kind, Kind.PROBS);
            case Matched ignored -> only(Kind.PROBS, kind, Kind.PROBS);
            case Unmatched ignored -> only(Kind.PROBS, kind, Kind.PROBS);
            case AlignVocab ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case Target ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case NonTarget ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case Differences ignored -> only(Kind.LOGITS, kind, Kind.LOGITS);
            case Unit ignored -> only(Kind.VECTORS, kind, Kind.VECTORS);
            case Transpose ignored -> kind == Kind.LOGITS ? Optional.empty() : Optional.of(Kind.VECTORS);
            case Energy ignored -> only(Kind.VECTORS, kind, Kind.VECTORS);
            case Relation relation -> only(Kind.VECTORS, kind, relation.gives());
            case Salient ignored -> only(Kind.VECTORS, kind, Kind.SCALARS);
            case Phrases ignored -> only(Kind.VECTORS, kind, Kind.VECTORS);
            case Pool ignored -> only(Kind.VECTORS, kind, Kind.VECTORS);
            case Project ignored -> only(Kind.VECTORS, kind, Kind.VECTORS);
            case Head ignored -> only(Kind.VECTORS, kind, Kind.LOGITS);
            case AsLogits ignored -> only(Kind.VECTORS, kind, Kind.LOGITS);
            case AsVectors ignored -> Optional.of(Kind.VECTORS);
        };
    }

    /// @return whether it may stand between the tap and labels
    default boolean acceptsLabels() {
        return this instanceof Temperature || this instanceof Softmax || this instanceof Standardise;
    }

    private static Optional<Kind> only(Kind wanted, Kind got, Kind out) {
        return wanted == got ? Optional.of(out) : Optional.empty();
    }

    /// Divides logits by `tau`: above 1 the small probabilities count for more.
    ///
    /// The term is multiplied by `tau^2`, since the gradient of the softened distance shrinks by about that much, so
    /// that a term keeps its weight when tau changes. Source: Hinton, Vinyals and Dean 2015, arXiv:1503.02531,
    /// section 2.
    ///
    /// @param tau     above 0; 1 leaves logits as they are
    /// @param squared whether the term is multiplied by `tau^2`
    record Temperature(double tau, @Default("true") boolean squared) implements View {
        public Temperature {
            if (!(tau > 0)) {
                throw new IllegalArgumentException(
                        "tau must be > 0, got %s; 1.0 leaves logits as they are".formatted(tau));
            }
        }
    }

    /// Multiplies the teacher's side by a number that follows the progress. Source: Annealing-KD, Jafari et al. 2021,
    /// arXiv:2104.07163.
    record Scale(Schedule by) implements View {}

    /// Logits to probabilities.
    record Softmax() implements View {}

    /// `(x - mean) / standard deviation` along the axis, so that the student matches the shape of the teacher's
    /// logits and not their scale.
    ///
    /// Source: Sun et al. 2024, arXiv:2403.01427; the deviation is the unbiased one of their code.
    record Standardise() implements View {}

    /// The `k` largest logits of one side, and what becomes of the others.
    ///
    /// @param tail     `bucket`: one more entry holds all remaining mass; `renormalise`: they are forgotten on both
    ///                 sides, so that the student may put mass there unseen
    /// @param chosenBy whose largest
    record TopK(int k, @Default("bucket") @Alias("rest") Tail tail, @Default("teacher") Chooser chosenBy)
            implements View {
        public TopK {
            if (k < 1 || k < 2 && tail == Tail.RENORMALISE) {
                throw new IllegalArgumentException(
                        "top_k.k must be at least 1, and 2 to renormalise; got %s".formatted(k));
            }
        }
    }

    /// Probabilities from the largest to the smallest, on each side by itself: which token has which is forgotten, so
    /// that vocabularies may differ; the shorter side gets zeros. Source: ULD, Boizard et al. 2024, arXiv:2402.12030.
    record Sort() implements View {}

    /// Where the teacher has another tokenizer, rows become spans: the smallest stretches of text that hold whole
    /// tokens on both sides. A span's row is the distribution at its last token times the probability of the tokens
    /// that lead there (the chain rule over what was really written), so that it may sum to less than 1. Equal
    /// tokenizers: every token is a span. Source: GOLD, Patiño et al. 2025, `uld_token_merge_strategy: bayesian` of
    /// TRL.
    record Spans() implements View {}

    /// The entries of the two vocabularies that stand for the same text, in one order; equal tokenizers: all. Source:
    /// as [Spans].
    ///
    /// @param share whether the term is multiplied by their share of the teacher's vocabulary
    @Alias("agreeing")
    record Matched(@Default("true") boolean share) implements View {}

    /// The entries that stand for no text of the other side; equal tokenizers: none, a term of 0. Source: as [Spans].
    ///
    /// @param share whether the term is multiplied by 1 less the share of [Matched]
    @Alias("differing")
    record Unmatched(@Default("true") boolean share) implements View {}

    /// The teacher's logits in the student's vocabulary: tokens are matched by dynamic time warping at the cost of
    /// their edit distance, entries by the least edit distance, of several the largest logit. A token without exactly
    /// one partner that also maps to it has the label for a teacher. Equal tokenizers: nothing changes. Source:
    /// FuseLLM, Wan et al. 2024, arXiv:2401.10491, as DSKD's code has it.
    record AlignVocab(@Default("min_edit") AlignBy by) implements View {}

    /// How entries of two vocabularies are matched.
    enum AlignBy {
        MIN_EDIT
    }

    /// Two entries: the label, and all others together. Source: DKD, Zhao et al. 2022, arXiv:2203.08679.
    record Target() implements View {}

    /// Everything but the label. Source: as [Target].
    record NonTarget() implements View {}

    /// All differences `x_i - x_j`, i before j, of logits that `top_k` cut out. Source: BiLD, Li et al. 2024,
    /// arXiv:2406.13555.
    record Differences() implements View {}

    /// Divided by its Euclidean length.
    record Unit() implements View {}

    /// Items and axis change places: what was compared token by token is compared class by class (or channel by
    /// channel) over the tokens of a micro-batch. Source: DIST, arXiv:2205.10536; NST, arXiv:1707.01219.
    record Transpose() implements View {}

    /// `sum_h x_h^2` of every loss position, as one vector a sample. Source: attention transfer, Zagoruyko and
    /// Komodakis 2017, arXiv:1612.03928, carried from pixels to tokens.
    record Energy() implements View {}

    /// How positions (or, after `pool`, samples) stand to each other. Widths are summed away, so models of different
    /// widths compare.
    ///
    /// Positions see themselves and what is before them, samples see each other. `dot`: `x_i . x_j / sqrt(dim)`,
    /// logits, cut into `heads`; `cosine`: of the angle, without the item itself; `euclidean`: length of the gap
    /// divided by the mean length, of samples; `angle`: cosine of the angle at an item between two others, of
    /// samples, or within the `window` positions before it. Sources: MiniLM, arXiv:2002.10957 and 2012.15828 (dot);
    /// RKD, Park et al. 2019, arXiv:1904.05068 (euclidean, angle); CKD, Park et al. 2021, arXiv:2109.03075 (windows).
    ///
    /// @param heads  of a `dot` relation, or of an `angle` between samples, which is then the mean over them; 0
    ///               leaves the model's own
    /// @param window of an `angle` relation between positions
    /// @param fewer  whether fewer heads do where so many do not divide both widths: the largest number that does
    record Relation(@Default("dot") Measure measure, @Default("0") int heads, @Default("8") int window,
            @Default("false") boolean fewer) implements View {
        public Relation(Measure measure, int heads, int window) {
            this(measure, heads, window, false);
        }

        public Relation {
            if (heads < 0 || window < 2) {
                throw new IllegalArgumentException(
                        "relation needs heads >= 0 and window >= 2; got %s and %s".formatted(heads, window));
            }
        }

        /// @return heads for sides of these widths; 0 leaves them as they are
        public int heads(long student, long teacher) {
            return fewer && heads > 0 ? most(heads, student, teacher) : heads;
        }

        Kind gives() {
            return switch (measure) {
                case DOT -> Kind.LOGITS;
                case COSINE -> Kind.VECTORS;
                case EUCLIDEAN -> Kind.SCALARS;
                case ANGLE -> Kind.SCALARS;
            };
        }
    }

    /// Cosines of the angles at each of the `k` most salient loss positions of a sample, between the `k` others
    /// it looks at most, the angle with one position twice left out: one row a sample. How much i looks at j is
    /// `softmax_j(x_i . x_j / sqrt(dim))` of the teacher's side, summed over heads; a position is as salient as all
    /// of its sample together look at it. Unlike a relation's window it reaches over the whole sample. Source: MGSKD,
    /// Liu et al. 2022, ACL, whose code takes 20 and 64 heads; deviation: each sample counts the same, where the code
    /// counts each angle.
    ///
    /// @param heads by which looks are measured: at most so many, the largest number that divides the teacher's width
    record Salient(@Default("20") int k, @Default("64") int heads) implements View {
        public Salient {
            if (k < 2 || heads < 1) {
                throw new IllegalArgumentException(
                        "salient needs k >= 2 and heads >= 1; got %s and %s; the paper has 20 and 64".formatted(k,
                        heads));
            }
        }

        /// @return heads for a side of this width
        public int heads(long width) {
            return most(heads, width, width);
        }
    }

    /// The largest number up to `heads` that divides both.
    private static int most(int heads, long a, long b) {
        int n = heads;
        while (a % n != 0 || b % n != 0) {
            n--;
        }
        return n;
    }

    /// Each position's state becomes the mean from the beginning of its phrase up to it. Phrases are stretches of 1
    /// to `longest` positions, drawn one after the other from the first position on, the same in every sample, anew
    /// each step. Source: MGSKD, Liu et al. 2022 (span granularity, with random spans); deviation: the mean goes as
    /// far as the position, since nothing behind it counts in a causal model.
    ///
    /// @param longest most positions of a phrase
    record Phrases(@Default("8") int longest, @Default("1") long seed) implements View {
        public Phrases {
            if (longest < 2) {
                throw new IllegalArgumentException(
                        "phrases.longest must be at least 2; got %s; remove 'phrases' for single positions".formatted(
                        longest));
            }
        }

        /// @return for each of so many positions, where its phrase begins
        public long[] starts(int positions, double progress) {
            java.util.Random random =
                    new java.util.Random(
                            dev.socratic.core.seed.Seeds.derive(seed, "phrases", Double.toString(progress)));
            long[] starts = new long[positions];
            int start = 0;
            int end = 0;
            for (int i = 0; i < positions; i++) {
                if (i == end) {
                    start = i;
                    end = i + 1 + random.nextInt(longest);
                }
                starts[i] = start;
            }
            return starts;
        }
    }

    /// The loss positions of a sample as one vector.
    record Pool(@Default("mean") PoolBy by) implements View {}

    /// A learned linear map of the student's side to the teacher's width. It is created by the plan, lives in
    /// optimiser and checkpoint, and is never part of the student. Source: FitNets, Romero et al. 2014,
    /// arXiv:1412.6550.
    ///
    /// @param name  maps of one name are one map, in all terms and layers (TinyBERT has one for everything); empty:
    ///              one for each pair
    /// @param width 0: only the student is mapped, to the teacher's width; above: both sides are, to this width
    record Project(@Default("\"\"") String name, @Default("0") int width) implements View {
        public Project {
            if (width < 0) {
                throw new IllegalArgumentException(
                        "project.width must not be negative; got %s; 0 is the teacher's width".formatted(width));
            }
        }
    }

    /// Through the teacher's head, after `project`: the student's states read in the teacher's own.
    /// Source: DSKD, Zhang et al. 2024, arXiv:2406.17328 (one of its two spaces).
    record Head() implements View {}

    /// Coordinates read as logits, for a softmax over features. Source: Universal-KD, Wu et al. 2021.
    record AsLogits() implements View {}

    /// Whatever it is, read as coordinates.
    record AsVectors() implements View {}

    /// What becomes of the logits that are not among the largest.
    enum Tail {
        @Alias("lump")
        BUCKET,
        RENORMALISE
    }

    /// Whose logits decide.
    enum Chooser {
        TEACHER,
        STUDENT
    }

    /// What a relation measures.
    enum Measure {
        DOT,
        COSINE,
        EUCLIDEAN,
        ANGLE
    }

    /// Which positions make the vector.
    enum PoolBy {
        MEAN,
        FIRST,
        LAST
    }
}
