package dev.socratic.eval.harness.function;

import dev.socratic.eval.harness.task.FunctionName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The functions there are.
public final class Equivalents {
    private static final Map<String, TaskFunction> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("humaneval/utils.build_predictions", (TaskFunction.Answers) CodeTasks::completed),
            Map.entry("humaneval/utils.build_predictions_instruct", (TaskFunction.Answers) CodeTasks::completedBlock),
            Map.entry("humaneval/utils.pass_at_k", (TaskFunction.Programs) CodeTasks::passAtK),
            Map.entry("mbpp/utils.build_predictions", (TaskFunction.Answers) CodeTasks::block),
            Map.entry("mbpp/utils.list_fewshot_samples", (TaskFunction.Samples) CodeTasks::mbppExamples),
            Map.entry("mbpp/utils.pass_at_1", (TaskFunction.Programs) CodeTasks::passAt1),
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

    /// @param metric as a task's reader names it: `!function folder/module.function`
    /// @return the equivalent of a metric that runs programs
    public static Optional<TaskFunction.Programs> programs(String metric) {
        return metric.startsWith(FunctionName.TAG + " ")
                ? of(metric.substring(FunctionName.TAG.length() + 1), TaskFunction.Programs.class) : Optional.empty();
    }

    /// @return each k of a metric's option `k`
    public static List<Integer> ks(Map<String, Object> options) {
        return CodeTasks.ks(options);
    }

    /// @return their names
    public static Iterable<String> names() {
        return ALL.keySet();
    }
}
