package dev.socratic.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.eval.harness.task.TaskSource;
import dev.socratic.eval.harness.task.TaskYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Over the tasks folder of lm-evaluation-harness, named by the system property `socratic.lm_eval.tasks`.
@Tag("peer")
class TaskFolderTest {
    /// What is refused by name, for reasons that docs/harness.md tells.
    private static final List<String> REFUSED = List.of("a metric of ", "an aggregation: ", "a task written in YAML",
            "a task of text", "dataset_path; got custom_dataset", "doc_to_text; got use_prompt",
            "a task whose answers are read");

    @Test
    void everyFileWithoutAFunctionOfPythonIsRead(TestReporter reporter) throws IOException {
        String property = System.getProperty("socratic.lm_eval.tasks", "");
        assumeTrue(!property.isEmpty(), "socratic.lm_eval.tasks names no folder");
        int plain = 0;
        int called = 0;
        int answered = 0;
        int runnable = 0;
        Map<String, Integer> refused = new TreeMap<>();
        List<String> unread = new ArrayList<>();
        try (Stream<Path> all = Files.walk(Path.of(property))) {
            for (Path file : all.filter(one -> one.toString().endsWith(".yaml")).sorted().toList()) {
                try {
                    TaskYaml yaml = TaskYaml.read(new TaskSource.Local(file));
                    if (yaml.read().stream().anyMatch(source -> source.text().contains("!function"))) {
                        called++;
                        answered += yaml.task().isEmpty() || yaml.entries().containsKey("group")
                                || !TaskLint.at(yaml, Map.of()).problems().isEmpty() ? 0 : 1;
                        continue;
                    }
                    plain++;
                    List<String> problems = yaml.task().isEmpty() || yaml.entries().containsKey("group") ? List.of()
                            : TaskLint.at(yaml, Map.of()).problems().stream().map(Object::toString).toList();
                    List<String> others = problems.stream().filter(problem ->
                            REFUSED.stream().noneMatch(problem::contains)).toList();
                    problems.stream().filter(problem -> !others.contains(problem)).forEach(problem ->
                            refused.merge(problem.replaceFirst("^[^ ]* ", ""), 1, Integer::sum));
                    unread.addAll(others);
                    runnable += problems.isEmpty() ? 1 : 0;
                } catch (ConfigException broken) {
                    unread.add(broken.getMessage());
                }
            }
        }
        reporter.publishEntry("files", ("%s without functions, %s of them to be run; %s with functions, "
                + "%s of them to be run; not read %s")
                .formatted(plain, runnable, called, answered, unread));
        refused.forEach((problem, count) -> reporter.publishEntry("refused", count + " x " + problem));
        assertTrue(plain > 1000, () -> "too few files: the rule sees nothing");
        assertEquals(List.of(), unread);
    }
}
