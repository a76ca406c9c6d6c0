package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.eval.harness.TaskLint;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.task.TaskIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists the tasks of lm-evaluation-harness's form, or looks for what is wrong with some.
@Command(name = "tasks", mixinStandardHelpOptions = true, description = {
    "Lists tasks, groups and tags that eval takes by name, or says what is wrong with some.",
    "With names, files or folders: reads those tasks and says all that is wrong with them, with line and column."})
final class TasksCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "NAME|FILE|FOLDER", arity = "0..*",
            description = "Tasks to look at ('validate' before them changes nothing); without any, all are listed.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--include", paramLabel = "DIR", description = "A folder of further task files; repeatable.")
    private List<Path> include = new ArrayList<>();

    @Option(names = "--functions", description = "List the functions of Python that have an equivalent here.")
    private boolean functions;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    TasksCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (functions) {
            List<String> all = new ArrayList<>();
            Equivalents.names().forEach(all::add);
            tell(Map.of("functions", all), all);
            return ExitCode.DONE;
        }
        TaskIndex index = TaskIndex.of(include);
        List<String> wanted = names.stream().skip(!names.isEmpty() && names.getFirst().equals("validate") ? 1 : 0)
                .toList();
        return wanted.isEmpty() ? list(index) : validate(index, wanted);
    }

    private int list(TaskIndex index) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("tasks", index.tasks().stream().sorted().toList());
        all.put("groups", index.groups().stream().sorted().toList());
        all.put("tags", index.tags());
        List<String> lines = new ArrayList<>();
        index.tasks().stream().sorted().forEach(name -> lines.add("task   " + name));
        index.groups().stream().sorted().forEach(name -> lines.add("group  " + name));
        index.tags().forEach((name, tasks) -> lines.add(String.format(Locale.ROOT, "tag    %s (%s tasks)", name,
                tasks.size())));
        tell(all, lines);
        index.unread().forEach(problem -> console.talk("socratic: " + problem));
        return ExitCode.DONE;
    }

    private void tell(Map<String, Object> object, List<String> lines) {
        if (json) {
            console.json(object);
        } else {
            lines.forEach(console::data);
        }
    }

    private int validate(TaskIndex index, List<String> wanted) {
        Map<String, Object> found = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        try {
            index.select(wanted).tasks().forEach((name, chosen) -> {
                TaskLint.Looked looked = TaskLint.at(chosen.yaml(), chosen.overrides());
                problems.addAll(looked.problems());
                found.put(name, Map.of("problems", looked.problems().stream().map(Problem::toString).toList(),
                        "notes", looked.notes()));
                if (!json) {
                    console.data("%-40s %s".formatted(name, looked.problems().isEmpty() ? "can be run"
                            : looked.problems().size() + " problems"));
                    looked.problems().forEach(problem -> console.data("  " + problem));
                    looked.notes().forEach(note -> console.data("  note: " + note));
                }
            });
        } catch (ConfigException unknown) {
            problems.addAll(unknown.problems());
            if (!json) {
                throw unknown;
            }
            found.put("unknown", unknown.problems().stream().map(Problem::toString).toList());
        }
        if (json) {
            console.json(found);
        }
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
    }
}
