package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.loss.LossContext;
import dev.socratic.trainer.loss.SequenceLoss;
import dev.socratic.trainer.loss.StepSizes;
import dev.socratic.trainer.loss.TeacherWeights;
import dev.socratic.trainer.loss.TokenLoss;
import dev.socratic.trainer.loss.TokenStats;
import dev.socratic.trainer.objective.TokenPairing;
import dev.socratic.trainer.teacher.StoredTeacher;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/// What is known about the tokens of a micro-batch besides their labels, before any chunk of them is lost on.
///
/// @param start the student before the first step, for objectives that read it
record LossContexts(Decoder student, Optional<Decoder> start, VocabularyHead vocabulary) {
    /// What is known about each token besides its label: on which side of a pair it stands, what the losses of whole
    /// answers make of it.
    Marked of(
            NDManager scope, MicroBatch batch, TokenLoss objective, OptimizerStep step, NDArray ids, NDArray places,
            NDArray labels, NDArray hidden,
            List<VocabularyHead.Projected> teachers, Optional<StoredTeacher.Part> part) {
        StepSizes sizes = step.sizes();
        Optional<VocabularyHead.Projected> before = start.filter(ignored -> objective.readsStart()
                || objective.sequenceLoss().filter(SequenceLoss::readsStart).isPresent())
                .map(decoder -> new VocabularyHead.Projected(
                        vocabulary.select(decoder.forward(ids, batch.lengths(), Set.of(), false).states(), places),
                                Head.of(decoder)));
        Optional<SequenceLoss.Outcome> outcome = objective.sequenceLoss().map(loss -> loss.of(new SequenceLoss.Answers(
                batch, vocabulary.labelLogs(hidden, Head.of(student), labels),
                teachers.stream().findFirst().filter(ignored -> loss.readsTeacher())
                        .map(one -> vocabulary.labelLogs(one.hidden(), one.head(), labels)),
                before.filter(ignored -> loss.readsStart())
                        .map(one -> vocabulary.labelLogs(one.hidden(), one.head(), labels)), sizes)));
        Map<Integer, List<NDArray>> listen = objective.teacherWeights()
                .map(one -> one.weights(heard(one, batch, hidden, labels, teachers, part), scope)).orElse(Map.of());
        boolean split = sizes.rejectedTokens() > 0;
        return new Marked(before.filter(ignored -> objective.readsStart()), new LossContext(
                split ? Optional.of(factors(scope, batch, false, sizes)) : Optional.empty(), split
                        ? Optional.of(factors(scope, batch, true, sizes))
                        : Optional.empty(), answers(scope, batch, sizes),
                outcome.flatMap(SequenceLoss.Outcome::gradients), outcome.map(SequenceLoss.Outcome::skews)
                        .orElse(Map.of()), Optional.empty(), listen));
    }

    private TeacherWeights.Inputs heard(TeacherWeights listening, MicroBatch batch, NDArray hidden, NDArray labels,
            List<VocabularyHead.Projected> teachers, Optional<StoredTeacher.Part> part) {
        if (!listening.readsTokenStats()) {
            return new TeacherWeights.Inputs(batch, TokenStats.UNREAD,
                    Collections.nCopies(part.map(StoredTeacher.Part::teachers).orElse(teachers.size()),
                            TokenStats.UNREAD));
        }
        long columns = listening.vocab();
        return new TeacherWeights.Inputs(
                batch, vocabulary.outlook(new VocabularyHead.Projected(hidden, Head.of(student)), labels, columns),
                part.map(stores -> vocabulary.outlooks(stores, labels, columns))
                        .orElseGet(() -> teachers.stream()
                                .map(one -> one.unasked()
                                        ? TokenStats.UNREAD
                                        : vocabulary.outlook(one, labels, columns))
                                        .toList()));
    }

    /// @return `[tokens]`: what makes a mean over all tokens of the step one over those of a side
    private static NDArray factors(NDManager scope, MicroBatch batch, boolean second, StepSizes sizes) {
        float factor = (float) sizes.tokens() / Math.max(1, second ? sizes.rejectedTokens() : sizes.chosenTokens());
        float[] all = new float[batch.lossTokens()];
        for (int token = 0; token < all.length; token++) {
            all[token] = batch.isRejected(token) == second ? factor : 0;
        }
        return scope.create(all);
    }

    /// What makes a mean over the tokens of a side the mean of each answer's mean, by how tokens find their partners.
    private static Map<TokenPairing, NDArray> answers(NDManager scope, MicroBatch batch, StepSizes sizes) {
        Optional<TokenAlignment> join = batch.teacherBatch().map(MicroBatch.TeacherBatch::alignment);
        NDArray every = answers(scope, batch, sizes, token -> true);
        Map<TokenPairing, NDArray> all = new EnumMap<>(TokenPairing.class);
        for (TokenPairing pairing : TokenPairing.values()) {
            all.put(pairing, join.isEmpty() ? every : switch (pairing) {
                case PLACES -> answers(scope, batch, sizes, token -> join.get().byPosition()[token] >= 0);
                case SPANS -> answers(scope, batch, sizes, join.get()::endsSpan);
                case WARPING, ATTENTION -> every;
            });
        }
        return all;
    }

    /// @param item whether a token stands for one
    /// @return `[tokens]`
    private static NDArray answers(NDManager scope, MicroBatch batch, StepSizes sizes, IntPredicate item) {
        int[] items = new int[batch.rows()];
        for (int token = 0; token < batch.lossTokens(); token++) {
            items[(int) (batch.lossPositions()[token] / batch.seq())] += item.test(token) ? 1 : 0;
        }
        float[] all = new float[batch.lossTokens()];
        for (int token = 0; token < all.length; token++) {
            boolean second = batch.isRejected(token);
            double tokens = second ? sizes.rejectedTokens() : sizes.chosenTokens();
            int answers = second ? sizes.samples() - sizes.chosenSamples() : sizes.chosenSamples();
            all[token] =
                    (float) (tokens / (
                            (double) answers * Math.max(1, items[(int) (batch.lossPositions()[token] / batch.seq())])));
        }
        return scope.create(all);
    }

    /// @param start what the student's frozen start says, where a term compares with it
    record Marked(Optional<VocabularyHead.Projected> start, LossContext marks) {}
}
