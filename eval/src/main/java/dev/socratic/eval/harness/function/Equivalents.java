package dev.socratic.eval.harness.function;

import dev.socratic.eval.harness.task.FunctionName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The functions there are.
public final class Equivalents {
    private static final Map<String, TaskFunction> ALL = all(List.of(CompletionTasks.all(), MathTasks.all(),
            ExpertTasks.all(), BigBenchFilters.all(), DropTask.all(), TruthfulAnswers.all(),
            InstructionTask.all(), CodeTasks.all()));

    private Equivalents() {}

    private static Map<String, TaskFunction> all(List<Map<String, TaskFunction>> families) {
        Map<String, TaskFunction> all = new TreeMap<>();
        families.forEach(all::putAll);
        return Collections.unmodifiableMap(all);
    }

    /// @return the equivalent, where there is one of that kind
    public static <T extends TaskFunction> Optional<T> of(FunctionName name, Class<T> kind) {
        return of(name.key(), kind);
    }

    /// @param key `folder/module.function`, with a folder above or without: one that is known with both goes first
    public static <T extends TaskFunction> Optional<T> of(String key, Class<T> kind) {
        String last = key.substring(key.lastIndexOf('/', key.lastIndexOf('/') - 1) + 1);
        return Optional.ofNullable(ALL.get(key)).or(() -> Optional.ofNullable(ALL.get(last)))
                .filter(kind::isInstance).map(kind::cast);
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
