package dev.socratic.trainer.encoder;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.loss.FeatureInputs;
import dev.socratic.trainer.loss.FeatureTerms;
import dev.socratic.trainer.loss.LossContext;
import dev.socratic.trainer.loss.Positions;
import dev.socratic.trainer.loss.StepLoss;
import dev.socratic.trainer.objective.TokenPairing;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.GradientAccumulation;
import dev.socratic.trainer.step.VocabularyHead;
import dev.socratic.trainer.teacher.TeacherOutput;
import dev.socratic.trainer.teacher.TeacherPass;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Loss and gradients of an encoder's step. Terms against labels count where a token was masked, all others
/// wherever there is no padding.
final class MaskedBackward implements AutoCloseable {
    private final NDManager manager;
    private final Encoder student;
    private final Optional<Encoder> teacher;
    private final VocabularyHead vocabulary;
    private final Map<String, NDArray> weights;
    private final GradientAccumulation accumulation;

    /// @param learned weights of the objective's own by name
    MaskedBackward(NDManager manager, Encoder student, Optional<Encoder> teacher, Map<String, NDArray> learned) {
        this(manager, student, teacher, learned, ChunkedHead.LOGITS);
    }

    MaskedBackward(NDManager manager, Encoder student, Optional<Encoder> teacher, Map<String, NDArray> learned,
            long logits) {
        this.manager = manager;
        this.student = student;
        this.teacher = teacher;
        this.vocabulary = new VocabularyHead(manager, logits);
        this.weights = new LinkedHashMap<>(student.weights());
        this.weights.putAll(learned);
        this.accumulation = new GradientAccumulation(manager, weights, List.of(), List.of());
    }

    /// What is lost, by where it counts.
    ///
    /// @param onMasked where a token was masked
    /// @param onAll    wherever there is no padding
    record Losses(Optional<StepLoss> onMasked, Optional<StepLoss> onAll) {}

    /// Adds the gradients of one step's mean losses to those of the weights.
    ///
    /// @return share of the masked tokens predicted right; 0 where no term is over them
    double step(List<MaskedBatch> batches, Losses losses) {
        int maskedTokens = batches.stream().mapToInt(MaskedBatch::maskedTokens).sum();
        int tokens = batches.stream().mapToInt(MaskedBatch::tokens).sum();
        int rows = batches.stream().mapToInt(MaskedBatch::rows).sum();
        int asking = batches.stream()
                .mapToInt(batch -> (int) LongStream.of(batch.maskedPositions()).map(place -> place / batch.seq())
                        .distinct()
                        .count()).sum();
        long right = 0;
        for (MaskedBatch batch : batches) {
            try (NDManager scope = manager.newSubManager()) {
                right += microBatch(scope, batch, losses, maskedTokens, asking, tokens, rows);
            }
        }
        return (double) right / Math.max(1, maskedTokens);
    }

    private long microBatch(NDManager scope, MaskedBatch batch, Losses losses, int maskedTokens, int asking, int tokens,
            int rows) {
        NDArray ids = batch.text().array(scope); // [batch, seq]
        NDArray lengths = scope.create(batch.lengths()); // [batch]
        Optional<FeatureTerms> within = losses.onAll().flatMap(StepLoss::features);
        Set<Tap> teacherTaps = within.map(FeatureTerms::teacherTaps).orElse(Set.of());
        Optional<Signals> theirs = teacher.map(encoder -> encoder.forward(ids, lengths, teacherTaps, false));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Signals signals = student.forward(ids, lengths, within.map(FeatureTerms::studentTaps).orElse(Set.of()),
                    true);
            NDArray states = signals.states(); // [batch, seq, hidden]
            StateGradient masked = losses.onMasked().filter(loss -> batch.maskedTokens() > 0)
                    .map(loss ->
                            at(scope, batch.maskedPositions(), batch.labels(), loss, states, Optional.empty(),
                                    1f / maskedTokens,
                                    rowsOf(scope, batch, batch.maskedPositions(), loss.answerMeans(),
                                            (double) maskedTokens / asking)))
                    .orElseGet(() -> new StateGradient(scope.zeros(states.getShape()), 0));
            NDArray found = losses.onAll().filter(StepLoss::readsLogits)
                    .map(loss -> masked.gradient()
                            .add(at(scope, batch.paddingFreePositions(), batch.whole(), loss, states, theirs,
                                    1f / tokens,
                                    rowsOf(scope, batch, batch.paddingFreePositions(), loss.answerMeans(),
                                            (double) tokens / rows))
                                            .gradient()))
                    .orElse(masked.gradient()); // [batch, seq, hidden]
            Optional<NDArray> inside =
                    within.flatMap(body -> body.loss(new FeatureInputs(signals, theirs.orElseThrow(),
                    Head.of(teacher.orElseThrow()), Positions.of(batch.paddingFreePositions(), batch.seq(), scope),
                    tokens, rows,
                            Optional.empty())));
            inside.ifPresentOrElse(
                    loss -> back(vocabulary.surrogate(states, found, loss), scope.create(1f)),
                    () -> back(states, found));
            return masked.correct();
        }
    }

    /// A row is what an answer is to a decoder.
    ///
    /// @param pairings by which a term reads it
    /// @param each     tokens of the step over rows that have any
    private static LossContext rowsOf(NDManager scope, MaskedBatch batch, long[] where, Set<TokenPairing> pairings,
            double each) {
        if (pairings.isEmpty()) {
            return LossContext.NONE;
        }
        int[] lengths = new int[batch.rows()];
        for (long place : where) {
            lengths[(int) (place / batch.seq())]++;
        }
        float[] all = new float[where.length];
        for (int token = 0; token < all.length; token++) {
            all[token] = (float) (each / lengths[(int) (where[token] / batch.seq())]);
        }
        NDArray factors = scope.create(all);
        return LossContext.NONE.with(pairings.stream().collect(Collectors.toMap(pairing -> pairing,
                pairing -> factors)));
    }

    /// @param where  `[tokens]` in `[batch * seq]`
    /// @param labels `[tokens]` what really stands there
    /// @param scale  1 / such places of the step
    /// @return gradient in the states, `[batch, seq, hidden]`; the head has its own already
    private StateGradient at(NDManager scope, long[] where, long[] labels, StepLoss objective, NDArray states,
            Optional<Signals> theirs, float scale, LossContext context) {
        NDArray place = scope.create(where);
        TeacherPass teachers = new TeacherPass(theirs.stream().<TeacherOutput>map(signals -> new TeacherOutput.States(
                vocabulary.select(signals.states(), place), Head.of(teacher.orElseThrow()))).toList(), theirs,
                Optional.empty());
        VocabularyHead.Loss loss = vocabulary.loss(objective,
                new VocabularyHead.Projected(vocabulary.select(states, place), Head.of(student)), List.of(),
                new VocabularyHead.Tokens(scope.create(labels), teachers, context), scale);
        return new StateGradient(vocabulary.spread(states, place, loss.gradient()), loss.right());
    }

    /// Loss and hits where a token is masked, without gradients.
    ///
    /// @param batches with at least one such token in all
    Backward.Totals score(List<MaskedBatch> batches) {
        double sum = 0;
        long right = 0;
        long counted = 0;
        for (MaskedBatch batch : batches) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray ids = batch.text().array(scope); // [batch, seq]
                // [batch, seq, hidden]
                NDArray states = student.forward(ids, scope.create(batch.lengths()), Set.of(), false).states();
                NDArray hidden = vocabulary.select(states, scope.create(batch.maskedPositions())); // [tokens, hidden]
                VocabularyHead.Score score =
                        vocabulary.score(hidden, Head.of(student), scope.create(batch.labels()));
                sum += score.sum();
                right += score.right();
                counted += batch.maskedTokens();
            }
        }
        return new Backward.Totals(sum / counted, (double) right / counted);
    }

    private static void back(NDArray from, NDArray gradient) {
        Gradients.backward(from, gradient);
    }

    /// @return what is trained, by name
    Map<String, NDArray> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /// @return the gradients as they add up
    GradientAccumulation accumulation() {
        return accumulation;
    }

    @Override
    public void close() {
        vocabulary.close();
        accumulation.close();
    }

    private record StateGradient(NDArray gradient, long correct) {}
}
