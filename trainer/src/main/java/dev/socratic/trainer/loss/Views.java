package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.loss.Sides.Items;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.View;
import java.util.List;
import java.util.Optional;

/// Applies views to both sides of a term.
final class Views {
    private final Kernel kernel;

    Views(Kernel kernel) {
        this.kernel = kernel;
    }

    /// @return rows: counting positions are picked out of a grid at the end
    Sides apply(List<View> views, Sides sides, ViewContext setting) {
        Sides seen = sides;
        for (View view : views) {
            Kind kind = view.map(seen.kind()).orElseThrow();
            seen = apply(view, seen, setting).as(kind);
        }
        return picked(seen, setting);
    }

    private Sides apply(View view, Sides sides, ViewContext setting) {
        return switch (view) {
            case View.Temperature t -> both(sides, x -> kernel.call("scaled", x, 1 / t.tau()));
            case View.Scale scale ->
                    sides.with(sides.student(),
                            kernel.call("scaled", sides.other(), scale.by().at(setting.progress())));
            case View.Softmax ignored -> both(sides, x -> kernel.call("softmax_", x, sides.mask()));
            case View.Standardise ignored -> both(sides, x -> kernel.call("standardise", x));
            case View.TopK top -> top(top, sides);
            case View.Sort ignored -> {
                long width = Math.max(width(sides.student()), width(sides.other()));
                yield both(sides, x -> kernel.call("sorted_", x, width));
            }
            case View.Spans ignored -> setting.joined().map(joined -> joined.spans(sides)).orElse(sides);
            case View.Matched ignored -> setting.joined().map(joined -> joined.agreeing(sides)).orElse(sides);
            case View.Unmatched ignored -> setting.joined().map(joined -> joined.differing(sides))
                    .orElseGet(() -> both(sides, x -> kernel.call("scaled", x, 0.0)));
            case View.AlignVocab ignored -> setting.joined().map(joined -> joined.aligned(sides)).orElse(sides);
            case View.Target ignored -> both(sides, x -> kernel.call("target", x, setting.labels().orElseThrow()));
            case View.NonTarget ignored ->
                    both(sides, x -> kernel.call("non_target", x, setting.labels().orElseThrow()));
            case View.Differences ignored -> both(sides, x -> kernel.call("differences", x));
            case View.Unit ignored -> both(sides, x -> kernel.call("unit", x, sides.mask()));
            case View.Transpose ignored -> {
                Sides rows = flat(picked(sides, setting));
                yield both(rows, x -> kernel.call("transposed", x)).of(Items.CHANNELS).hiding(Optional.empty());
            }
            case View.Energy ignored -> energy(sides, setting);
            case View.Relation relation -> relation(relation, sides);
            case View.Salient salient -> salient(salient, sides, setting);
            case View.Phrases phrases -> {
                if (!sides.grid()) {
                    yield sides; // laid side by side, positions have no neighbours
                }
                // [seq]
                NDArray starts = sides.student().getManager()
                        .create(phrases.starts((int) sides.student().getShape().get(2), setting.progress()));
                yield both(sides, x -> kernel.call("running", x, starts));
            }
            case View.Pool pool -> pool(pool, flat(picked(sides, setting)), setting);
            case View.Project ignored -> {
                ViewContext.Mapped maps = setting.mapped().orElseThrow();
                yield sides.with(
                        kernel.call("mapped", sides.student(), maps.student()),
                        maps.teacher().map(weight -> kernel.call("mapped", sides.other(), weight))
                                .orElse(sides.other()));
            }
            case View.Head ignored -> {
                Sides rows = flat(picked(sides, setting));
                yield both(rows, setting.head().orElseThrow()::frozen);
            }
            case View.AsLogits ignored -> sides;
            case View.AsVectors ignored -> sides;
        };
    }

    private Sides top(View.TopK top, Sides sides) {
        NDArray by = switch (top.chosenBy()) {
            case TEACHER -> sides.other();
            case STUDENT -> sides.student();
        };
        String method = switch (top.tail()) {
            case BUCKET -> "top_and_rest";
            case RENORMALISE -> "top";
        };
        return both(sides, x -> kernel.call(
                method, Arg.of(x), Arg.of(by == x ? kernel.call("plain", by) : by), Arg.of(top.k())));
    }

    private Sides energy(Sides sides, ViewContext setting) {
        Positions places = setting.places().orElseThrow();
        NDArray student = kernel.call("energy", sides.student()); // [batch, seq]
        NDArray other = kernel.call("energy", sides.other()); // [batch, seq]
        NDArray hidden = kernel.call("uncounted", student, places.rows(), places.places()); // [samples, seq]
        // [samples, seq]
        return sides.with(kernel.call("rows", student, places.rows()), kernel.call("rows", other, places.rows()))
                .of(Items.SAMPLES)
                .hiding(Optional.of(hidden));
    }

    private Sides relation(View.Relation relation, Sides sides) {
        return switch (relation.measure()) {
            case DOT -> {
                int heads = relation.heads(all(sides.student()), all(sides.other()));
                Sides cut = heads == 0 || !sides.grid()
                        ? sides
                        : both(sides, x -> kernel.call("regrouped", x, heads));
                yield both(cut, x -> kernel.call("dots", x))
                        .hiding(cut.grid() ? Optional.of(later(cut, false)) : Optional.empty());
            }
            case COSINE -> both(sides, x -> kernel.call("cosines", x, sides.mask()))
                    .hiding(Optional.of(sides.grid()
                            ? later(sides, true)
                            : kernel.call("itself", kernel.call("dots", sides.student()))));
            case EUCLIDEAN -> both(sides, x -> kernel.call("lengths", x));
            case ANGLE -> sides.grid()
                    ? both(sides,
                            x -> kernel.call("angles_before", Arg.of(x), Arg.of(sides.mask()),
                                    Arg.of(relation.window())))
                            .hiding(Optional.of(kernel.call("before_start", sides.student(), relation.window())))
                    : angles(relation.heads(all(sides.student()), all(sides.other())), sides);
        };
    }

    private Sides angles(int heads, Sides rows) {
        return heads == 0
                ? both(rows, x -> kernel.call("angles", x, rows.mask()))
                : both(rows, x -> kernel.call("angles_of_heads", x, heads)); // [samples, heads, samples * samples]
    }

    private Sides salient(View.Salient salient, Sides sides, ViewContext setting) {
        Positions places = setting.places().orElseThrow();
        // [samples, seq]
        NDArray uncounted = kernel.call("uncounted", kernel.call("energy", sides.other()), places.rows(),
                places.places());
        // [samples, seq, width]
        Sides samples = both(sides, x -> kernel.call("rows", kernel.call("ungrouped", x), places.rows()));
        NDArray chosen = kernel.call(
                // [samples, k, 1 + k]
                "salient", Arg.of(samples.other()), Arg.of(uncounted), Arg.of(salient.k()),
                Arg.of(salient.heads(width(samples.other()))));
        return both(samples, x -> kernel.call("triplets", x, chosen)) // [samples, k * k * k]
                .of(Items.SAMPLES)
                .hiding(Optional.of(kernel.call("no_triplet", chosen)));
    }

    /// The last axis of all groups together.
    private static long all(NDArray x) {
        return x.getShape().dimension() == 2 ? width(x) : width(x) * x.getShape().get(1);
    }

    /// @param own whether a position is hidden from itself as well
    private NDArray later(Sides sides, boolean own) {
        return kernel.call("later", Arg.of(sides.student()), Arg.of(own)); // [1, 1, seq, seq]
    }

    private Sides pool(View.Pool pool, Sides rows, ViewContext setting) {
        Positions places = setting.places().orElseThrow();
        Sides pooled = switch (pool.by()) {
            case MEAN -> both(rows, x -> kernel.call("pooled", x, places.sample(), places.counts()));
            case FIRST -> both(rows, x -> kernel.call("rows", x, places.first()));
            case LAST -> both(rows, x -> kernel.call("rows", x, places.last()));
        };
        return pooled.of(Items.SAMPLES); // [samples, width]
    }

    /// Counting positions out of a grid; what are rows already stays as it is.
    private Sides picked(Sides sides, ViewContext setting) {
        if (!sides.grid()) {
            return sides;
        }
        NDArray places = setting.places().orElseThrow().places();
        Sides rows = both(sides, x -> kernel.call("picked", x, places)); // [tokens, groups, axis]
        return rows.hiding(sides.hidden().map(mask -> kernel.call("picked_mask", mask, places))); // [tokens, 1, axis]
    }

    /// Groups side by side, `[items, groups * axis]`.
    private Sides flat(Sides rows) {
        return rows.student().getShape().dimension() == 3 ? both(rows, x -> kernel.call("joined", x)) : rows;
    }

    private static long width(NDArray x) {
        return x.getShape().get(x.getShape().dimension() - 1);
    }

    private static Sides both(Sides sides, java.util.function.UnaryOperator<NDArray> step) {
        return sides.with(step.apply(sides.student()), step.apply(sides.other()));
    }
}
