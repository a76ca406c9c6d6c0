package dev.socratic.trainer.loop;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.socratic.models.decoder.Encoder;
import dev.socratic.models.decoder.Signals;
import dev.socratic.models.decoder.Tap;
import dev.socratic.trainer.kernel.Places;
import dev.socratic.trainer.masked.MaskedBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Loss and gradients of an encoder's step. Terms over logits count where a token was asked for, terms inside the body wherever there is no
/// padding.
///
/// The head of an encoder is a layer of its own, so chunks of states are leaves: each goes through the head with its graph, takes the gradient of
/// its logits back to the head's weights and to itself, and is forgotten.
final class MaskedBackward implements AutoCloseable {
    private static final long CHUNK_NUMBERS = 8L << 20;

    private final NDManager manager;
    private final Encoder student;
    private final Optional<Encoder> teacher;
    private final VocabularyHead places;
    private final Map<String, NDArray> weights;
    private final long chunkNumbers;

    /// @param learned weights of the objective's own by name
    MaskedBackward(NDManager manager, Encoder student, Optional<Encoder> teacher, Map<String, NDArray> learned) {
        this(manager, student, teacher, learned, CHUNK_NUMBERS);
    }

    MaskedBackward(NDManager manager, Encoder student, Optional<Encoder> teacher, Map<String, NDArray> learned, long chunkNumbers) {
        this.manager = manager;
        this.student = student;
        this.teacher = teacher;
        this.places = new VocabularyHead(manager);
        this.weights = new LinkedHashMap<>(student.weights());
        this.weights.putAll(learned);
        this.chunkNumbers = chunkNumbers;
    }

    /// Adds the gradients of one step's mean loss to those of the weights.
    ///
    /// @return share of the tokens asked for that were the likeliest
    double step(List<MaskedBatch> batches, TokenLoss objective) {
        int counting = batches.stream().mapToInt(MaskedBatch::counting).sum();
        int tokens = batches.stream().mapToInt(MaskedBatch::tokens).sum();
        int rows = batches.stream().mapToInt(MaskedBatch::rows).sum();
        long right = 0;
        for (MaskedBatch batch : batches) {
            try (NDManager scope = manager.newSubManager()) {
                right += microBatch(scope, batch, objective, counting, tokens, rows);
            }
        }
        return (double) right / counting;
    }

    private long microBatch(NDManager scope, MaskedBatch batch, TokenLoss objective, int counting, int tokens, int rows) {
        NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())); // [batch, seq]
        NDArray lengths = scope.create(batch.lengths()); // [batch]
        NDArray asked = scope.create(batch.places()); // [tokens]
        Set<Tap> teacherTaps = objective.body().map(BodyLoss::teacherTaps).orElse(Set.of());
        Optional<Signals> theirs = teacher.map(encoder -> encoder.forward(ids, lengths, teacherTaps, false));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Signals signals = student.forward(ids, lengths, objective.body().map(BodyLoss::studentTaps).orElse(Set.of()), true);
            NDArray states = signals.states(); // [batch, seq, hidden]
            NDArray gradient = scope.zeros(states.getShape());
            long right = 0;
            if (objective.readsLogits() && batch.counting() > 0) {
                Slopes slopes = slopes(scope, batch, objective, places.select(states, asked), theirs.map(signal -> places.select(signal.states(), asked)), 1f / counting);
                gradient = places.spread(states, asked, slopes.gradient()); // [batch, seq, hidden]
                right = slopes.right();
            }
            NDArray found = gradient;
            Optional<NDArray> inside = objective.body().flatMap(body -> body.loss(new BodyLoss.Body(signals, theirs.orElseThrow(),
                    Head.unbounded(embedding()), Places.of(batch.real(), batch.seq(), scope), tokens, rows, Optional.empty())));
            inside.ifPresentOrElse(
                    loss -> back(places.surrogate(states, found, loss), scope.create(1f)),
                    () -> back(states, found));
            return right;
        }
    }

    /// @param hidden `[tokens, hidden]`, the student's, without graph
    /// @param theirs `[tokens, hidden]`, the teacher's
    private Slopes slopes(NDManager scope, MaskedBatch batch, TokenLoss objective, NDArray hidden, Optional<NDArray> theirs, float scale) {
        long rows = Math.max(1, chunkNumbers / student.config().vocab());
        List<NDArray> gradients = new ArrayList<>();
        long right = 0;
        for (long from = 0; from < batch.counting(); from += rows) {
            NDIndex part = new NDIndex("{}:{}", from, Math.min(batch.counting(), from + rows));
            try (NDManager chunk = scope.newSubManager()) {
                NDArray leaf = hidden.get(part).duplicate(); // [chunk, hidden]
                leaf.attach(scope);
                leaf.setRequiresGradient(true);
                NDArray logits = student.logits(leaf, true); // [chunk, vocab]
                logits.attach(chunk);
                NDArray seen = logits.stopGradient().duplicate();
                seen.attach(chunk);
                NDArray labels = chunk.create(batch.labels()).get(part);
                List<NDArray> others = theirs.stream().map(states -> teacher.orElseThrow().logits(states.get(part), false)).toList();
                others.forEach(other -> other.attach(chunk));
                TokenLoss.Slope slope = objective.slope(new TokenLoss.Chunk(seen, labels, others), scale);
                right += slope.right();
                back(logits, slope.gradient());
                NDArray gradient = JniUtils.getGradient((PtNDArray) leaf).duplicate();
                gradient.attach(scope);
                gradients.add(gradient);
            }
        }
        return new Slopes(gradients.size() == 1 ? gradients.getFirst() : NDArrays.concat(new NDList(gradients), 0), right);
    }

    private NDArray embedding() {
        return student.weights().values().iterator().next();
    }

    private static void back(NDArray from, NDArray gradient) {
        JniUtils.backward((PtNDArray) from, (PtNDArray) gradient, false, false);
    }

    /// @return the gradient of each weight by name; the arrays belong to `scope`
    Map<String, NDArray> gradients(NDManager scope) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            NDArray gradient = JniUtils.getGradient((PtNDArray) weight);
            if (gradient != null) {
                gradient.attach(scope);
            }
            all.put(name, gradient != null ? gradient : scope.zeros(weight.getShape()));
        });
        return all;
    }

    @Override
    public void close() {
        places.close();
    }

    private record Slopes(NDArray gradient, long right) {}
}
