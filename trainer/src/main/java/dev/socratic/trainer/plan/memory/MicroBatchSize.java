package dev.socratic.trainer.plan.memory;

import dev.socratic.core.config.Copies;
import dev.socratic.core.error.ConfigException;
import java.util.Map;

/// The micro-batch found under a memory limit: as many whole rows as fit.
public final class MicroBatchSize {
    private MicroBatchSize() {}

    /// @param training with the largest micro-batch that is wanted
    /// @param limit    bytes
    /// @return `micro_tokens`: those of the training where they fit, otherwise a multiple of its `max_seq`
    /// @throws ConfigException if not even one row fits, with the cheapest switches that make it fit
    public static int within(TrainingMemory training, long limit) {
        int row = training.config().longest();
        if (fits(training, training.config().microTokens(), limit)) {
            return training.config().microTokens();
        }
        int least = 0; // rows that fit
        int most = training.config().microTokens() / row; // rows that do not
        while (most - least > 1) {
            int middle = (least + most) / 2;
            if (fits(training, middle * row, limit)) {
                least = middle;
            } else {
                most = middle;
            }
        }
        if (least == 0) {
            throw refusal(training, limit);
        }
        return least * row;
    }

    private static boolean fits(TrainingMemory training, int tokens, long limit) {
        return sized(training, tokens).peak().total() <= limit;
    }

    private static TrainingMemory sized(TrainingMemory training, int tokens) {
        return training.with(Copies.with(training.config(), Map.of("microTokens", tokens)));
    }

    private static ConfigException refusal(TrainingMemory training, long limit) {
        int row = training.config().longest();
        TrainingMemory one = sized(training, row);
        return new ConfigException("memory.limit",
                "room for a micro-batch of one row of %s tokens".formatted(row),
                "%s, and such a training takes about %s".formatted(MemoryText.gib(limit), MemoryText.line(one.peak())),
                Switches.fitting(one, limit).map(some -> "write " + String.join(", ", some.yaml(one)))
                        .orElse("take a smaller student or teacher, shorter rows (max_seq), or a larger limit"));
    }
}
