package dev.socratic.trainer.step;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.FeatureLoss;
import dev.socratic.trainer.loss.Positions;
import dev.socratic.trainer.loss.SequenceLoss;
import dev.socratic.trainer.loss.TokenLoss;
import dev.socratic.trainer.optim.LossScale;
import dev.socratic.trainer.teacher.StoredTeacher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Loss and gradients of an optimiser step, micro-batch after micro-batch.
public final class Backward implements AutoCloseable {
    private final Decoder student;
    private final Optional<Decoder> teacher;
    private final LossContexts marking;
    private final List<Decoder> moreTeachers;
    private final Optional<StoredTeacher> stored;
    private final VocabularyHead vocabulary;
    private final NDManager manager;
    private final Head head;
    private final GradientAccumulation accumulation;

    public Backward(NDManager manager, Decoder student, Optional<Decoder> teacher, VocabularyHead vocabulary) {
        this(manager, student, teacher.stream().toList(), Optional.empty(), vocabulary, Map.of(), student.weights());
    }

    /// @param manager  of everything that lives for a step and of the head's own gradient
    /// @param teachers the first is the one whose body terms compare with
    /// @param stored   what stands for a teacher
    /// @param learned  weights of the objective's own by name
    /// @param trained  the student's weights whose gradients are wanted, by name
    public Backward(
            NDManager manager, Decoder student, List<Decoder> teachers, Optional<StoredTeacher> stored,
            VocabularyHead vocabulary,
            Map<String, NDArray> learned, Map<String, NDArray> trained) {
        this(manager, student, teachers, stored, Optional.empty(), vocabulary, learned, trained);
    }

    /// @param start the student before the first step, for objectives that read it
    public Backward(
            NDManager manager, Decoder student, List<Decoder> teachers, Optional<StoredTeacher> stored,
            Optional<Decoder> start,
            VocabularyHead vocabulary, Map<String, NDArray> learned, Map<String, NDArray> trained) {
        this.marking = new LossContexts(student, start, vocabulary);
        this.manager = manager;
        this.stored = stored;
        this.student = student;
        this.teacher = teachers.stream().findFirst();
        this.moreTeachers = teachers.stream().skip(1).toList();
        this.vocabulary = vocabulary;
        this.head = Head.of(student);
        Map<String, NDArray> weights = new LinkedHashMap<>(trained);
        weights.putAll(learned);
        this.accumulation =
                new GradientAccumulation(manager, weights, head.trainable(), head.gradients(manager));
    }

    /// Adds the gradients of one step's mean loss to those of the weights.
    ///
    /// @param objective what is lost on a token, now
    /// @return loss and hits over the whole step
    public Totals step(OptimizerStep step, TokenLoss objective) {
        return step(step, objective, LossScale.NONE);
    }

    /// @param lossScale all gradients are larger by its factor; the totals are not
    public Totals step(OptimizerStep step, TokenLoss objective, LossScale lossScale) {
        objective.sequenceLoss().filter(SequenceLoss::needsWholeStep).ifPresent(loss -> lookAhead(step, loss));
        double sum = 0;
        long right = 0;
        for (MicroBatch batch : step.batches()) {
            if (batch.lossTokens() == 0) {
                continue;
            }
            try (NDManager scope = manager.newSubManager()) {
                VocabularyHead.Loss loss = microBatch(scope, batch, objective, step, (float) lossScale.factor());
                sum += loss.sum();
                right += loss.right();
            }
        }
        return new Totals(sum / step.lossTokens(), (double) right / step.lossTokens());
    }

    /// A step of one micro-batch is seen whole anyway.
    private void lookAhead(OptimizerStep step, SequenceLoss loss) {
        List<MicroBatch> counting = step.batches().stream().filter(batch -> batch.lossTokens() > 0).toList();
        for (MicroBatch batch : counting.size() > 1 ? counting : List.<MicroBatch>of()) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())); // [batch, seq]
                NDArray places = scope.create(batch.lossPositions()); // [tokens]
                NDArray labels = scope.create(batch.labels()); // [tokens]
                loss.observe(new SequenceLoss.Answers(
                        batch, said(student, batch, ids, places, labels),
                        teacher.filter(ignored -> loss.readsTeacher())
                                .map(decoder -> said(decoder, batch, ids, places, labels)),
                        Optional.empty(), step.sizes()));
            }
        }
    }

    /// @return log probability of each label, `[tokens]`
    private NDArray said(Decoder decoder, MicroBatch batch, NDArray ids, NDArray places, NDArray labels) {
        NDArray states = decoder.forward(ids, batch.lengths(), Set.of(), false).states(); // [batch, seq, hidden]
        return vocabulary.labelLogs(vocabulary.select(states, places), Head.of(decoder), labels);
    }

    private VocabularyHead.Loss microBatch(NDManager scope, MicroBatch batch, TokenLoss objective, OptimizerStep step,
            float factor) {
        ForwardPass passing = (loss, pass) -> pass(scope, batch, loss, step, factor, pass);
        if (objective.editing().isEmpty()) {
            return passing.pass(objective, ForwardPass.Pass.PLAIN).loss();
        }
        return new EditedMicroBatch(scope, batch, step.batches().indexOf(batch), student, teacher,
                accumulation.trained(), passing)
                .run(objective, objective.editing().get());
    }

    private ForwardPass.Result pass(NDManager scope, MicroBatch batch, TokenLoss objective, OptimizerStep step,
            float factor,
            ForwardPass.Pass pass) {
        NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())); // [batch, seq]
        NDArray places = scope.create(batch.lossPositions()); // [tokens]
        NDArray labels = scope.create(batch.labels()); // [tokens]
        Set<Tap> teacherTaps = both(objective.featureLoss().map(FeatureLoss::teacherTaps), pass.teacherTaps());
        Optional<MicroBatch.TeacherBatch> teacherRow = batch.teacherBatch();
        MicroBatch their = teacherRow.map(MicroBatch.TeacherBatch::batch).orElse(batch);
        // [batch, their seq]
        NDArray theirIds = teacherRow.isEmpty() ? ids : scope.create(their.ids(), new Shape(their.rows(), their.seq()));
        NDArray theirPlaces = teacherRow.isEmpty() ? places : scope.create(their.lossPositions()); // [their tokens]
        Optional<Signals> theirs = teacher.filter(ignored -> objective.readsTeacher()
                && objective.needsTeacher(0, batch))
                .map(decoder -> decoder.forward(theirIds, their.lengths(), teacherTaps, pass.teacher(), false));
        List<VocabularyHead.Projected> teachers = new ArrayList<>();
        theirs.ifPresentOrElse(
                signals -> teachers.add(
                        new VocabularyHead.Projected(vocabulary.select(signals.states(), theirPlaces),
                                Head.of(teacher.orElseThrow()))),
                () -> teacher.filter(ignored -> objective.readsTeacher())
                        .ifPresent(one -> teachers.add(VocabularyHead.Projected.unasked(scope, Head.of(one)))));
        for (Decoder one : moreTeachers) {
            if (!objective.needsTeacher(teachers.size(), batch)) {
                teachers.add(VocabularyHead.Projected.unasked(scope, Head.of(one)));
                continue;
            }
            NDArray states = one.forward(ids, batch.lengths(), Set.of(), false).states(); // [batch, seq, their hidden]
            teachers.add(new VocabularyHead.Projected(vocabulary.select(states, places), Head.of(one)));
        }
        Optional<StoredTeacher.Part> part = stored.map(store -> store.part(batch));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Signals signals = student.forward(ids, batch.lengths(),
                    both(objective.featureLoss().map(FeatureLoss::studentTaps), pass.studentTaps()), pass.student(),
                    true);
            NDArray states = signals.states(); // [batch, seq, hidden]
            NDArray hidden = vocabulary.select(states, places); // [tokens, hidden]
            LossContexts.Marked marked = marking.of(scope, batch, objective, step, ids, places, labels, hidden,
                    teachers,
                    part);
            VocabularyHead.Loss loss = objective.readsLogits()
                    ? vocabulary.loss(
                            objective, hidden, head, pass.discardHeadGradient()
                                    ? List.of()
                                    : accumulation.ofHead(), labels, teachers, part,
                            teacherRow.map(one ->
                                    new TokenLoss.Chunk.TeacherTokens(one.alignment(),
                                            scope.create(one.batch().labels()))),
                            marked.start(), marked.marks(), factor / step.lossTokens())
                    : vocabulary.unread(hidden, head, labels);
            NDArray gradient = vocabulary.spread(states, places, loss.gradient()); // [batch, seq, hidden]
            Optional<NDArray> inside = objective.featureLoss().flatMap(body -> body.loss(new FeatureLoss.Body(
                    signals, theirs.orElseThrow(), Head.of(teacher.orElseThrow()),
                    Positions.of(batch.chosenPositions(), batch.seq(), scope),
                    step.sizes().chosenTokens(), step.sizes()
                            .chosenSamples(), readings(body, batch, their, signals, theirs.orElseThrow()))));
            Optional<NDArray> beside = sum(inside.map(feature -> factor == 1 ? feature : feature.mul(factor)),
                    pass.carriedLoss());
            if (pass.deferBackward()) {
                NDArray waiting = vocabulary.surrogate(states, gradient, beside.orElseGet(() -> scope.create(0f)));
                return new ForwardPass.Result(loss, signals, theirs, Optional.of(waiting));
            }
            beside.ifPresentOrElse(
                    more -> backward(vocabulary.surrogate(states, gradient, more)),
                    () -> Gradients.backward(states, gradient));
            return new ForwardPass.Result(loss, signals, theirs, Optional.empty());
        }
    }

    private Optional<FeatureLoss.Readings> readings(FeatureLoss body, MicroBatch batch, MicroBatch theirs,
            Signals student,
            Signals teacher) {
        return body.readsSpaces()
                ? Optional.of(
                        new FeatureLoss.Readings(vocabulary.reading(this.student, batch, student),
                                vocabulary.reading(this.teacher.orElseThrow(), theirs, teacher)))
                : Optional.empty();
    }

    private static Optional<NDArray> sum(Optional<NDArray> one, Optional<NDArray> other) {
        return one.isPresent() && other.isPresent() ? Optional.of(one.get().add(other.get())) : one.or(() -> other);
    }

    private static Set<Tap> both(Optional<Set<Tap>> asked, Set<Tap> more) {
        Set<Tap> all = new LinkedHashSet<>(asked.orElse(Set.of()));
        all.addAll(more);
        return all;
    }

    /// From one number: the gradients of head and body in one pass.
    private static void backward(NDArray surrogate) {
        NDArray one = surrogate.getManager().create(1f);
        Gradients.backward(surrogate, one);
    }

    /// @return the gradients as they add up
    public GradientAccumulation accumulation() {
        return accumulation;
    }

    /// Lets the terms over whole answers look at held-out pairs. The student stays as it is.
    public void look(List<MicroBatch> pairs, TokenLoss objective) {
        for (MicroBatch batch : pairs) {
            try (NDManager scope = manager.newSubManager();
                    GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())); // [batch, seq]
                NDArray places = scope.create(batch.lossPositions()); // [tokens]
                List<VocabularyHead.Projected> teachers = teacher.filter(ignored -> objective.readsTeacher())
                        .map(decoder -> new VocabularyHead.Projected(
                                vocabulary.select(decoder.forward(ids, batch.lengths(), Set.of(), false).states(),
                                        places), Head.of(decoder)))
                        .stream().toList();
                // [tokens, hidden]
                NDArray hidden = vocabulary.select(
                        student.forward(ids, batch.lengths(), Set.of(), false).states(), places);
                marking.of(scope, batch, objective, new OptimizerStep(List.of(batch)), ids, places,
                        scope.create(batch.labels()),
                        hidden, teachers, Optional.empty());
            }
        }
    }

    /// Loss and hits of held-out micro-batches, without gradients.
    public Totals score(List<MicroBatch> batches) {
        return score(student, batches, vocabulary, manager);
    }

    /// @return of any model; of pairs, the given rows count
    public static Totals score(Decoder decoder, List<MicroBatch> batches, VocabularyHead vocabulary,
            NDManager manager) {
        double sum = 0;
        long right = 0;
        long counted = 0;
        for (MicroBatch batch : batches) {
            if (batch.lossTokens() == 0) {
                continue;
            }
            try (NDManager scope = manager.newSubManager()) {
                NDArray ids = scope.create(batch.ids(), new Shape(batch.rows(), batch.seq())); // [batch, seq]
                // [batch, seq, hidden]
                NDArray states = decoder.forward(ids, batch.lengths(), Set.of(), false).states();
                MicroBatch given = batch.paired() ? batch.chosenOnly() : batch;
                NDArray hidden = vocabulary.select(states, scope.create(given.lossPositions())); // [tokens, hidden]
                VocabularyHead.Score score = vocabulary.score(hidden, Head.of(decoder), scope.create(given.labels()));
                sum += score.sum();
                right += score.right();
                counted += given.lossTokens();
            }
        }
        return new Totals(sum / counted, (double) right / counted);
    }

    @Override
    public void close() {
        accumulation.close();
    }

    /// @param loss     mean over the counting tokens, nats
    /// @param accuracy share of labels that were the most likely token
    public record Totals(double loss, double accuracy) {}
}
