package dev.socratic.trainer.plan.memory;

import dev.socratic.core.config.Copies;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.Biases;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.FloatType;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.OptimizerMethod;
import dev.socratic.trainer.config.Rounding;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What may be written into a training's config so that it takes less memory, with what it costs. Times are rough: they
/// put switches in order and promise nothing.
public enum Switch {
    /// The optimiser's moments in 8 bits.
    ADAMW_8BIT("optimizer", List.of("method: adamw_8bit"), 1.02, Changes.ROUNDING),
    /// Its moments on the disk, but for those of the weights that change.
    PAGED("memory", List.of("optimizer_state: disk"), 1.15, Changes.NOTHING),
    /// Teachers read in half precision, and are held in it.
    HALF_TEACHER("teacher_precision", List.of("bfloat16"), 1.0, Changes.ROUNDING),
    /// Two layers of each teacher at a time, read in every pass.
    STREAMED_TEACHER("memory", List.of("teacher: streamed"), 1.2, Changes.NOTHING),
    /// Layers change on the way back, one by one; nothing is clipped.
    IN_BACKWARD("memory", List.of(Keys.RECOMPUTE, "step: in_backward"), 1.36, Changes.CLIPPING),
    /// Layers are run again on the way back, and what enters them waits on the disk.
    OFFLOAD("memory", List.of(Keys.RECOMPUTE, "activations: disk"), 1.38, Changes.NOTHING),
    /// Layers are run again on the way back: one more pass forward, a third of a step.
    RECOMPUTE("memory", List.of(Keys.RECOMPUTE), 1.33, Changes.NOTHING),
    /// Passes in half precision, weights float32.
    HALF("precision", List.of("bfloat16"), 1.0, Changes.ROUNDING),
    /// Weights in half precision too, whose steps are rounded up or down at random.
    STOCHASTIC("optimizer", List.of("rounding: stochastic"), 1.1, Changes.RANDOM),
    /// What the teacher says is captured before and read from disk.
    STORE("store", List.of("STORE # socratic logits --teacher TEACHER --data ROWS --out STORE"), 1.0,
            Changes.ROUNDING),
    /// Factors learn, the weights stay.
    LORA("adapter", List.of("lora: {r: 16, alpha: 32}"), 0.9, Changes.METHOD),
    /// The same beside weights of 4 bits.
    QLORA("adapter", List.of("lora: {r: 16, alpha: 32, base: nf4}"), 1.2, Changes.METHOD);

    private final String key;
    private final List<String> values;
    private final double time;
    private final Changes changes;

    Switch(String key, List<String> values, double time, Changes changes) {
        this.key = key;
        this.values = values;
        this.time = time;
        this.changes = changes;
    }

    private static final class Keys {
        static final String RECOMPUTE = "recompute: layers";
        /// Under which entries stand.
        static final Set<String> MAPS = Set.of("optimizer", "memory", "adapter");
    }

    /// What becomes of the numbers.
    public enum Changes {
        /// They stay what they are.
        NOTHING("the same numbers"),
        /// To rounding.
        ROUNDING("the same to rounding"),
        /// A step that is too long is not shortened.
        CLIPPING("nothing is clipped"),
        /// Weights take noise of their rounding.
        RANDOM("the same on average"),
        /// Something else learns.
        METHOD("another method");

        private final String about;

        Changes(String about) {
            this.about = about;
        }

        /// @return in words
        public String about() {
            return about;
        }

        /// @return what a switch of this kind counts besides its time, so that it comes behind those that change less
        double price() {
            return switch (this) {
                case NOTHING -> 1;
                case ROUNDING -> 1.05;
                case CLIPPING, RANDOM -> 1.3;
                case METHOD -> 2;
            };
        }
    }

    /// @param some of them, which do not exclude each other
    /// @return lines of YAML, those of one key together
    static List<String> yaml(List<Switch> some) {
        Map<String, Set<String>> entries = new LinkedHashMap<>();
        some.forEach(one -> {
            Set<String> under = entries.computeIfAbsent(one.key, ignored -> new LinkedHashSet<>());
            under.addAll(one.values);
            if (one == IN_BACKWARD) {
                entries.computeIfAbsent("optimizer", ignored -> new LinkedHashSet<>()).add("max_grad_norm: 0");
            }
        });
        return entries.entrySet().stream().map(one -> one.getKey() + ": " + (Keys.MAPS.contains(one.getKey())
                ? "{" + String.join(", ", one.getValue()) + "}" : String.join("", one.getValue()))).toList();
    }

    /// @return the time of a step with it, about, in those without
    public double time() {
        return time;
    }

    public Changes changes() {
        return changes;
    }

    double price() {
        return time * changes.price();
    }

    /// @return the training with it; empty where it is on already, or has no meaning there
    Optional<TrainingMemory> on(TrainingMemory training) {
        TrainConfig config = training.config();
        return switch (this) {
            case ADAMW_8BIT -> config.optimizer().method() instanceof OptimizerMethod.Adamw
                    ? Optional.of(training.with(Copies.with(config, Map.of("optimizer",
                            eightBits(config.optimizer())))))
                    : Optional.empty();
            case HALF_TEACHER -> training.teachers().isEmpty()
                    || training.teacherCompute().weights() != FloatType.FLOAT32
                    ? Optional.empty() : Optional.of(training.taughtIn(FloatType.BFLOAT16));
            case PAGED -> config.memory().optimizerState() != MemoryConfig.Place.DEVICE || training.onGpu()
                    ? Optional.empty() : Optional.of(memory(training, Map.of("optimizerState",
                            MemoryConfig.Place.DISK)));
            case STREAMED_TEACHER -> training.teachers().isEmpty()
                    || config.memory().teacher() == MemoryConfig.Teacher.STREAMED
                    || TeacherStreaming.hindered(config, training.objective()).isPresent() ? Optional.empty()
                    : Optional.of(memory(training, Map.of("teacher", MemoryConfig.Teacher.STREAMED)));
            case IN_BACKWARD -> config.memory().step() == MemoryConfig.Step.IN_BACKWARD
                    || training.compute().compute() == FloatType.FLOAT16 ? Optional.empty()
                    : Optional.of(unclipped(memory(training, Map.of("step", MemoryConfig.Step.IN_BACKWARD,
                            "recompute", MemoryConfig.Recompute.LAYERS))));
            case OFFLOAD -> config.memory().activations() != MemoryConfig.Place.DEVICE ? Optional.empty()
                    : Optional.of(memory(training, Map.of("activations", MemoryConfig.Place.DISK,
                            "recompute", MemoryConfig.Recompute.LAYERS)));
            case RECOMPUTE -> config.memory().recompute() == MemoryConfig.Recompute.LAYERS ? Optional.empty()
                    : Optional.of(memory(training, Map.of("recompute", MemoryConfig.Recompute.LAYERS)));
            case HALF -> training.compute().compute() != FloatType.FLOAT32 ? Optional.empty()
                    : Optional.of(training.in(FloatType.BFLOAT16));
            case STOCHASTIC -> config.optimizer().rounding() != Rounding.NONE || config.adapter().isPresent()
                    || training.compute().compute() == FloatType.FLOAT16
                    || training.objective().edit() instanceof Edit.Replace ? Optional.empty()
                    : Optional.of(training.with(Copies.with(config, Map.of("optimizer",
                            Copies.with(config.optimizer(), Map.of("rounding", Rounding.STOCHASTIC))))));
            case STORE -> training.teachers().size() != 1 || !storable(training.objective()) ? Optional.empty()
                    : Optional.of(training.untaught());
            case LORA -> adapted(training, Quantization.NONE);
            case QLORA -> adapted(training, Quantization.NF4);
        };
    }

    private static TrainingMemory memory(TrainingMemory training, Map<String, Object> other) {
        return training.with(Copies.with(training.config(), Map.of("memory",
                Copies.with(training.config().memory(), other))));
    }

    private static TrainingMemory unclipped(TrainingMemory training) {
        return training.with(Copies.with(training.config(), Map.of("optimizer",
                Copies.with(training.config().optimizer(), Map.of("maxGradNorm", 0.0)))));
    }

    private static OptimizerConfig eightBits(OptimizerConfig config) {
        return Copies.with(config, Map.of("method", new OptimizerMethod.Adamw8bit(4096)));
    }

    /// A store knows distributions of the data's own rows.
    private static boolean storable(Objective objective) {
        return objective.rollout() instanceof Rollout.Data && !objective.edit().needsTeacher()
                && objective.terms().stream().noneMatch(term -> term.tap().isFeature());
    }

    private static Optional<TrainingMemory> adapted(TrainingMemory training, Quantization base) {
        return training.config().adapter().isPresent() ? Optional.empty()
                : Optional.of(training.with(Copies.with(training.config(), Map.of("adapter", Optional.of(
                        new AdapterConfig.Lora(16, 32, 0, new LoraTargets.AllLinear(), false, false, List.of(),
                                Biases.NONE, Map.of(), Map.of(), base))))));
    }

    /// @return whether they go together, none of them for nothing
    static boolean together(Set<Switch> some) {
        boolean again = some.contains(RECOMPUTE) && (some.contains(OFFLOAD) || some.contains(IN_BACKWARD));
        boolean factors = some.contains(LORA) || some.contains(QLORA);
        boolean taught = some.contains(HALF_TEACHER) || some.contains(STREAMED_TEACHER);
        return !again && !(some.contains(LORA) && some.contains(QLORA)) && !(factors && some.contains(STOCHASTIC))
                && !(taught && some.contains(STORE));
    }
}
