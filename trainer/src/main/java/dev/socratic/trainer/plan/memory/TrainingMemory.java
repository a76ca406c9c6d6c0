package dev.socratic.trainer.plan.memory;

import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.DecoderMemory;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.SelfWeights;
import dev.socratic.trainer.plan.memory.MemoryNeed.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a training of a decoder takes: for each moment of a step, what is there.
///
/// Through all of it: weights, gradients, the optimiser's state, teachers, the reference model, the process. In a
/// micro-batch of `micro_tokens` tokens, rows of `max_seq` each, which is the largest there can be:
///
/// ```
/// teacher   + its pass without a graph
/// forward   + the student's pass with a graph
/// loss      + what that keeps + arrays of [chunk, vocab]
/// backward  + what that keeps + gradients on their way
/// ```
///
/// @param config         with every default and its `max_seq`
/// @param student        its shape
/// @param teachers       of those that are in memory
/// @param compute        where the student is, and in what it computes
/// @param teacherCompute the same of teachers, which are held in it too
/// @param process        bytes of the process itself: see [ProcessMemory]
public record TrainingMemory(TrainConfig config, Objective objective, ModelConfig student, List<ModelConfig> teachers,
        Compute compute, Compute teacherCompute, long process) {
    public TrainingMemory {
        teachers = List.copyOf(teachers);
    }

    /// @return the same training with another config
    TrainingMemory with(TrainConfig other) {
        return new TrainingMemory(other, objective, student, teachers, compute, teacherCompute, process);
    }

    /// @return the same whose passes compute in this type
    TrainingMemory in(FloatType type) {
        return new TrainingMemory(config, objective, student, teachers, compute.in(type), teacherCompute.in(type),
                process);
    }

    TrainingMemory taughtIn(FloatType type) {
        return new TrainingMemory(config, objective, student, teachers, compute, teacherCompute.in(type), process);
    }

    /// @return the same without a live teacher
    TrainingMemory untaught() {
        return new TrainingMemory(config, objective, student, List.of(), compute, teacherCompute, process);
    }

    /// @return whether the student is on a GPU
    public boolean onGpu() {
        return compute.device().isGpu();
    }

    /// @return most bytes there are at a time
    public MemoryNeed peak() {
        return moments().stream().max(Comparator.comparingLong(MemoryNeed::total)).orElseThrow();
    }

    /// @return every moment of a step
    public List<MemoryNeed> moments() {
        int seq = config.longest() - 1;
        int rows = Math.max(1, config.microTokens() / seq);
        DecoderMemory own = new DecoderMemory(student, held());
        DecoderMemory.Pass pass = switch (config.memory().recompute()) {
            case NONE -> own.pass(rows, seq);
            case LAYERS -> own.recomputed(rows, seq, elsewhere());
        };
        List<DecoderMemory> theirs = new ArrayList<>(teachers.stream().map(this::teacher).toList());
        config.selfWeights().ifPresent(ignored -> theirs.add(own));
        long reading = theirs.stream().mapToLong(one -> one.pass(rows, seq).reading()).max().orElse(0);
        LogitMemory logits = new LogitMemory(objective, student.vocab(), theirs, (long) rows * seq);
        long states = logits.teacherStates() * teacherCompute.compute().bytes();

        List<MemoryNeed> all = new ArrayList<>();
        all.add(moment(Moment.LOADING, Map.of(Component.WEIGHTS, own.weights() + own.quantising(),
                Component.PROCESS, process)));
        if (objective.rollout() instanceof Rollout.Student written) {
            all.add(during(own, theirs, Moment.ROLLOUT, Map.of(Component.CACHE, cache(own, written),
                    Component.ACTIVATIONS, pass.reading())));
        }
        if (!theirs.isEmpty()) {
            all.add(during(own, theirs, Moment.TEACHER, Map.of(Component.TEACHER, reading + states)));
        }
        all.add(during(own, theirs, Moment.FORWARD,
                Map.of(Component.ACTIVATIONS, pass.forward(), Component.TEACHER, states)));
        long beside = 2 * (long) rows * seq * student.hidden() * compute.compute().bytes();
        all.add(during(own, theirs, Moment.LOSS, Map.of(Component.ACTIVATIONS, pass.kept() + beside,
                Component.LOGITS, logits.bytes(), Component.TEACHER, states)));
        all.add(during(own, theirs, Moment.BACKWARD,
                Map.of(Component.ACTIVATIONS, pass.back() + beside, Component.TEACHER, states)));
        all.add(during(own, theirs, Moment.STEP, Map.of(Component.OPTIMIZER, optimizer(own).step())));
        return all;
    }

    /// The machine's memory is the processor's own.
    private boolean elsewhere() {
        return switch (config.memory().activations()) {
            case DEVICE -> false;
            case MEMORY -> onGpu();
            case DISK -> true;
        };
    }

    private MemoryNeed during(DecoderMemory own, List<DecoderMemory> theirs, Moment moment,
            Map<Component, Long> beside) {
        Map<Component, Long> bytes = new EnumMap<>(Component.class);
        bytes.put(Component.PROCESS, process);
        bytes.put(Component.WEIGHTS, own.weights());
        long byHand = own.learnedTwice() + own.learnedByHand();
        bytes.put(Component.GRADIENTS, Float.BYTES * byHand + narrow().bytes() * (switch (config.memory().step()) {
            case AFTER_BACKWARD -> own.learned();
            case IN_BACKWARD -> own.learned() - own.learnedInLayers() + own.learnedInLayers() / student.layers();
        } - own.learnedByHand()));
        bytes.put(Component.OPTIMIZER, optimizer(own).state()
                / (config.memory().optimizerState() == MemoryConfig.Place.DISK ? student.layers() : 1));
        bytes.put(Component.AVERAGE, config.ema().isPresent() ? Float.BYTES * own.learned() : 0);
        bytes.put(Component.TEACHER, again(own) + theirs.stream().filter(one -> one != own)
                .mapToLong(one -> switch (config.memory().teacher()) {
                    case LOADED -> one.weights();
                    case STREAMED -> one.streamed();
                }).sum());
        // With factors the start is what they stand beside.
        bytes.put(Component.REFERENCE, objective.needsReference() && config.adapter().isEmpty() ? own.weights() : 0);
        beside.forEach((component, more) -> bytes.merge(component, more, Long::sum));
        return moment(moment, bytes);
    }

    /// @return of a student that teaches itself, what is held a second time
    private long again(DecoderMemory own) {
        return config.selfWeights().map(weights -> switch (weights) {
            case SelfWeights.Start ignored -> config.adapter().isPresent() ? 0 : own.weights();
            case SelfWeights.Live ignored -> 0L;
            case SelfWeights.Ema ignored -> Float.BYTES * own.learned();
        }).orElse(0L);
    }

    private static MemoryNeed moment(Moment moment, Map<Component, Long> bytes) {
        return new MemoryNeed(moment, bytes);
    }

    /// What learns is of this type, and so are gradients but for those made by hand.
    private FloatType narrow() {
        return config.optimizer().rounding().held();
    }

    /// How the student is held, whatever it computes in.
    private DecoderMemory.Held held() {
        Optional<DecoderMemory.Factors> factors = config.adapter().map(adapter -> switch (adapter) {
            case AdapterConfig.Lora lora -> new DecoderMemory.Factors(lora.r(), lora.targets(),
                    lora.dropout() > 0, module -> lora.modulesToSave().stream()
                            .anyMatch(name -> LoraTargets.named(name, module)));
        });
        Quantization base = config.adapter().map(adapter -> switch (adapter) {
            case AdapterConfig.Lora lora -> lora.base();
        }).orElse(Quantization.NONE);
        return new DecoderMemory.Held(narrow(), compute.compute(), base, factors, config::learns);
    }

    private OptimizerMemory optimizer(DecoderMemory own) {
        return OptimizerMemory.of(config.optimizer(), own);
    }

    private DecoderMemory teacher(ModelConfig shape) {
        return new DecoderMemory(shape, DecoderMemory.Held.reading(teacherCompute.weights(),
                teacherCompute.compute(), teacherCompute.quantization()));
    }

    /// Rows of a step are written together.
    private long cache(DecoderMemory own, Rollout.Student written) {
        return own.cache(Math.max(1, config.batchTokens() / config.longest()), config.longest());
    }
}
