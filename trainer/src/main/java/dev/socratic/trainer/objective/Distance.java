package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// How far the student's side is from the other, item by item, unreduced, over the last axis.
///
/// `p` is the teacher (or the label), `q` the student. Divergences are in nats.
public sealed interface Distance {
    /// @return what it compares
    default Set<Kind> kinds() {
        return switch (this) {
            case Divergence ignored -> EnumSet.of(Kind.LOGITS, Kind.PROBS);
            case Gap ignored -> EnumSet.allOf(Kind.class);
            case Cosine ignored -> EnumSet.of(Kind.VECTORS);
            case Pearson ignored -> EnumSet.of(Kind.LOGITS, Kind.PROBS, Kind.VECTORS);
            case Ranking ignored -> EnumSet.of(Kind.LOGITS);
            case Sinkhorn ignored -> EnumSet.of(Kind.LOGITS, Kind.PROBS);
            case Cka ignored -> EnumSet.of(Kind.VECTORS);
            case Mmd ignored -> EnumSet.of(Kind.VECTORS);
            case InfoNce ignored -> EnumSet.of(Kind.VECTORS);
            case CosNce ignored -> EnumSet.of(Kind.VECTORS);
            case Preference ignored -> EnumSet.of(Kind.SCALARS);
        };
    }

    /// @return whether it means anything where the other side puts everything on one token: KL(q || one-hot) is
    ///         infinite wherever q is not
    default boolean acceptsLabels() {
        return switch (this) {
            case Kl kl -> kl.direction() == Direction.FORWARD;
            case Jsd ignored -> true;
            case TotalVariation ignored -> true;
            case AlphaBeta ab -> ab.alpha() > 0 && ab.beta() > 0;
            case Akl ignored -> false;
            case Capped capped -> capped.distance().acceptsLabels();
            case Gap ignored -> true;
            case Cosine ignored -> false;
            case Pearson ignored -> false;
            case Ranking ignored -> false;
            case Sinkhorn ignored -> false;
            case Cka ignored -> false;
            case Mmd ignored -> false;
            case InfoNce ignored -> false;
            case CosNce ignored -> false;
            case Preference ignored -> false;
        };
    }

    /// @return whether it is 0 where both sides are equal; the others only have their least value there, or know no
    ///         such point
    default boolean zeroWhenEqual() {
        return switch (this) {
            case Divergence ignored -> true;
            case Gap ignored -> true;
            case Cosine ignored -> true;
            case Pearson ignored -> true;
            case Ranking ranking -> ranking.by() == Order.HINGE;
            case Sinkhorn ignored -> false;
            case Cka ignored -> true;
            case Mmd ignored -> true;
            case InfoNce ignored -> false;
            case CosNce ignored -> false;
            case Preference ignored -> false;
        };
    }

    /// @return whether it compares the two sides as sets of items, so that the last axes may differ in width
    default boolean anyWidth() {
        return switch (this) {
            case Divergence ignored -> false;
            case Gap ignored -> false;
            case Cosine ignored -> false;
            case Pearson ignored -> false;
            case Ranking ignored -> false;
            case Sinkhorn ignored -> false;
            case Cka ignored -> true;
            case Mmd ignored -> false;
            case InfoNce ignored -> false;
            case CosNce ignored -> false;
            case Preference ignored -> false;
        };
    }

    /// Between distributions over the last axis.
    sealed interface Divergence extends Distance {}

    /// Number by number along the last axis, then reduced over it.
    sealed interface Gap extends Distance {
        Reduce reduce();
    }

    /// Kullback-Leibler divergence.
    ///
    /// Forward: `sum_v p_v (log p_v - log q_v)`, which covers all the teacher does; reverse: `sum_v q_v (log q_v -
    /// log p_v)`, which avoids what the teacher does not do. With `skew` a the second side is mixed with the first:
    /// forward KL(p || a p + (1-a) q), reverse KL(q || a q + (1-a) p), which caps what one impossible token may cost
    /// at `-log a`. Sources: Kullback and Leibler 1951; Hinton et al. 2015 (forward), Gu et al. 2023,
    /// arXiv:2306.08543 (reverse); Ko et al. 2024, arXiv:2402.03898 (skew .1). Deviation from DistiLLM's code: the
    /// teacher's entropy is not dropped, which changes the value and not the gradient.
    ///
    /// @param skew         share of the first side in the second, from 0 to below 1
    /// @param fixedMixture whether reverse KL takes the student inside the mixture as given (DistiLLM-2's code) or
    ///                     differentiates through it
    /// @param estimate     `dense`, over the vocabulary; or `sampled`, by the tokens the student wrote, for reverse
    ///                     KL on its own text
    /// @param curriculum   whether the skew of an answer follows how far apart the two sides are on it
    record Kl(
            @Default("forward") Direction direction,
            @Default("0") double skew,
            @Default("false") boolean fixedMixture,
            @Default("dense") Estimate estimate,
            @Alias("pace") Optional<Curriculum> curriculum)
            implements Divergence {
        public Kl(Direction direction, double skew, boolean fixedMixture) {
            this(direction, skew, fixedMixture, new Estimate.Dense(), Optional.empty());
        }

        public Kl {
            if (curriculum.isPresent() && (skew == 0 || curriculum.get().least() > skew)) {
                throw new IllegalArgumentException(
                        ("kl.curriculum needs a skew of at least curriculum.least; got skew %s; "
                                + "write {skew: 0.1, curriculum: {}}").formatted(skew));
            }
            if (estimate instanceof Estimate.Sampled && (direction == Direction.FORWARD || skew != 0)) {
                throw new IllegalArgumentException(
                        ("kl.estimate: sampled is of reverse KL without skew; got direction %s, skew %s; write "
                                + "{direction: reverse, estimate: sampled}")
                        .formatted(direction.name().toLowerCase(java.util.Locale.ROOT), skew));
            }
            if (!(skew >= 0 && skew < 1)) {
                throw new IllegalArgumentException(
                        "kl.skew must be at least 0 and below 1; got %s; 0.1 is DistiLLM's".formatted(skew));
            }
            if (fixedMixture && (skew == 0 || direction == Direction.FORWARD)) {
                throw new IllegalArgumentException(
                        "kl.fixed_mixture concerns reverse KL with a skew; got direction %s, skew %s; remove it"
                        .formatted(direction.name().toLowerCase(java.util.Locale.ROOT), skew));
            }
        }
    }

    /// The curriculum of the skew of DistiLLM-2, Ko et al. 2025, arXiv:2503.07067, as its code has it: with `gap` the
    /// difference of the two sides' geometric mean probabilities of an answer's tokens, `exp(mean log p) - exp(mean
    /// log q)` for forward KL and the other way round for reverse KL, the skew of the answer is `clip(1 - (1 - skew)
    /// anchor / (gap + 1e-5), least, skew)`: hard answers keep the skew, near ones get less of it. The anchor is the
    /// mean gap over the first `steps` steps, while which the skew is the term's own.
    ///
    /// @param steps after which the anchor stands
    /// @param least smallest skew
    record Curriculum(@Default("100") int steps, @Default("0.01") double least) {
        public Curriculum {
            if (steps < 1 || !(least > 0 && least < 1)) {
                throw new IllegalArgumentException(
                        "curriculum needs steps >= 1 and 0 < least < 1; got %s and %s".formatted(steps, least));
            }
        }
    }

    /// Generalised Jensen-Shannon divergence: with `M = (1-b) q + b p`, `b KL(p || M) + (1-b) KL(q || M)`.
    ///
    /// Bounded by `log 2` for b = .5. Source: Agarwal et al. 2023, arXiv:2306.13649. As b goes to 0 it goes to 0
    /// itself, and divided by b to forward KL; some libraries jump to KL at the two ends, which is refused here.
    record Jsd(@Default("0.5") double beta) implements Divergence {
        public Jsd {
            if (!(beta > 0 && beta < 1)) {
                throw new IllegalArgumentException(
                        "jsd.beta must lie between 0 and 1, got %s; use kl for the two ends".formatted(beta));
            }
        }
    }

    /// `0.5 sum_v |p_v - q_v|`, from 0 to 1. Source: Wen et al. 2023, arXiv:2307.15190 (token level).
    record TotalVariation() implements Divergence {}

    /// `-1/(ab) sum_v [p^a q^b - a/(a+b) p^(a+b) - b/(a+b) q^(a+b)]`. (1, 1) is half the squared gap; (1, 0) would be
    /// forward, (0, 1) reverse KL.
    ///
    /// Source: Wang et al. 2025, arXiv:2505.04560 (ABKD; .2 and .7 on instructions).
    record AlphaBeta(@Default("0.2") double alpha, @Default("0.7") double beta) implements Divergence {
        public AlphaBeta {
            if (alpha == 0 || beta == 0 || alpha + beta == 0) {
                throw new IllegalArgumentException(
                        ("alpha_beta needs alpha, beta and their sum other than 0; got %s and %s; use kl for the two "
                                + "ends").formatted(alpha, beta));
            }
        }
    }

    /// Adaptive KL: forward and reverse KL weighed by where the two sides differ. With g the gap `sum |p - q|` over
    /// the head (likely tokens) and the tail (the least likely ones with a mass below `tail`),
    /// `g_head/(g_head+g_tail) KL(p||q) + g_tail/(g_head+g_tail) KL(q||p)`; the weights carry no gradient. Source: Wu
    /// et al. 2024, arXiv:2404.02657.
    record Akl(@Default("0.5") double tail) implements Divergence {
        public Akl {
            if (!(tail > 0 && tail < 1)) {
                throw new IllegalArgumentException(
                        "akl.tail is the mass of the tail, between 0 and 1; got %s; the paper has 0.5".formatted(tail));
            }
        }
    }

    /// A divergence `sum_v d_v` of which no entry of the vocabulary counts for more than a bound: `sum_v min(d_v,
    /// cap)`. Beyond it an entry has no gradient; below 0, where `d_v` may be, it is not bounded, so the sum may be
    /// negative. Source: OPSD, Zhao et al. 2026, arXiv:2601.18734 (forward KL, 0.05): words of style have many times
    /// the divergence of the rest.
    ///
    /// @param distance that is capped, entry by entry
    /// @param cap      largest summand, nats
    record Capped(@Default("kl") Divergence distance, @Default("0.05") double cap) implements Divergence {
        public Capped {
            if (!(cap > 0)) {
                throw new IllegalArgumentException(
                        "capped.cap must be above 0; got %s; 0.05 is OPSD's".formatted(cap));
            }
            if (distance instanceof Capped) {
                throw new IllegalArgumentException("capped.distance: a divergence without a cap; got capped; write "
                        + "capped: {distance: kl, cap: %s}".formatted(cap));
            }
            if (distance instanceof Kl kl
                    && (kl.curriculum().isPresent() || kl.estimate() instanceof Estimate.Sampled)) {
                throw new IllegalArgumentException("capped.distance: a sum over the vocabulary, of one skew; got kl "
                        + "with " + (kl.curriculum().isPresent() ? "curriculum" : "estimate: sampled")
                        + "; remove that");
            }
        }
    }

    /// Squared gap.
    record Mse(@Default("mean") Reduce reduce) implements Gap {}

    /// Absolute gap.
    record L1(@Default("mean") Reduce reduce) implements Gap {}

    /// Squared below `delta` (halved and divided by it), absolute above (less `delta / 2`). Source: Huber 1964.
    record SmoothL1(@Default("1") double delta, @Default("mean") Reduce reduce) implements Gap {
        public SmoothL1 {
            if (!(delta > 0)) {
                throw new IllegalArgumentException(
                        "smooth_l1.delta must be above 0; got %s; use l1 for none".formatted(delta));
            }
        }
    }

    /// `1 - cos` of the angle between the sides, from 0 to 2.
    record Cosine() implements Distance {}

    /// `1 - correlation` along the last axis, from 0 to 2. Source: DIST, Huang et al. 2022, arXiv:2205.10536.
    record Pearson() implements Distance {}

    /// Keeps the teacher's order of its `top` most likely tokens, averaged over their pairs i before j. `hinge`, on
    /// probabilities: `max(0, (p_i - p_j) - (q_i - q_j))`; `logistic`, on logits: `log(1 + exp(-(s_i - s_j)))`, which
    /// is never 0.
    record Ranking(@Default("hinge") Order by, @Default("16") int top) implements Distance {
        public Ranking {
            if (top < 2) {
                throw new IllegalArgumentException(
                        "ranking.top must be at least 2, for there to be a pair; got " + top);
            }
        }
    }

    /// What it costs to carry the students' distributions to the teacher's within groups of tokens: a plan of
    /// entropic transport between them, at the cost `sum |p - q|`. Not 0 at equality. Source: Cui et al. 2024,
    /// arXiv:2402.17110; deviation: mean over the group instead of the sum.
    ///
    /// @param group      tokens that share a plan
    /// @param epsilon    strength of the entropy
    /// @param iterations of normalising rows and columns
    record Sinkhorn(@Default("32") int group, @Default("0.1") double epsilon,
            @Default("20") @Alias("rounds") int iterations)
            implements Distance {
        public Sinkhorn {
            if (group < 1 || !(epsilon > 0) || iterations < 1) {
                throw new IllegalArgumentException(
                        "sinkhorn needs group >= 1, epsilon > 0, iterations >= 1; got %s, %s, %s".formatted(group,
                                epsilon,
                                iterations));
            }
        }
    }

    /// `1 -` linear centred kernel alignment over the items of a micro-batch, from 0 to 1; widths may differ. Source:
    /// Kornblith et al. 2019, arXiv:1905.00414. It reaches as far as one micro-batch.
    record Cka() implements Distance {}

    /// Maximum mean discrepancy with the kernel `(x . y)^2` between the items of the two sides as sets. Source: NST,
    /// Huang and Wang 2017, arXiv:1707.01219. It reaches as far as one micro-batch.
    record Mmd() implements Distance {}

    /// Each student item must pick its own teacher item among those of the micro-batch and of a bank: cross-entropy
    /// of `s_i . t_j / tau`.
    ///
    /// Source: CoDIR, Sun et al. 2020, arXiv:2009.14167.
    ///
    /// @param memoryBank teacher items of the steps before, the newest, that are negatives as well; part of the
    ///                   checkpoint, 4 bytes a number
    record InfoNce(@Default("0.1") double tau, @Default("0") @Alias("bank") int memoryBank) implements Distance {
        public InfoNce(double tau) {
            this(tau, 0);
        }

        public InfoNce {
            if (!(tau > 0 && memoryBank >= 0)) {
                throw new IllegalArgumentException(
                        "info_nce needs tau > 0 and memory_bank >= 0; got %s and %s".formatted(tau, memoryBank));
            }
        }
    }

    /// Contrast by angles: with `g_ij = 1 - cos` between student item i and teacher item j, `1 - mean over j != i of
    /// (g_ij - g_ii) / 2 + g_ii`: near its own teacher item, far from the others of the micro-batch, from 0 to 4.
    /// Source: LRC-BERT (COS-NCE), Fu et al. 2020, arXiv:2012.07335. It reaches as far as one micro-batch.
    record CosNce() implements Distance {}

    /// How unlike a preference the scores of two answers are: with `z = beta (s_chosen - s_rejected) - margin`, `-log
    /// sigmoid(z)`, smoothed to `-(1-e) log sigmoid(z) - e log sigmoid(-z)`; or `max(0, 1 - z)`; or `(s_chosen -
    /// s_rejected - 1/(2 beta))^2`.
    ///
    /// Sources: DPO, Rafailov et al. 2023, arXiv:2305.18290 (scores against a reference, beta .1); SimPO, Meng et al.
    /// 2024, arXiv:2405.14734 (mean log-probabilities, a margin, which is not multiplied by beta); smoothed: Mitchell
    /// 2023 (cDPO); hinge: SLiC, Zhao et al. 2023, arXiv:2305.10425; squared: IPO, Azar et al. 2023,
    /// arXiv:2310.12036, where beta is the paper's tau.
    ///
    /// @param labelSmoothing share e of pairs believed to be the wrong way round, below .5
    record Preference(
            @Default("0.1") double beta, @Default("0") double margin,
            @Default("0") @Alias("smoothing") double labelSmoothing,
            @Default("logistic") @Alias("by") PreferenceBy lossType)
            implements Distance {
        public Preference {
            if (!(beta > 0)) {
                throw new IllegalArgumentException(
                        "preference.beta must be above 0; got %s; 0.1 is DPO's, 2 SimPO's".formatted(beta));
            }
            if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
                throw new IllegalArgumentException(
                        "preference.label_smoothing must be at least 0 and below 0.5; got " + labelSmoothing);
            }
            if (lossType != PreferenceBy.LOGISTIC && labelSmoothing > 0 || lossType == PreferenceBy.SQUARED
                    && margin != 0) {
                throw new IllegalArgumentException("preference.by: '%s' takes no %s; remove it".formatted(
                        lossType.name().toLowerCase(java.util.Locale.ROOT), labelSmoothing > 0
                                ? "label_smoothing"
                                : "margin"));
            }
        }
    }

    /// How the gap between two scores costs.
    enum PreferenceBy {
        LOGISTIC,
        HINGE,
        SQUARED
    }

    /// Which side the expectation is taken over.
    enum Direction {
        /// KL(p || q), over the teacher.
        FORWARD,
        /// KL(q || p), over the student.
        REVERSE
    }

    /// What becomes of the last axis.
    enum Reduce {
        MEAN,
        SUM
    }

    /// How a pair of tokens in the wrong order costs.
    enum Order {
        HINGE,
        LOGISTIC
    }
}
