package dev.socratic.eval.harness;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `generation_kwargs` in our words.
final class GenerationWords {
    private static final List<String> MOST =
            List.of("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens");
    private static final Set<String> KNOWN = Set.of("until", "do_sample", "temperature", "top_p", "top_k");
    private static final int DEFAULT_MOST = 256;

    private GenerationWords() {}

    /// @param task for messages
    /// @param over what goes before the task's own
    /// @throws ConfigException for keys that mean nothing here
    static GenerationParameters parameters(Map<String, Object> given, Map<String, String> over, String task) {
        Map<String, Object> all = new LinkedHashMap<>(given);
        over.forEach((key, value) -> all.put(key, read(value)));
        List<Problem> problems = new ArrayList<>();
        all.keySet().stream().filter(key -> !KNOWN.contains(key) && !MOST.contains(key)).forEach(key ->
                problems.add(new Problem("task '%s'.generation_kwargs".formatted(task),
                        "keys that a model here obeys: until, do_sample, temperature, top_p, top_k, max_gen_toks",
                        "'" + key + "'", "leave it out")));
        double temperature = number(all, "temperature", 0, task, problems);
        boolean sample = all.get("do_sample") instanceof Boolean said ? said : temperature > 0;
        double most = MOST.stream().filter(all::containsKey).findFirst().map(key ->
                number(all, key, DEFAULT_MOST, task, problems)).orElse((double) DEFAULT_MOST);
        if (sample && temperature == 0) {
            temperature = all.containsKey("temperature") ? 0 : 1;
        }
        double topP = number(all, "top_p", 1, task, problems);
        double topK = number(all, "top_k", 0, task, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        List<String> until = switch (all.getOrDefault("until", List.of())) {
            case List<?> several -> several.stream().map(String::valueOf).filter(text -> !text.isEmpty()).toList();
            case Object one -> one.toString().isEmpty() ? List.of() : List.of(one.toString());
        };
        Sampling sampling = sample
                ? new Sampling(temperature, topP, (int) topK, 0) : Sampling.GREEDY;
        return new GenerationParameters(sampling, (int) most, until, Limits.NONE, "");
    }

    private static double number(Map<String, Object> all, String key, double otherwise, String task,
            List<Problem> problems) {
        Object value = all.getOrDefault(key, otherwise);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        problems.add(new Problem("task '%s'.generation_kwargs.%s".formatted(task, key), "a number", "'" + value + "'",
                "write " + otherwise));
        return otherwise;
    }

    private static Object read(String text) {
        return text.matches("true|True") ? (Object) true : text.matches("false|False") ? (Object) false
                : text.matches("[-+]?[0-9]+") ? (Object) Long.parseLong(text)
                : text.matches("[-+]?[0-9]*\\.[0-9]+([eE][-+]?[0-9]+)?") ? (Object) Double.parseDouble(text) : text;
    }
}
