package dev.socratic.eval.harness.task;

import java.util.List;

/// The task files that come with the tool, named in a list beside them.
public final class BuiltInTasks {
    private static final String LIST = "index.txt";

    private BuiltInTasks() {}

    /// @return their paths below the folder of tasks, in order
    public static List<String> files() {
        return new TaskSource.BuiltIn(LIST).text().lines().filter(line -> !line.isBlank()).toList();
    }
}
