package dev.socratic.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.eval.harness.task.BuiltInTasks;
import dev.socratic.eval.harness.task.TaskIndex;
import dev.socratic.eval.harness.task.TaskSource;
import dev.socratic.eval.harness.task.TaskYaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuiltInTasksTest {
    @Test
    void everyTaskThatComesWithTheToolCanBeRun() {
        for (String name : BuiltInTasks.files()) {
            TaskYaml yaml = TaskYaml.read(new TaskSource.BuiltIn(name));
            assertTrue(yaml.entries().containsKey("group") || yaml.task().isPresent(), name);
            if (yaml.task().isPresent() && !yaml.entries().containsKey("group")) {
                assertEquals(List.of(), TaskLint.at(yaml, Map.of()).problems(), name);
            }
        }
    }

    @Test
    void namesStandForTasksGroupsTagsAndPatterns() {
        TaskIndex index = TaskIndex.of(List.of());
        assertEquals(57, index.select(List.of("mmlu")).tasks().size());
        assertEquals(5, index.select(List.of("mmlu")).groups().size());
        assertEquals(List.of("arc_challenge", "arc_easy"),
                index.select(List.of("arc_*")).tasks().keySet().stream().sorted().toList());
        assertEquals(2, index.select(List.of("ai2_arc", "arc_easy")).tasks().size());
    }
}
