package dev.socratic.eval.harness;

import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.Problem;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.function.TaskFunction;
import dev.socratic.eval.harness.prompt.Fields;
import dev.socratic.eval.harness.score.DocScores;
import dev.socratic.eval.harness.score.ResponseFilters;
import dev.socratic.eval.harness.task.DocField;
import dev.socratic.eval.harness.task.FunctionName;
import dev.socratic.eval.harness.task.TaskConfig;
import dev.socratic.eval.harness.task.TaskReader;
import dev.socratic.eval.harness.task.TaskYaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything that can be said against a task without its data.
public final class TaskLint {
    private TaskLint() {}

    /// @param config    with defaults in the place of what is wrong
    /// @param problems  all that is wrong; none where it can be run
    /// @param notes     what is worth knowing: keys that stand twice, equivalents in the place of functions of Python
    public record Looked(TaskConfig config, List<Problem> problems, List<String> notes) {
        public Looked {
            problems = List.copyOf(problems);
            notes = List.copyOf(notes);
        }
    }

    /// @param overrides keys of a group
    public static Looked at(TaskYaml yaml, Map<String, YamlNode> overrides) {
        TaskReader.Read read = TaskReader.read(yaml, overrides);
        TaskConfig config = read.config();
        List<Problem> problems = new ArrayList<>(read.problems());
        List<String> notes = new ArrayList<>();
        yaml.repeated().forEach(twice -> notes.add("%s: the key '%s' stands there twice; the last one counts"
                .formatted(twice.place(), twice.key())));
        fields(config).forEach(field -> check(field, problems, notes));
        config.data().process().ifPresent(name -> equivalent(name, TaskFunction.Documents.class, problems, notes));
        if (!config.fewshot().process().equals(config.data().process())) {
            config.fewshot().process().ifPresent(name ->
                    equivalent(name, TaskFunction.Documents.class, problems, notes));
        }
        config.scoring().process().ifPresent(name -> equivalent(name, TaskFunction.Results.class, problems, notes));
        config.fewshot().samples().stream().flatMap(List::stream).map(sample -> sample.get("!function"))
                .filter(String.class::isInstance).map(String.class::cast)
                .forEach(key -> equivalent(named(key), TaskFunction.Samples.class, problems, notes));
        problems.addAll(DocScores.problems(config));
        config.scoring().filters().forEach(pipeline -> problems.addAll(ResponseFilters.problems(pipeline)));
        missing(config).ifPresent(problems::add);
        if (config.unsafeCode() && !DocScores.runsPrograms(config)) {
            problems.add(new Problem(yaml.source().name(), "a metric that runs programs, for a task of unsafe_code",
                    "none", "write metric: !function utils.pass_at_k of the folder humaneval, or leave unsafe_code "
                    + "out"));
        }
        return new Looked(config, problems, notes);
    }

    private static FunctionName named(String key) {
        int slash = key.lastIndexOf('/');
        return new FunctionName(key.substring(0, slash), key.substring(slash + 1), "fewshot_config.samples");
    }

    private static Stream<DocField> fields(TaskConfig config) {
        return Stream.of(config.prompt(), config.fewshot().prompt()).flatMap(prompt -> Stream.of(prompt.text(),
                prompt.target(), prompt.choice(), prompt.description(), prompt.answerPrefix()))
                .flatMap(Optional::stream).distinct();
    }

    private static void check(DocField field, List<Problem> problems, List<String> notes) {
        switch (field) {
            case DocField.Written written -> {
                try {
                    Template.parse(written.text(), Fields.OPTIONS);
                } catch (TemplateFailure failure) {
                    problems.add(new Problem(written.place(), "a template of Jinja", "line %s of it: %s".formatted(
                            failure.line(), failure.getMessage()), "mend the template"));
                }
            }
            case DocField.Called called -> equivalent(called.name(), TaskFunction.Field.class, problems, notes);
            case DocField.Fixed ignored -> { }
            case DocField.Listed ignored -> { }
        }
    }

    private static void equivalent(FunctionName name, Class<? extends TaskFunction> kind, List<Problem> problems,
            List<String> notes) {
        if (Equivalents.of(name, kind).isPresent()) {
            notes.add("%s: !function %s is our equivalent of that name; the Python file is not run"
                    .formatted(name.place(), name.key()));
        } else {
            problems.add(new Problem(name.place(), "a template, or a function with an equivalent here",
                    "!function " + name.key(), "write it as a Jinja template; 'socratic tasks --functions' names "
                    + "those there are"));
        }
    }

    private static Optional<Problem> missing(TaskConfig config) {
        boolean choice = config.kind() == TaskConfig.Kind.MULTIPLE_CHOICE && config.prompt().choice().isEmpty();
        boolean text = config.kind() != TaskConfig.Kind.LOGLIKELIHOOD_ROLLING && config.prompt().text().isEmpty();
        boolean target = config.prompt().target().isEmpty();
        String key = choice ? "doc_to_choice" : text ? "doc_to_text" : target ? "doc_to_target" : "";
        return key.isEmpty() ? Optional.empty() : Optional.of(new Problem("task '%s'".formatted(config.task()),
                "the key " + key, "none", "a task of %s needs it".formatted(config.kind().word())));
    }
}
