package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.trainer.data.BatchTensors;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.loss.AnswerLogProbs;
import dev.socratic.trainer.loss.LossContext;
import dev.socratic.trainer.loss.SequenceTerms;
import dev.socratic.trainer.loss.StepLoss;
import dev.socratic.trainer.loss.StepSizes;
import dev.socratic.trainer.loss.TeacherWeights;
import dev.socratic.trainer.loss.TokenStats;
import dev.socratic.trainer.objective.TokenPairing;
import dev.socratic.trainer.teacher.TeacherPass;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/// What is known about the tokens of a micro-batch besides their labels, before any chunk of them is lost on. Arrays
/// are made where a term reads them, and nowhere else.
///
/// @param start the student before the first step, for objectives that read it
record LossContexts(Decoder student, Optional<Decoder> start, VocabularyHead vocabulary) {
    /// @param hidden   the student's final states at the loss tokens, `[tokens, hidden]`, without graph
    /// @param teachers what the teachers say of the micro-batch
    /// @param factor   that all gradients are larger by
    VocabularyHead.Tokens of(NDManager scope, MicroBatch batch, StepLoss loss, StepSizes sizes, BatchTensors tensors,
            NDArray hidden, TeacherPass teachers, float factor) {
        NDArray labels = tensors.labels();
        Optional<VocabularyHead.Projected> before = start
                .filter(ignored -> loss.readsStart() || loss.objective().watching()
                        || loss.sequences().filter(SequenceTerms::readsStart).isPresent())
                .map(decoder -> new VocabularyHead.Projected(vocabulary.select(
                        decoder.forward(tensors.rows(), false).states(), tensors.positions()), Head.of(decoder)));
        Optional<SequenceTerms.Outcome> sequences = loss.sequences().map(terms -> terms.of(new AnswerLogProbs(
                batch, vocabulary.labelLogs(hidden, Head.of(student), labels),
                terms.readsTeacher() ? vocabulary.labelLogs(teachers, labels) : Optional.empty(),
                before.filter(ignored -> terms.readsStart())
                        .map(one -> vocabulary.labelLogs(one.hidden(), one.head(), labels)), sizes)));
        before.filter(ignored -> loss.objective().watching()).ifPresent(one -> loss.objective().seenFromStart(
                own(batch, vocabulary.labelLogs(hidden, Head.of(student), labels)),
                own(batch, vocabulary.labelLogs(one.hidden(), one.head(), labels))));
        Map<Integer, List<NDArray>> teacherWeights = loss.teacherWeights()
                .map(weights -> weights.weights(weightInputs(weights, batch, hidden, labels, teachers), scope))
                .orElse(Map.of());
        boolean paired = sizes.rejectedTokens() > 0;
        LossContext context = new LossContext(
                paired ? Optional.of(sideScale(scope, batch, false, sizes)) : Optional.empty(),
                paired ? Optional.of(sideScale(scope, batch, true, sizes)) : Optional.empty(),
                answerScales(scope, batch, sizes, loss.answerMeans()),
                sequences.flatMap(SequenceTerms.Outcome::gradients).map(x -> factor == 1 ? x : x.mul(factor)),
                sequences.map(SequenceTerms.Outcome::skews).orElse(Map.of()), Optional.empty(), teacherWeights,
                DrawnText.scales(scope, batch, loss.objective(), sizes,
                        () -> vocabulary.labelLogs(hidden, Head.of(student), labels).toFloatArray()));
        return new VocabularyHead.Tokens(labels, teachers, before.filter(ignored -> loss.readsStart()), context);
    }

    /// @return of what the student wrote: of pairs the second rows
    private static float[] own(MicroBatch batch, NDArray logs) {
        float[] all = logs.toFloatArray();
        float[] written = new float[all.length];
        int n = 0;
        for (int token = 0; token < all.length; token++) {
            if (!batch.paired() || batch.isRejected(token)) {
                written[n++] = all[token];
            }
        }
        return Arrays.copyOf(written, n);
    }

    private TeacherWeights.Inputs weightInputs(TeacherWeights weights, MicroBatch batch, NDArray hidden, NDArray labels,
            TeacherPass teachers) {
        if (!weights.readsTokenStats()) {
            return new TeacherWeights.Inputs(batch, TokenStats.UNREAD,
                    Collections.nCopies(teachers.outputs().size(), TokenStats.UNREAD));
        }
        long columns = weights.vocab();
        return new TeacherWeights.Inputs(batch,
                vocabulary.stats(new VocabularyHead.Projected(hidden, Head.of(student)), labels, columns),
                teachers.outputs().stream().map(teacher -> vocabulary.stats(teacher, labels, columns)).toList());
    }

    /// @return `[tokens]`: what makes a mean over all tokens of the step one over those of a side
    private static NDArray sideScale(NDManager scope, MicroBatch batch, boolean second, StepSizes sizes) {
        float factor = (float) sizes.tokens() / Math.max(1, second ? sizes.rejectedTokens() : sizes.chosenTokens());
        float[] all = new float[batch.lossTokens()];
        for (int token = 0; token < all.length; token++) {
            all[token] = batch.isRejected(token) == second ? factor : 0;
        }
        return scope.create(all);
    }

    /// What makes a mean over the tokens of a side the mean of each answer's mean, by how tokens find their partners.
    ///
    /// @param pairings that a term reads
    private static Map<TokenPairing, NDArray> answerScales(NDManager scope, MicroBatch batch, StepSizes sizes,
            Set<TokenPairing> pairings) {
        Map<TokenPairing, NDArray> all = new EnumMap<>(TokenPairing.class);
        for (TokenPairing pairing : pairings) {
            Optional<TokenAlignment> alignment = batch.teacherBatch().map(MicroBatch.TeacherBatch::alignment);
            all.put(pairing, answerScale(scope, batch, sizes, alignment.<IntPredicate>map(joined -> switch (pairing) {
                case PLACES -> token -> joined.byPosition()[token] >= 0;
                case SPANS -> joined::endsSpan;
                case WARPING, ATTENTION -> token -> true;
            }).orElse(token -> true)));
        }
        return all;
    }

    /// @param item whether a token stands for one
    /// @return `[tokens]`
    private static NDArray answerScale(NDManager scope, MicroBatch batch, StepSizes sizes, IntPredicate item) {
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
}
