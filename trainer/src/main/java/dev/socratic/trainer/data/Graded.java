package dev.socratic.trainer.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an answer that the student wrote was worth, beside the other answers to the same prompt.
///
/// @param reward    of this answer
/// @param mean      of the rewards of all answers to its prompt
/// @param deviation their standard deviation, unbiased
/// @param answers   how many they are, at least 1
public record Graded(double reward, double mean, double deviation, int answers) {
    /// @param rewards of all answers to a prompt, in their order
    public static List<Graded> of(double[] rewards) {
        double sum = 0;
        for (double reward : rewards) {
            sum += reward;
        }
        double mean = sum / rewards.length;
        double squares = 0;
        for (double reward : rewards) {
            squares += (reward - mean) * (reward - mean);
        }
        List<Graded> all = new ArrayList<>();
        for (double reward : rewards) {
            all.add(new Graded(reward, mean, Math.sqrt(squares / Math.max(1, rewards.length - 1)), rewards.length));
        }
        return all;
    }

    /// @return `reward`, the mean of a step's graded answers; `reward_deviation`, the mean of their prompts' standard
    ///         deviations; `ungraded_answers`, the share whose prompt has no reference answer to grade by; nothing
    ///         where nothing was graded
    public static Map<String, Double> metrics(List<MicroBatch> step) {
        List<TokenRow> rows = step.stream().flatMap(batch -> batch.tokenRows().stream()).toList();
        List<Graded> graded = rows.stream().flatMap(row -> row.graded().stream()).toList();
        Map<String, Double> all = new LinkedHashMap<>();
        if (!graded.isEmpty()) {
            all.put("reward", graded.stream().mapToDouble(Graded::reward).average().orElseThrow());
            all.put("reward_deviation", graded.stream().mapToDouble(Graded::deviation).average().orElseThrow());
            all.put("ungraded_answers", 1 - (double) graded.size() / rows.size());
        }
        return all;
    }
}
