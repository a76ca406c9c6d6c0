package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.Decay;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.Warmup;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.optim.Optimizer;
import dev.socratic.trainer.plan.Explanation;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// A teacher and a student of a few hundred weights, and steps of an objective between them.
public final class TinyPair implements AutoCloseable {
    static final int VOCAB = 80;
    /// Width 16, 4 layers, 2 heads.
    public static final ModelConfig TEACHER = ModelConfig.llama(VOCAB, 16, 4, 2, 2, 24, 32, true, SpecialTokens.none());
    /// Half as wide and half as deep.
    public static final ModelConfig NARROW = ModelConfig.llama(VOCAB, 8, 2, 2, 2, 16, 32, false, SpecialTokens.none());
    /// As wide, half as deep.
    static final ModelConfig WIDE = ModelConfig.llama(VOCAB, 16, 2, 2, 2, 24, 32, true, SpecialTokens.none());

    public final NDManager manager = Engines.manager();
    public final Decoder teacher;
    /// A second teacher, for objectives with several.
    final Optional<Decoder> assistant;
    public final Decoder student;
    /// The student before the first step.
    final Optional<Decoder> start;
    final Plan plan;
    final ObjectiveLoss objective;
    final VocabularyHead vocabulary;
    final Map<String, NDArray> weights;
    final Optimizer optimizer;
    final Backward backward;
    private final InPlace inPlace = new InPlace(manager);

    public TinyPair(Objective objective, ModelConfig student) {
        this(objective, student, Optional.empty());
    }

    /// @param joined how the two vocabularies belong together, where rows have twins
    public TinyPair(Objective objective, ModelConfig student, Optional<VocabularyAlignment> joined) {
        this(objective, student, joined, FloatType.FLOAT32);
    }

    /// @param type all models compute in; their weights are float32
    public TinyPair(Objective objective, ModelConfig student, Optional<VocabularyAlignment> joined, FloatType type) {
        this(objective, student, joined, type, StepMemory.USUAL);
    }

    /// @param memory what is kept of the student's forward pass
    TinyPair(Objective objective, ModelConfig student, Optional<VocabularyAlignment> joined, FloatType type,
            StepMemory memory) {
        this.teacher = Decoder.random(TEACHER, 11, manager, type);
        this.student = Decoder.random(student, 3, manager, type);
        this.assistant = objective.needsTeachers()
                ? Optional.of(Decoder.random(WIDE, 12, manager, type)) : Optional.empty();
        assistant.ifPresent(decoder -> stir(decoder, 6));
        stir(teacher, 6);
        stir(this.student, 3);
        this.start = objective.needsReference() ? Optional.of(Decoder.random(student, 3, manager, type))
                : Optional.empty();
        start.ifPresent(decoder -> stir(decoder, 3));
        this.student.trainable(true);
        List<Decoder> teachers = assistant.map(second -> List.of(teacher, second)).orElse(List.of(teacher));
        Map<String, NDArray> trained = TrainableWeights.trained(objective.edit(), this.student, teachers);
        this.plan = new Plan(objective, VOCAB,
                Optional.of(new Plan.Shapes(ModelShape.of(student), ModelShape.of(TEACHER))), joined);
        this.objective = new ObjectiveLoss(manager, plan);
        this.vocabulary = new VocabularyHead(manager, 16L * VOCAB);
        this.weights = new LinkedHashMap<>(trained);
        weights.putAll(this.objective.learned());
        OptimizerConfig config = new OptimizerConfig(0.01, List.of(0.9, 0.95), 1e-8, 0, new Warmup.Ratio(0),
                new Decay.Constant(), 0);
        this.optimizer = new Optimizer(manager, config, weights);
        this.backward = new Backward(manager, this.student,
                TeacherSide.of(plan, teachers, Optional.empty(), vocabulary::select), start, vocabulary, weights,
                memory,
                false);
    }

    /// Random weights are so small that all a model says is nearly the same; larger ones make two models that differ.
    private void stir(Decoder decoder, float factor) {
        decoder.weights().forEach((name, weight) -> {
            if (weight.getShape().dimension() == 2) {
                weight.muli(factor);
            }
        });
    }

    /// Loss and gradients of one step; nothing is changed but gradients.
    public Explanation look(List<MicroBatch> batches, double progress) {
        OptimizerStep step = new OptimizerStep(batches);
        backward.step(step, objective.at(progress));
        objective.ended();
        return plan.explain(progress, objective.means(step.lossTokens(), step.samples()));
    }

    public Map<String, NDArray> gradients(NDManager scope) {
        return backward.accumulation().gradients(scope);
    }

    /// Moves a weight.
    void add(NDArray weight, NDArray change) {
        inPlace.accumulate(weight, change);
    }

    public void clear() {
        try (NDManager scope = manager.newSubManager()) {
            backward.accumulation().clear(gradients(scope));
        }
    }

    /// One step of the optimiser.
    public Explanation train(List<MicroBatch> batches, double progress) {
        Explanation before = look(batches, progress);
        try (NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> gradients = gradients(scope);
            optimizer.step(gradients, optimizer.norm(gradients), 0.01);
            backward.accumulation().clear(gradients);
        }
        return before;
    }

    /// Nine conversations of three to eleven tokens.
    public static List<TokenRow> rows() {
        Random random = new Random(1);
        return IntStream.range(0, 9)
                .mapToObj(i -> {
                    int[] ids = random.ints(4 + i, 0, VOCAB).toArray();
                    boolean[] counts = new boolean[ids.length];
                    Arrays.fill(counts, 1 + i / 3, ids.length, true);
                    return new TokenRow(ids, counts);
                })
                .toList();
    }

    /// The same, each with another answer to its prompt beside it.
    static List<TokenRow> pairs() {
        Random random = new Random(2);
        return rows().stream()
                .map(row -> {
                    int first = 0;
                    while (!row.lossMask()[first]) {
                        first++;
                    }
                    int[] ids = Arrays.copyOf(row.ids(), first + 2 + random.nextInt(5));
                    boolean[] counts = new boolean[ids.length];
                    for (int i = first; i < ids.length; i++) {
                        ids[i] = random.nextInt(VOCAB);
                        counts[i] = true;
                    }
                    return row.withRejected(new TokenRow(ids, counts));
                })
                .toList();
    }

    /// @return rows as the objective wants them, in one micro-batch
    List<MicroBatch> data() {
        return twoAnswers() ? List.of(MicroBatch.of(pairs())) : whole();
    }

    /// @return the same rows in several
    List<MicroBatch> dataInParts() {
        return twoAnswers() ? LengthBuckets.of(pairs(), 60, 1) : parts();
    }

    boolean twoAnswers() {
        return plan.objective().needsPairs()
                || plan.objective().rollout() instanceof dev.socratic.trainer.objective.Rollout.Student student
                        && student.keepData();
    }

    public static List<MicroBatch> whole() {
        return List.of(MicroBatch.of(rows()));
    }

    /// @return what scores text by a model, without a teacher
    public Backward scoring(Decoder decoder) {
        return new Backward(manager, decoder, new TeacherSide.None(), Optional.empty(), vocabulary, decoder.weights());
    }

    public static List<MicroBatch> parts() {
        return LengthBuckets.of(rows(), 40, 1);
    }

    @Override
    public void close() {
        inPlace.close();
        backward.close();
        optimizer.close();
        vocabulary.close();
        objective.close();
        start.ifPresent(Decoder::close);
        student.close();
        assistant.ifPresent(Decoder::close);
        teacher.close();
        manager.close();
    }
}
