package dev.socratic.eval.harness.function;

import dev.socratic.eval.harness.task.FunctionName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The functions there are.
public final class Equivalents {
    private static final Map<String, TaskFunction> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("hellaswag/utils.process_docs", (TaskFunction.Documents) CompletionTasks::hellaswag),
            Map.entry("winogrande/preprocess_winogrande.doc_to_text",
                    (TaskFunction.Field) CompletionTasks::winograndeText),
            Map.entry("winogrande/preprocess_winogrande.doc_to_target",
                    (TaskFunction.Field) CompletionTasks::winograndeTarget),
            Map.entry("winogrande/preprocess_winogrande.doc_to_choice",
                    (TaskFunction.Field) CompletionTasks::winograndeChoice),
            Map.entry("truthfulqa/utils.process_results_mc2", (TaskFunction.Results) CompletionTasks::truthfulMass)));

    private Equivalents() {}

    /// @return the equivalent, where there is one of that kind
    public static <T extends TaskFunction> Optional<T> of(FunctionName name, Class<T> kind) {
        return of(name.key(), kind);
    }

    /// @param key `folder/module.function`
    public static <T extends TaskFunction> Optional<T> of(String key, Class<T> kind) {
        return Optional.ofNullable(ALL.get(key)).filter(kind::isInstance).map(kind::cast);
    }

    /// @return their names
    public static Iterable<String> names() {
        return ALL.keySet();
    }
}
