package dev.socratic.trainer.plan.memory;

import dev.socratic.models.network.DecoderMemory;
import dev.socratic.models.network.DecoderMemory.Learned;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.OptimizerMethod;
import dev.socratic.trainer.config.Rounding;
import java.util.List;

/// What an optimiser holds of what learns, and what one of its steps makes besides, in bytes. Sizes of states are those
/// that [OptimizerMethod] says of each rule; steps are read off `optimizer.txt`, weight by weight.
///
/// @param narrow  whether weights are bfloat16, each of which is float32 while it changes
/// @param learned of the student
record OptimizerMemory(OptimizerMethod method, boolean narrow, List<Learned> learned) {
    /// Numbers that share a scale of 8 bits, and blocks that are float32 at a time.
    private static final long BLOCK = 256;
    private static final long BLOCKS_AT_ONCE = 4096;

    /// Bytes a number of a weight and its gradient.
    private static final long WIDE = 2 * Float.BYTES;

    OptimizerMemory {
        learned = List.copyOf(learned);
    }

    static OptimizerMemory of(OptimizerConfig config, DecoderMemory student) {
        return new OptimizerMemory(config.method(), config.rounding() != Rounding.NONE, student.learnedArrays());
    }

    /// @return bytes from step to step
    long state() {
        return learned.stream().mapToLong(array -> array.copies() * state(array)).sum();
    }

    private long state(Learned array) {
        long numbers = array.numbers();
        return switch (method) {
            case OptimizerMethod.Adamw ignored -> 2 * Float.BYTES * numbers;
            case OptimizerMethod.Adamw8bit eight -> numbers < eight.min8bitSize() ? 2 * Float.BYTES * numbers
                    : 2 * (numbers + Float.BYTES * Math.ceilDiv(numbers, BLOCK));
            case OptimizerMethod.Adafactor factor -> Float.BYTES * ((factor.beta1() > 0 ? numbers : 0)
                    + (array.matrix() ? array.rows() + array.columns() : numbers));
            case OptimizerMethod.Muon ignored -> (array.matrix() && array.inLayer() ? 1 : 2) * Float.BYTES * numbers;
            case OptimizerMethod.Lion ignored -> Float.BYTES * numbers;
            case OptimizerMethod.ScheduleFreeAdamw ignored -> 2 * Float.BYTES * numbers;
        };
    }

    /// @return most bytes that a step makes, one weight at a time
    long step() {
        return learned.stream().mapToLong(array -> step(array) + (narrow ? WIDE * array.numbers() : 0)).max().orElse(0);
    }

    private long step(Learned array) {
        long numbers = array.numbers();
        return switch (method) {
            case OptimizerMethod.Adamw ignored -> 0; // fused, in place
            case OptimizerMethod.Adamw8bit ignored -> 7 * Float.BYTES * Math.min(numbers, BLOCK * BLOCKS_AT_ONCE);
            case OptimizerMethod.Adafactor ignored -> 4 * Float.BYTES * numbers;
            case OptimizerMethod.Muon ignored -> array.matrix() && array.inLayer() ? 4 * Float.BYTES * numbers : 0;
            case OptimizerMethod.Lion ignored -> 3 * Float.BYTES * numbers;
            case OptimizerMethod.ScheduleFreeAdamw ignored -> 4 * Float.BYTES * numbers;
        };
    }
}
