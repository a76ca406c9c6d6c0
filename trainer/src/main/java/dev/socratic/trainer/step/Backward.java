package dev.socratic.trainer.step;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.data.BatchTensors;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.AnswerLogProbs;
import dev.socratic.trainer.loss.FeatureInputs;
import dev.socratic.trainer.loss.FeatureTerms;
import dev.socratic.trainer.loss.Positions;
import dev.socratic.trainer.loss.SequenceTerms;
import dev.socratic.trainer.loss.StepLoss;
import dev.socratic.trainer.loss.StepSizes;
import dev.socratic.trainer.optim.LossScale;
import dev.socratic.trainer.teacher.TeacherPass;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Loss and gradients of an optimiser step, micro-batch after micro-batch: teachers, forward, loss, backward.
public final class Backward implements AutoCloseable {
    private final NDManager manager;
    private final Decoder student;
    private final Head head;
    private final TeacherSide teacher;
    private final LossContexts contexts;
    private final VocabularyHead vocabulary;
    private final GradientAccumulation accumulation;
    private final StepMemory memory;
    private final boolean paddingFree;
    private Optional<Consumer<Map<String, NDArray>>> early = Optional.empty();
    private List<GradientAccumulation.Part> parts = List.of();
    private List<Replica> replicas = List.of();
    private int devices = 1;

    /// Over rows side by side.
    public Backward(NDManager manager, Decoder student, TeacherSide teacher, Optional<Decoder> start,
            VocabularyHead vocabulary, Map<String, NDArray> weights) {
        this(manager, student, teacher, start, vocabulary, weights, StepMemory.USUAL, false);
    }

    /// @param manager     of everything that lives for a step and of the head's own gradient
    /// @param teacher     what the student is compared with
    /// @param start       the student before the first step, for objectives that read it
    /// @param weights     whose gradients are wanted, by name: of the student, and of the objective's own
    /// @param memory      what is kept of the forward pass, and where
    /// @param paddingFree whether rows are laid end to end, wherever a loss reads final states alone
    public Backward(NDManager manager, Decoder student, TeacherSide teacher, Optional<Decoder> start,
            VocabularyHead vocabulary, Map<String, NDArray> weights, StepMemory memory, boolean paddingFree) {
        this.memory = memory;
        this.paddingFree = paddingFree;
        this.manager = manager;
        this.student = student;
        this.head = Head.of(student);
        this.teacher = teacher;
        this.contexts = new LossContexts(student, start, vocabulary);
        this.vocabulary = vocabulary;
        this.accumulation = new GradientAccumulation(manager, weights, head.trainable(), head.gradients(manager));
    }

    /// Adds the gradients of one step's mean loss to those of the weights.
    ///
    /// @param loss what is lost, now
    /// @return loss and hits over the whole step
    public Totals step(OptimizerStep step, StepLoss loss) {
        return step(step, loss, LossScale.NONE);
    }

    /// @param lossScale all gradients are larger by its factor; the totals are not
    public Totals step(OptimizerStep step, StepLoss loss, LossScale lossScale) {
        return step(step, loss, lossScale, StepNoise.NONE);
    }

    /// @param noise inside the student
    public Totals step(OptimizerStep step, StepLoss loss, LossScale lossScale, StepNoise noise) {
        loss.sequences().filter(SequenceTerms::needsWholeStep).ifPresent(terms -> observe(step, terms));
        return early.isPresent() ? layerByLayer(step, loss, lossScale, noise, early.get())
                : oneByOne(step, loss, lossScale, noise);
    }

    /// Micro-batch `i` runs on device `i mod devices`. Devices work side by side though one thread feeds them: nothing
    /// is read before all have their work.
    private Totals oneByOne(OptimizerStep step, StepLoss loss, LossScale lossScale, StepNoise noise) {
        List<NDArray> sums = new ArrayList<>();
        sums.add(every(0, step, loss, lossScale, noise));
        for (int i = 0; i < replicas.size(); i++) {
            Replica replica = replicas.get(i).synced();
            sums.add(replica.backward().every(i + 1, step, replica.loss().at(loss.progress()), lossScale, noise));
        }
        return sums.stream().map(one -> totals(step, one)).reduce(Totals::plus).orElseThrow();
    }

    /// @param device number of it, of as many as there are replicas, and this
    private NDArray every(int device, OptimizerStep step, StepLoss loss, LossScale lossScale, StepNoise noise) {
        NDArray sums = manager.zeros(new Shape(2), DataType.FLOAT64); // read once, behind the last micro-batch
        List<MicroBatch> counting = counting(step);
        for (int i = device; i < counting.size(); i += devices) {
            MicroBatch batch = counting.get(i);
            try (NDManager scope = manager.newSubManager();
                    StudentPasses passes = new StudentPasses(student, memory)) {
                sums.addi(microBatch(micro(scope, step, batch, loss, lossScale, noise, passes), loss).sums());
            }
        }
        return sums;
    }

    /// From the next step on, shares its micro-batches with copies of the student on other devices, whose gradients
    /// [#accumulation] adds in their order.
    ///
    /// @param copies which stay the caller's
    public void share(List<Replica> copies) {
        replicas = List.copyOf(copies);
        devices = 1 + copies.size();
        copies.forEach(copy -> copy.backward().devices = devices);
        accumulation.add(copies.stream().map(copy -> copy.backward().accumulation).toList());
    }

    private MicroStep micro(NDManager scope, OptimizerStep step, MicroBatch batch, StepLoss loss, LossScale lossScale,
            StepNoise noise, StudentPasses passes) {
        BatchTensors tensors = BatchTensors.of(batch, endToEnd(loss), scope);
        List<Change> changes = noise.of(step.batches().indexOf(batch), tensors.rows(), batch.seq(), scope);
        return new MicroStep(scope, step, batch, (float) lossScale.factor(), passes, tensors, changes);
    }

    private static List<MicroBatch> counting(OptimizerStep step) {
        return step.batches().stream().filter(batch -> batch.lossTokens() > 0).toList();
    }

    private static Totals totals(OptimizerStep step, NDArray sums) {
        double[] read = sums.toDoubleArray();
        sums.close();
        return new Totals(read[0] / step.lossTokens(), read[1] / step.lossTokens());
    }

    /// From the next step on, hands over the gradients of a layer when they are whole, from the last layer to the
    /// first; then they are gone, and [#accumulation] speaks of the other weights alone. A step whose loss is no number
    /// hands nothing over.
    ///
    /// @param user may change the layer's weights
    public void early(Consumer<Map<String, NDArray>> user) {
        early = Optional.of(user);
        parts = IntStream.range(0, student.config().layers())
                .mapToObj(layer -> accumulation.part(student.layer(layer))).toList();
    }

    /// All micro-batches forward, whose streams wait; then all of them back through the last layer, and so on.
    private Totals layerByLayer(OptimizerStep step, StepLoss loss, LossScale lossScale, StepNoise noise,
            Consumer<Map<String, NDArray>> user) {
        NDArray sums = manager.zeros(new Shape(2), DataType.FLOAT64);
        List<StudentPasses> open = new ArrayList<>();
        try (NDManager scope = manager.newSubManager()) {
            for (MicroBatch batch : counting(step)) {
                open.add(new StudentPasses(student, memory));
                sums.addi(microBatch(micro(scope, step, batch, loss, lossScale, noise, open.getLast()), loss).sums());
            }
            Totals totals = totals(step, sums);
            if (Double.isFinite(totals.loss())) {
                for (int layer = parts.size() - 1; layer >= 0; layer--) {
                    int now = layer;
                    parts.get(layer).refill();
                    open.forEach(passes -> passes.backward(now));
                    parts.get(layer).take(user);
                }
                open.forEach(StudentPasses::backwardBelow);
            }
            return totals;
        } finally {
            open.forEach(StudentPasses::close);
        }
    }

    /// A micro-batch of a step.
    ///
    /// @param scope  of everything that is made for it
    /// @param factor that all its gradients are larger by
    /// @param passes through the student's body
    /// @param noise  that each of them has
    private record MicroStep(NDManager scope, OptimizerStep step, MicroBatch batch, float factor,
            StudentPasses passes, BatchTensors tensors, List<Change> noise) {
        List<Change> and(List<Change> changes) {
            return Stream.concat(noise.stream(), changes.stream()).toList();
        }

        NDArray scaled(NDArray loss) {
            return factor == 1 ? loss : loss.mul(factor);
        }
    }

    /// What is compared inside the bodies, or changed there, has its place in `[batch, seq]`.
    private boolean endToEnd(StepLoss loss) {
        return paddingFree && loss.features().isEmpty() && loss.editing().isEmpty();
    }

    private VocabularyHead.Loss microBatch(MicroStep micro, StepLoss loss) {
        ForwardPass forward = (what, pass) -> pass(micro, what, pass);
        return loss.editing().isEmpty()
                ? forward.pass(loss, ForwardPass.Pass.PLAIN).loss()
                : new EditedMicroBatch(micro.scope(), micro.batch(), micro.step().batches().indexOf(micro.batch()),
                        student, teacher.decoder(), accumulation.trained(), forward).run(loss, loss.editing().get());
    }

    /// Forward, loss, backward. The graph is cut at the final states: what is lost over the vocabulary comes back as a
    /// gradient in them, what is lost inside the body as one number with its graph, and both go back at once.
    private ForwardPass.Result pass(MicroStep micro, StepLoss loss, ForwardPass.Pass pass) {
        MicroBatch batch = micro.batch();
        BatchTensors tensors = micro.tensors();
        TeacherPass teachers = loss.readsTeacher()
                ? teacher.forward(batch, new TeacherSide.Asked(endToEnd(loss),
                        both(loss.features().map(FeatureTerms::teacherTaps), pass.teacherTaps()), pass.teacher()),
                        micro.scope())
                : TeacherPass.NONE;
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            Signals signals = micro.passes().forward(tensors.rows(),
                    both(loss.features().map(FeatureTerms::studentTaps), pass.studentTaps()),
                    micro.and(pass.student()));
            NDArray states = signals.states(); // [batch, seq, hidden], or [1, tokens of all rows, hidden]
            NDArray hidden = vocabulary.select(states, tensors.positions()); // [tokens, hidden]

            VocabularyHead.Tokens known = contexts.of(micro.scope(), batch, loss, micro.step().sizes(), tensors, hidden,
                    teachers, micro.factor());
            VocabularyHead.Loss lost = loss.readsLogits()
                    ? vocabulary.loss(loss, new VocabularyHead.Projected(hidden, head),
                            pass.discardHeadGradient() ? List.of() : accumulation.ofHead(), known,
                            micro.factor() / micro.step().lossTokens())
                    : vocabulary.unread(hidden, head, tensors.labels());
            Optional<NDArray> inside = loss.features()
                    .flatMap(terms -> terms.loss(featureInputs(micro, terms, signals, teachers)));

            NDArray gradient = vocabulary.spread(states, tensors.positions(), lost.gradient()); // as the states
            Optional<NDArray> number = sum(inside.map(micro::scaled), pass.carriedLoss());
            if (pass.deferBackward()) {
                return new ForwardPass.Result(lost, signals, teachers.signals(), Optional.of(vocabulary.surrogate(
                        states, gradient, number.orElseGet(() -> micro.scope().create(0f)))));
            }
            number.ifPresentOrElse(
                    more -> backward(vocabulary.surrogate(states, gradient, more)),
                    () -> backward(pass, states, gradient));
            if (early.isEmpty() || pass.discardHeadGradient()) {
                micro.passes().backward();
            }
            return new ForwardPass.Result(lost, signals, teachers.signals(), Optional.empty());
        }
    }

    private FeatureInputs featureInputs(MicroStep micro, FeatureTerms terms, Signals signals, TeacherPass teachers) {
        MicroBatch batch = micro.batch();
        StepSizes sizes = micro.step().sizes();
        Decoder other = teacher.decoder().orElseThrow();
        Signals theirs = teachers.signals().orElseThrow();
        MicroBatch theirBatch = batch.teacherBatch().map(MicroBatch.TeacherBatch::batch).orElse(batch);
        return new FeatureInputs(signals, theirs, Head.of(other),
                Positions.of(batch.chosenPositions(), batch.seq(), micro.scope()), sizes.chosenTokens(),
                sizes.chosenSamples(), terms.readsSpaces()
                        ? Optional.of(new FeatureInputs.Spaces(vocabulary.finalStates(student, batch, signals),
                                vocabulary.finalStates(other, theirBatch, theirs)))
                        : Optional.empty());
    }

    private static Optional<NDArray> sum(Optional<NDArray> one, Optional<NDArray> other) {
        return one.isPresent() && other.isPresent() ? Optional.of(one.get().add(other.get())) : one.or(() -> other);
    }

    private static Set<Tap> both(Optional<Set<Tap>> asked, Set<Tap> more) {
        Set<Tap> all = new LinkedHashSet<>(asked.orElse(Set.of()));
        all.addAll(more);
        return all;
    }

    /// Where nothing below the head learns there is no way back.
    private void backward(ForwardPass.Pass pass, NDArray states, NDArray gradient) {
        if (!pass.student().isEmpty() || student.bodyLearns()) {
            Gradients.backward(states, gradient);
        }
    }

    /// From one number: the gradients of head and body in one pass.
    private static void backward(NDArray surrogate) {
        Gradients.backward(surrogate, surrogate.getManager().create(1f));
    }

    /// Shows the whole step to terms that divide by its moments; a step of one micro-batch is seen whole anyway.
    private void observe(OptimizerStep step, SequenceTerms terms) {
        List<MicroBatch> counting = step.batches().stream().filter(batch -> batch.lossTokens() > 0).toList();
        for (MicroBatch batch : counting.size() > 1 ? counting : List.<MicroBatch>of()) {
            try (NDManager scope = manager.newSubManager()) {
                BatchTensors tensors = BatchTensors.of(batch, paddingFree, scope);
                TeacherPass teachers = terms.readsTeacher()
                        ? teacher.forward(batch, TeacherSide.Asked.states(paddingFree), scope)
                        : TeacherPass.NONE;
                terms.observe(new AnswerLogProbs(batch,
                        vocabulary.labelLogs(hidden(tensors), head, tensors.labels()),
                        vocabulary.labelLogs(teachers, tensors.labels()), Optional.empty(), step.sizes()));
            }
        }
    }

    /// @return the student's final states at the loss tokens, without graph, `[tokens, hidden]`
    private NDArray hidden(BatchTensors tensors) {
        return vocabulary.select(student.forward(tensors.rows(), false).states(), tensors.positions());
    }

    /// @return the gradients as they add up
    public GradientAccumulation accumulation() {
        return accumulation;
    }

    /// Lets the terms over whole answers look at held-out pairs. The student stays as it is.
    public void look(List<MicroBatch> pairs, StepLoss loss) {
        for (MicroBatch batch : pairs) {
            try (NDManager scope = manager.newSubManager();
                    GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                BatchTensors tensors = BatchTensors.of(batch, paddingFree, scope);
                TeacherPass teachers = loss.readsTeacher()
                        ? teacher.forward(batch, TeacherSide.Asked.states(paddingFree), scope)
                        : TeacherPass.NONE;
                contexts.of(scope, batch, loss, new OptimizerStep(List.of(batch)).sizes(), tensors,
                        hidden(tensors), teachers, 1);
            }
        }
    }

    /// Loss and hits of held-out micro-batches, without gradients.
    public Totals score(List<MicroBatch> batches) {
        return score(student, batches, vocabulary, manager, paddingFree);
    }

    /// @return of another model, such as the teacher
    public Totals score(Decoder decoder, List<MicroBatch> batches) {
        return score(decoder, batches, vocabulary, manager, paddingFree);
    }

    /// What an objective of terms over tokens loses on held-out micro-batches. The student stays as it is.
    ///
    /// @return mean over the counting tokens, nats
    public double lost(List<MicroBatch> batches, StepLoss loss) {
        OptimizerStep step = new OptimizerStep(batches);
        double sum = 0;
        for (MicroBatch batch : batches) {
            if (batch.lossTokens() == 0) {
                continue;
            }
            try (NDManager scope = manager.newSubManager();
                    GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                BatchTensors tensors = BatchTensors.of(batch, paddingFree, scope);
                NDArray states = hidden(tensors); // [tokens, hidden]
                TeacherPass teachers = loss.readsTeacher()
                        ? teacher.forward(batch, TeacherSide.Asked.states(paddingFree), scope)
                        : TeacherPass.NONE;
                sum += vocabulary.loss(loss, new VocabularyHead.Projected(states, head), List.of(),
                        contexts.of(scope, batch, loss, step.sizes(), tensors, states, teachers, 1), 1).sum();
            }
        }
        return sum / step.lossTokens();
    }

    /// @return of any model; of pairs, the given rows count
    public static Totals score(Decoder decoder, List<MicroBatch> batches, VocabularyHead vocabulary,
            NDManager manager, boolean paddingFree) {
        double sum = 0;
        long right = 0;
        long counted = 0;
        for (MicroBatch batch : batches) {
            if (batch.lossTokens() == 0) {
                continue;
            }
            try (NDManager scope = manager.newSubManager()) {
                MicroBatch given = batch.paired() ? batch.chosenOnly() : batch;
                BatchTensors tensors = BatchTensors.of(given, paddingFree, scope);
                NDArray states = decoder.forward(tensors.rows(), false).states();
                NDArray hidden = vocabulary.select(states, tensors.positions()); // [tokens, hidden]
                VocabularyHead.Score score = vocabulary.score(hidden, Head.of(decoder), tensors.labels());
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
    public record Totals(double loss, double accuracy) {
        /// @return of both parts of a step
        Totals plus(Totals more) {
            return new Totals(loss + more.loss, accuracy + more.accuracy);
        }
    }
}
