package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.teacher.TeacherTarget;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// What single terms over logits lose on a chunk of tokens, against whom they are.
///
/// @param blending how far a target has moved to the teacher
record TokenTerms(Plan plan, Kernel kernel, Views views, Distances distances, TokenWeights tokenWeights,
        Blending blending) {
    /// @param number of the term
    /// @return what is lost on each token, `[tokens]`
    NDArray loss(int number, TokenChunk chunk, double progress) {
        Term term = plan.objective().terms().get(number);
        NDArray loss = distance(number, term, chunk, progress); // [items]
        long tokens = chunk.labels().getShape().get(0);
        // Classes instead of tokens: each token of the chunk stands for the mean over them.
        // [tokens]
        NDArray even = loss.getShape().get(0) == tokens ? loss : kernel.call("spread_evenly", loss, chunk.labels());
        return tokenWeights.of(term.tokens(), term.pairing(), cut(chunk))
                .map(weight -> kernel.call("times", even, weight)).orElse(even);
    }

    private NDArray distance(int number, Term term, TokenChunk chunk, double progress) {
        boolean ofLabels = term.against() instanceof Against.Labels;
        ViewContext setting = ViewContext.ofTokens(progress, ofLabels ? chunk.labels() : placed(chunk.labels()));
        return switch (term.against()) {
            case Against.Labels ignored -> againstLabels(term, chunk, setting);
            case Against.Teacher ignored when chunk.theirs().isPresent() -> acrossTokenizers(term, chunk, setting);
            case Against.Teacher ignored when chunk.teachers().getFirst() instanceof TeacherTarget.Partial partial ->
                    ofPart(term, partial, chunk, setting);
            case Against.Teacher ignored when chunk.teachers().getFirst() instanceof TeacherTarget.Named named ->
                    ofNamed(term, named, chunk);
            case Against.Teacher ignored -> {
                // [tokens, shared]
                Sides both = sides(term, shared(chunk.logits()), shared(chunk.teacherLogits(0)));
                NDArray skews = chunk.context().skews().get(number);
                yield skews == null
                        ? distances.between(term.distance(), views.apply(term.views(), both, setting))
                        : distances.paced((Distance.Kl) term.distance(), both, skews);
            }
            case Against.Reference ignored -> distances.between(
                    term.distance(),
                    views.apply(term.views(),
                            sides(term, shared(chunk.logits()), shared(chunk.context().startLogits().orElseThrow())),
                            setting));
            case Against.Rejected ignored ->
                    throw new IllegalStateException("a term over whole answers among those over logits");
            case Against.Teachers teachers -> ofTeachers(number, term, teachers, chunk, setting);
            case Against.Blend blend -> {
                NDArray student = shared(chunk.logits());
                NDArray other = kernel.call(
                        "blended", Arg.of(student), Arg.of(shared(chunk.teacherLogits(0))),
                        Arg.of(blending.share(number, blend, progress)));
                yield distances.between(term.distance(),
                        views.apply(term.views(), sides(term, student, other), setting));
            }
        };
    }

    /// Against what a store kept of a teacher's distributions.
    private NDArray ofPart(Term term, TeacherTarget.Partial partial, TokenChunk chunk, ViewContext setting) {
        NDArray mine = shared(chunk.logits()); // [tokens, shared]
        return partial.distribution().kl(views.apply(term.views(), sides(term, mine, mine), setting).student());
    }

    /// Both sides over the classes that a served teacher knows: its likeliest tokens, and all others as one. The
    /// logarithms of probabilities are logits of themselves.
    private NDArray ofNamed(Term term, TeacherTarget.Named named, TokenChunk chunk) {
        NDArray logs = kernel.call("finite_log_softmax", shared(chunk.logits())); // [tokens, shared]
        NDArray mine = kernel.call("named_and_rest", logs, named.ids()); // [tokens, k + 1]
        return distances.between(term.distance(), sides(term, mine, named.logs()));
    }

    /// Each student token has the loss of the row that ends with it; what has no partner on the other side has none.
    private NDArray acrossTokenizers(Term term, TokenChunk chunk, ViewContext setting) {
        AlignedSides joined = new AlignedSides(kernel, plan.vocabularyAlignment().orElseThrow(), chunk);
        NDArray student = shared(chunk.logits()); // [tokens, vocab]
        NDArray nothing = kernel.call("nothing", student); // [tokens]
        long[] tokens = joined.tokens(term);
        if (tokens.length == 0) {
            return nothing;
        }
        Sides start = joined.start(term, sides(term, student, joined.teacher()));
        Sides seen = views.apply(term.views(), start, setting.with(Optional.of(joined))); // [items, ..]
        // [tokens]
        return kernel.call("put", nothing, distances.between(term.distance(), seen),
                nothing.getManager().create(tokens));
    }

    private NDArray ofTeachers(int number, Term term, Against.Teachers teachers, TokenChunk chunk,
            ViewContext setting) {
        List<NDArray> listen = chunk.context().teacherWeights().getOrDefault(number, List.of());
        NDArray sum = null;
        for (int k = 0; k < chunk.teachers().size(); k++) {
            TeacherTarget target = chunk.teachers().get(k);
            if (k > 0 && !survives(teachers, k, setting.progress()) || target instanceof TeacherTarget.NotAsked) {
                continue;
            }
            NDArray loss = target instanceof TeacherTarget.Partial partial
                    ? ofPart(term, partial, chunk, setting)
                    : distances.between(term.distance(), views.apply(term.views(),
                            sides(term, shared(chunk.logits()), shared(chunk.teacherLogits(k))), setting));
            NDArray weight = listen.isEmpty()
                    ? tokenWeights.ofTeacher(teachers.weigh(), k, cut(chunk), setting.progress())
                    : listen.get(k);
            NDArray weighed = kernel.call("times", loss, weight); // [tokens]
            sum = sum == null ? weighed : kernel.call("plus", sum, weighed);
        }
        return sum == null ? kernel.call("nothing", shared(chunk.logits())) : sum;
    }

    /// The same for every chunk of a step, whose progress names it.
    private static boolean survives(Against.Teachers teachers, int teacher, double progress) {
        long seed = Seeds.derive(1, "survival", Double.toString(progress), Integer.toString(teacher));
        return teachers.survival() == 1 || new Random(seed).nextDouble() < teachers.survival();
    }

    private NDArray againstLabels(Term term, TokenChunk chunk, ViewContext setting) {
        NDArray logits = chunk.logits();
        if (term.distance() instanceof Distance.Kl kl && kl.skew() == 0
                && term.views().stream().allMatch(view -> view instanceof View.Temperature)) {
            NDArray seen = views.apply(term.views(), sides(term, logits, logits), setting).student();
            return kernel.call("kl_labels", seen, chunk.labels()); // [tokens]
        }
        NDArray certain = kernel.call("one_hot", logits, chunk.labels()); // [tokens, vocab]
        Sides seen = views.apply(term.views(), sides(term, logits, logits), setting);
        Sides probabilities = switch (seen.kind()) {
            case PROBS -> seen;
            case LOGITS, VECTORS, SCALARS -> seen.with(kernel.call("softmax_", seen.student(), seen.mask()), certain)
                    .as(Kind.PROBS);
        };
        return distances.between(term.distance(), probabilities.with(probabilities.student(), certain));
    }

    private static Sides sides(Term term, NDArray student, NDArray other) {
        return new Sides(student, other, term.tap().kind(), Sides.Items.TOKENS, Optional.empty());
    }

    /// Both sides are cut to the ids that mean the same on both: `[tokens, vocab]` to `[tokens, shared]`.
    private NDArray shared(NDArray logits) {
        if (plan.sharedIds().filter(same -> !same.isPrefix()).isPresent()) {
            return kernel.call("chosen_columns", logits, logits.getManager().create(plan.sharedIds().get().ids()));
        }
        return logits.getShape().get(1) == plan.sharedVocab()
                ? logits
                : kernel.call("columns", logits, plan.sharedVocab());
    }

    /// @return where the labels stand among the ids compared, `[tokens]`
    private NDArray placed(NDArray labels) {
        return plan.sharedIds().filter(same -> !same.isPrefix())
                .map(same -> kernel.call("looked_up", labels.getManager().create(same.ranks()), labels))
                .orElse(labels);
    }

    /// Weights look at the ids both sides know, as the distances do: padding rows of an embedding are no tokens.
    private TokenChunk cut(TokenChunk chunk) {
        return chunk.cut(this::shared, placed(chunk.labels()));
    }
}
