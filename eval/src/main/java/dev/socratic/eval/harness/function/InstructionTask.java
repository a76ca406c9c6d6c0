package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.python.PythonStrings;
import dev.socratic.eval.harness.instruction.Instructions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// IFEval: each instruction of a prompt followed or not; strictly, and loosely, where it is enough that the text
/// follows without its first line, its last, both, or its asterisks.
final class InstructionTask {
    private InstructionTask() {}

    static Map<String, TaskFunction> all() {
        Map<String, TaskFunction> all = new HashMap<>();
        for (String folder : List.of("ifeval", "leaderboard/ifeval")) {
            all.put(folder + "/utils.process_results", (TaskFunction.Results) InstructionTask::scores);
            all.put(folder + "/utils.agg_inst_level_acc", (TaskFunction.Total) InstructionTask::share);
        }
        return all;
    }

    private static Map<String, Object> scores(ObjectNode document, List<Object> results) {
        String written = String.valueOf(results.getFirst());
        List<Double> strict = new ArrayList<>();
        List<Double> loose = new ArrayList<>();
        JsonNode kinds = CompletionTasks.need(document, "instruction_id_list");
        JsonNode kwargs = CompletionTasks.need(document, "kwargs");
        if (kinds.isEmpty() || kwargs.size() != kinds.size()) {
            throw new DataException("kwargs", "one for each of the %s instructions, at least one".formatted(
                    kinds.size()), String.valueOf(kwargs.size()), "take the row out, or mend it");
        }
        for (int i = 0; i < kinds.size(); i++) {
            String kind = kinds.get(i).asText();
            JsonNode wanted = kwargs.get(i).isTextual() ? Json.foreign(kwargs.get(i).asText(), "kwargs")
                    : kwargs.get(i);
            strict.add(MathTasks.number(Instructions.follow(kind, wanted, written)));
            loose.add(MathTasks.number(variants(written).stream().anyMatch(one ->
                    Instructions.follow(kind, wanted, one))));
        }
        return Map.of("prompt_level_strict_acc", all(strict), "inst_level_strict_acc", strict,
                "prompt_level_loose_acc", all(loose), "inst_level_loose_acc", loose);
    }

    private static Double all(List<Double> verdicts) {
        return MathTasks.number(verdicts.stream().allMatch(verdict -> verdict == 1));
    }

    private static Set<String> variants(String text) {
        List<String> lines = PythonStrings.split(text, "\n");
        int last = lines.size();
        Set<String> variants = new LinkedHashSet<>(List.of(text));
        variants.add(joined(lines, 1, last));
        variants.add(joined(lines, 0, last - 1));
        variants.add(joined(lines, 1, last - 1));
        List.copyOf(variants).forEach(one -> variants.add(one.replace("*", "")));
        return variants;
    }

    private static String joined(List<String> lines, int from, int to) {
        return from < to ? PythonStrings.strip(String.join("\n", lines.subList(from, to))) : "";
    }

    /// Of all instructions of all prompts.
    private static double share(List<Object> values) {
        return values.stream().flatMap(value -> ((List<?>) value).stream()).mapToDouble(one -> (Double) one).average()
                .orElse(0);
    }
}
