package dev.socratic.trainer.plan.memory;

import dev.socratic.core.config.Copies;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.FloatType;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.OptimizerMethod;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What may be written into a training's config so that it takes less memory, with what it costs. Times are rough: they
/// put switches in order and promise nothing.
public enum Switch {
    /// The optimiser's moments in 8 bits.
    ADAMW_8BIT("optimizer", "{method: adamw_8bit}", 1.02, Changes.ROUNDING),
    /// Teachers read in half precision, and are held in it.
    HALF_TEACHER("teacher_precision", "bfloat16", 1.0, Changes.ROUNDING),
    /// Layers are run again on the way back: one more pass forward, a third of a step.
    RECOMPUTE("memory", "{recompute: layers}", 1.33, Changes.NOTHING),
    /// Passes in half precision, weights float32.
    HALF("precision", "bfloat16", 1.0, Changes.ROUNDING),
    /// What the teacher says is captured before and read from disk.
    STORE("store", "STORE # socratic logits --teacher TEACHER --data ROWS --out STORE", 1.0, Changes.ROUNDING),
    /// Factors learn, the weights stay.
    LORA("adapter", "{lora: {r: 16, alpha: 32}}", 0.9, Changes.METHOD),
    /// The same beside weights of 4 bits.
    QLORA("adapter", "{lora: {r: 16, alpha: 32, base: nf4}}", 1.2, Changes.METHOD);

    private final String key;
    private final String value;
    private final double time;
    private final Changes changes;

    Switch(String key, String value, double time, Changes changes) {
        this.key = key;
        this.value = value;
        this.time = time;
        this.changes = changes;
    }

    /// What becomes of the numbers.
    public enum Changes {
        /// They stay what they are.
        NOTHING("the same numbers"),
        /// To rounding.
        ROUNDING("the same to rounding"),
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
                case METHOD -> 2;
            };
        }
    }

    /// @return the line of YAML
    public String yaml() {
        return key + ": " + value;
    }

    String key() {
        return key;
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
            case RECOMPUTE -> config.memory().recompute() == MemoryConfig.Recompute.LAYERS ? Optional.empty()
                    : Optional.of(training.with(Copies.with(config, Map.of("memory", Copies.with(config.memory(),
                            Map.of("recompute", MemoryConfig.Recompute.LAYERS))))));
            case HALF -> training.compute().compute() != FloatType.FLOAT32 ? Optional.empty()
                    : Optional.of(training.in(FloatType.BFLOAT16));
            case STORE -> training.teachers().size() != 1 || !storable(training.objective()) ? Optional.empty()
                    : Optional.of(training.untaught());
            case LORA -> adapted(training, Quantization.NONE);
            case QLORA -> adapted(training, Quantization.NF4);
        };
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
                                Map.of(), Map.of(), base))))));
    }

    /// @return those that stand under other keys than these
    static boolean apart(List<Switch> some) {
        return some.stream().map(Switch::key).distinct().count() == some.size();
    }
}
