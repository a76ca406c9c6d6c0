package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Distance.Divergence;
import dev.socratic.trainer.objective.Distance.Gap;
import dev.socratic.trainer.objective.Kind;

/// The distance between two sides, item by item.
final class Distances {
    private final Kernel kernel;

    Distances(Kernel kernel) {
        this.kernel = kernel;
    }

    /// @param sides rows of equal shapes, but for distances between sets
    /// @return unreduced, `[items]`
    NDArray between(Distance distance, Sides sides) {
        NDArray q = sides.student();
        NDArray p = sides.other();
        NDArray losses = switch (distance) {
            case Divergence divergence ->
                    divergence(divergence, logs("log_probabilities", q, sides),
                            logs("known_log_probabilities", p, sides));
            case Gap gap -> gap(gap, sides);
            case Distance.Cosine ignored -> kernel.call("cosine", q, p, sides.mask());
            case Distance.Pearson ignored -> kernel.call("pearson", q, p, sides.mask());
            case Distance.Ranking r ->
                    kernel.call("ranking", Arg.of(q), Arg.of(p), Arg.of(r.top()),
                            Arg.of(r.by() == Distance.Order.LOGISTIC));
            case Distance.Sinkhorn s -> kernel.call(
                    "sinkhorn", Arg.of(probabilities(q, sides)), Arg.of(probabilities(p, sides)),
                    Arg.of(s.group()), Arg.of(s.epsilon()), Arg.of(s.iterations()));
            case Distance.Cka ignored -> kernel.call("cka", rows(q), rows(p));
            case Distance.Mmd ignored -> kernel.call("mmd", rows(q), rows(p));
            case Distance.CosNce ignored -> kernel.call("cos_nce", rows(q), rows(p));
            case Distance.Preference preference -> kernel.call(
                    "preference", Arg.of(q), Arg.of(p), Arg.of(preference.beta()), Arg.of(preference.margin()),
                    Arg.of(preference.labelSmoothing()), Arg.of(preference.lossType().ordinal()));
            case Distance.InfoNce nce -> kernel.call(
                    "info_nce", Arg.of(rows(q)), Arg.of(rows(p)), Arg.of(nce.tau()));
        };
        return losses.getShape().dimension() == 2 ? kernel.call("grouped", losses) : losses; // [items]
    }

    private NDArray divergence(Divergence divergence, NDArray q, NDArray p) {
        return divergence instanceof Distance.Capped capped
                ? kernel.call("capped", summands(capped.distance(), "_entries", q, p), capped.cap())
                : summands(divergence, "", q, p);
    }

    /// @param form `_entries` for the summands, `[items, axis]`, nothing for their sum, `[items]`
    private NDArray summands(Divergence divergence, String form, NDArray q, NDArray p) {
        return switch (divergence) {
            case Distance.Kl kl when kl.skew() == 0 -> switch (kl.direction()) {
                case FORWARD -> kernel.call("kl" + form, q, p);
                case REVERSE -> kernel.call("kl" + form, p, q);
            };
            case Distance.Kl kl -> switch (kl.direction()) {
                case FORWARD -> kernel.call("kl_skewed" + form, Arg.of(q), Arg.of(p), Arg.of(kl.skew()));
                case REVERSE ->
                        kernel.call("kl_reverse_skewed" + form, Arg.of(q), Arg.of(p), Arg.of(kl.skew()),
                                Arg.of(kl.fixedMixture()));
            };
            case Distance.Jsd jsd -> kernel.call("jsd" + form, Arg.of(q), Arg.of(p), Arg.of(jsd.beta()));
            case Distance.TotalVariation ignored -> kernel.call("total_variation" + form, q, p);
            case Distance.AlphaBeta ab -> kernel.call(
                    "alpha_beta" + form, Arg.of(q), Arg.of(p), Arg.of(ab.alpha()), Arg.of(ab.beta()));
            case Distance.Akl akl -> kernel.call("adaptive" + form, Arg.of(q), Arg.of(p), Arg.of(akl.tail()));
            case Distance.Capped capped -> throw new IllegalStateException("a cap on the cap of " + capped);
        };
    }

    /// @param bank further items of the other side, `[n, width]`
    NDArray contrasted(Distance.InfoNce nce, Sides sides, NDArray bank) {
        return kernel.call("info_nce_bank", Arg.of(rows(sides.student())), Arg.of(rows(sides.other())), Arg.of(bank),
                Arg.of(nce.tau()));
    }

    /// KL with a skew of its own for each item.
    ///
    /// @param skews `[items]`
    NDArray paced(Distance.Kl kl, Sides sides, NDArray skews) {
        NDArray q = logs("log_probabilities", sides.student(), sides);
        NDArray p = logs("known_log_probabilities", sides.other(), sides);
        return switch (kl.direction()) {
            case FORWARD -> kernel.call("kl_skewed_each", q, p, skews);
            case REVERSE ->
                    kernel.call("kl_reverse_skewed_each", Arg.of(q), Arg.of(p), Arg.of(skews),
                            Arg.of(kl.fixedMixture()));
        };
    }

    private NDArray gap(Gap gap, Sides sides) {
        Arg q = Arg.of(sides.student());
        Arg p = Arg.of(sides.other());
        Arg hidden = Arg.of(sides.mask());
        Arg summed = Arg.of(gap.reduce() == Distance.Reduce.SUM);
        return switch (gap) {
            case Distance.Mse ignored -> kernel.call("mse", q, p, hidden, summed);
            case Distance.L1 ignored -> kernel.call("l1", q, p, hidden, summed);
            case Distance.SmoothL1 smooth ->
                    kernel.call("smooth_l1", q, p, hidden, summed, Arg.of(smooth.delta()));
        };
    }

    /// Groups side by side, for distances between sets of items: `[items, groups, axis]` to `[items, groups * axis]`.
    NDArray rows(NDArray x) {
        return x.getShape().dimension() == 3 ? kernel.call("joined", x) : x;
    }

    /// Logarithms of the probabilities a side stands for.
    private NDArray logs(String ofLogits, NDArray x, Sides sides) {
        return sides.kind() == Kind.PROBS ? kernel.call("logarithms", x) : kernel.call(ofLogits, x, sides.mask());
    }

    private NDArray probabilities(NDArray x, Sides sides) {
        return sides.kind() == Kind.PROBS ? x : kernel.call("softmax_", x, sides.mask());
    }
}
