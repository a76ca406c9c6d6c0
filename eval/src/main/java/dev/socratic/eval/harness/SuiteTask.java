package dev.socratic.eval.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.eval.harness.data.TaskData;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.function.TaskFunction;
import dev.socratic.eval.harness.prompt.Chat;
import dev.socratic.eval.harness.prompt.Examples;
import dev.socratic.eval.harness.prompt.Fields;
import dev.socratic.eval.harness.prompt.PromptBuilder;
import dev.socratic.eval.harness.score.DocScores;
import dev.socratic.eval.harness.score.ProgramResults;
import dev.socratic.eval.harness.task.FunctionName;
import dev.socratic.eval.harness.task.TaskConfig;
import dev.socratic.eval.harness.task.TaskConfig.Kind;
import dev.socratic.eval.harness.task.TaskYaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A task made ready: its documents, each with what is asked of the model.
///
/// @param config     of the task
/// @param shots      examples before each document
/// @param documents  how many there are, of which only some may be asked
/// @param asked      in their order
/// @param fields     of the documents
/// @param scores     makes figures of the answers
/// @param generation how answers are written; empty for tasks that only score
/// @param notes      what is worth knowing
record SuiteTask(TaskConfig config, int shots, int documents, List<Asked> asked, Fields fields, DocScores scores,
        Optional<GenerationParameters> generation, List<String> notes) {
    SuiteTask {
        asked = List.copyOf(asked);
        notes = List.copyOf(notes);
    }

    /// A document and what is asked about it.
    ///
    /// @param id        its number, from 0
    /// @param doc       all of it
    /// @param arguments of each request: a prompt and a continuation, a prompt alone, or a whole text alone
    record Asked(int id, ObjectNode doc, List<Argument> arguments) {
        Asked {
            arguments = List.copyOf(arguments);
        }
    }

    /// @param prompt       what stands before
    /// @param continuation what is scored; empty where a text is written, or the prompt itself is scored
    record Argument(String prompt, Optional<String> continuation) {}

    /// @param chat what the model's template makes of turns; only used where the suite says so
    /// @throws ConfigException with everything that is wrong with the task
    /// @throws DataException   where its data are not here, or a template fails on them
    static SuiteTask of(TaskYaml yaml, Map<String, YamlNode> overrides, Suite suite, Chat chat) {
        TaskLint.Looked looked = TaskLint.at(yaml, overrides);
        if (!looked.problems().isEmpty()) {
            throw new ConfigException(looked.problems());
        }
        TaskConfig config = looked.config();
        TaskData data = new TaskData(config.data(), yaml.source(), suite.data());
        String split = config.splits().test().or(() -> config.splits().validation()).orElseThrow(() ->
                new ConfigException(yaml.source().name(), "test_split or validation_split", "neither",
                        "name the split that is asked"));
        List<ObjectNode> documents = processed(data.rows(split), config.data().process());
        if (documents.isEmpty()) {
            throw new DataException("task '%s'".formatted(config.task()), "at least one document",
                    "none in the split '%s'".formatted(split), "check the file");
        }
        // 0 in the task means that it is never asked with examples.
        int shots = config.fewshot().number().filter(fixed -> fixed == 0).or(suite::numFewshot)
                .or(() -> config.fewshot().number()).orElse(0);
        Set<String> columns = new LinkedHashSet<>();
        documents.getFirst().fieldNames().forEachRemaining(columns::add);
        boolean chooses = config.prompt().choice().isPresent();
        Fields fields = new Fields(columns, chooses);
        ObjectNode first = documents.getFirst();
        boolean rolling = config.kind() == Kind.LOGLIKELIHOOD_ROLLING;
        boolean inputs = chooses && !rolling && fields.number(config.prompt(), first) instanceof Long;
        boolean many = fields.target(config.prompt(), first) instanceof List<?> golds && !golds.isEmpty();
        List<ObjectNode> pool = shots == 0 ? List.of()
                : chosen(config.fewshot().indices(), pool(config, data, split, documents));
        PromptBuilder prompts = new PromptBuilder(config, fields, shots,
                new Examples(pool, config.fewshot().sampler(), suite.fewshotSeed()), suite.systemInstruction(),
                suite.applyChatTemplate() ? Optional.of(chat) : Optional.empty(),
                suite.fewshotAsMultiturn().orElse(suite.applyChatTemplate()), inputs);
        List<Asked> asked = new ArrayList<>();
        int most = suite.limit().map(limit -> Math.min(limit, documents.size())).orElse(documents.size());
        for (int id = 0; id < most; id++) {
            ObjectNode doc = documents.get(id);
            asked.add(new Asked(id, doc, arguments(config, fields, prompts, inputs, doc)));
        }
        DocScores scores = new DocScores(config, fields, inputs, many);
        tried(config, scores, asked);
        return new SuiteTask(config, shots, documents.size(), asked, fields, scores,
                config.kind() == Kind.GENERATE_UNTIL
                        ? Optional.of(GenerationWords.parameters(config.generation(), suite.genKwargs(), config.task()))
                        : Optional.empty(), looked.notes());
    }

    /// A document that cannot be scored is told before anything is asked, and not behind all answers.
    private static void tried(TaskConfig config, DocScores scores, List<Asked> asked) {
        if (config.scoring().process().isEmpty()) {
            return;
        }
        for (Asked one : asked) {
            List<Object> results = new ArrayList<>();
            one.arguments().forEach(argument -> results.add(config.kind() == Kind.GENERATE_UNTIL ? "a"
                    : new TaskFunction.Likelihood(-1, false)));
            try {
                scores.of(one.doc(), results, ProgramResults.NONE);
            } catch (DataException wrong) {
                Problem first = wrong.problems().getFirst();
                throw new DataException("task '%s', document %s, %s".formatted(config.task(), one.id(), first.place()),
                        first.expected(), first.got(), first.remedy());
            }
        }
    }

    private static List<ObjectNode> chosen(List<Integer> indices, List<ObjectNode> pool) {
        List<ObjectNode> chosen = new ArrayList<>();
        for (int index : indices) {
            int place = index < 0 ? pool.size() + index : index;
            if (place < 0 || place >= pool.size()) {
                throw new DataException("fewshot_config.fewshot_indices",
                        "numbers below %s, the documents there are to draw from".formatted(pool.size()),
                        String.valueOf(index), "write numbers from 0 to " + (pool.size() - 1));
            }
            chosen.add(pool.get(place));
        }
        return indices.isEmpty() ? pool : chosen;
    }

    private static List<ObjectNode> processed(List<ObjectNode> rows, Optional<FunctionName> process) {
        return process.map(name -> Equivalents.of(name, TaskFunction.Documents.class).orElseThrow().of(rows))
                .orElse(rows);
    }

    private static List<ObjectNode> examples(List<ObjectNode> rows, Optional<FunctionName> process) {
        return process.map(name -> Equivalents.of(name, TaskFunction.Documents.class).orElseThrow().examples(rows))
                .orElse(rows);
    }

    private static List<ObjectNode> pool(TaskConfig config, TaskData data, String split, List<ObjectNode> documents) {
        TaskConfig.Fewshot fewshot = config.fewshot();
        if (fewshot.split().isPresent()) {
            return examples(data.rows(fewshot.split().get()), fewshot.process());
        }
        if (fewshot.samples().isPresent()) {
            List<ObjectNode> samples = new ArrayList<>();
            for (Map<String, Object> sample : fewshot.samples().get()) {
                if (sample.get("!function") instanceof String key) {
                    samples.addAll(Equivalents.of(key, TaskFunction.Samples.class).orElseThrow().all());
                } else {
                    samples.add((ObjectNode) Json.tree(sample));
                }
            }
            return samples;
        }
        Optional<String> other = config.splits().training().or(() -> config.splits().validation());
        return other.filter(name -> !name.equals(split) || config.data().process().isPresent()).map(name ->
                examples(data.rows(name), config.data().process())).orElse(documents);
    }

    private static List<Argument> arguments(TaskConfig config, Fields fields, PromptBuilder prompts, boolean inputs,
            ObjectNode doc) {
        if (config.kind() == Kind.LOGLIKELIHOOD_ROLLING) {
            return List.of(new Argument(String.valueOf(fields.target(config.prompt(), doc)), Optional.empty()));
        }
        List<String> written = prompts.of(doc);
        List<Argument> arguments = new ArrayList<>();
        switch (config.kind()) {
            case GENERATE_UNTIL -> arguments.add(new Argument(written.getFirst(), Optional.empty()));
            case LOGLIKELIHOOD -> arguments.add(new Argument(written.getFirst(),
                    Optional.of(String.valueOf(fields.target(config.prompt(), doc)))));
            case MULTIPLE_CHOICE -> {
                String delimiter = prompts.targetDelimiter();
                List<String> choices = fields.choices(config.prompt(), doc);
                if (inputs) {
                    String rest = delimiter + fields.target(config.prompt(), doc);
                    written.forEach(prompt -> arguments.add(new Argument(prompt, Optional.of(rest))));
                } else {
                    choices.forEach(choice -> arguments.add(new Argument(written.getFirst(),
                            Optional.of(delimiter + choice))));
                }
                if (DocScores.needsMutual(config)) {
                    choices.forEach(choice -> arguments.add(new Argument("", Optional.of(delimiter + choice))));
                }
            }
            case LOGLIKELIHOOD_ROLLING -> throw new IllegalStateException("asked above");
        }
        return arguments;
    }

    /// @return what of its data is not here; none where all is
    static List<Problem> missing(TaskYaml yaml, Map<String, YamlNode> overrides, Suite suite) {
        TaskConfig config = TaskLint.at(yaml, overrides).config();
        TaskData data = new TaskData(config.data(), yaml.source(), suite.data());
        Optional<String> asked = config.splits().test().or(() -> config.splits().validation());
        int shots = config.fewshot().number().filter(fixed -> fixed == 0).or(suite::numFewshot)
                .or(() -> config.fewshot().number()).orElse(0);
        Set<String> splits = new LinkedHashSet<>();
        asked.ifPresent(splits::add);
        if (shots > 0 && config.fewshot().split().isPresent()) {
            splits.add(config.fewshot().split().get());
        }
        List<Problem> problems = new ArrayList<>();
        for (String split : splits) {
            try {
                data.files(split);
            } catch (DataException absent) {
                absent.problems().forEach(problem -> problems.add(new Problem("task '%s': %s".formatted(config.task(),
                        problem.place()), problem.expected(), problem.got(), problem.remedy())));
            }
        }
        return problems;
    }

    /// @return files its documents come from
    static List<Path> files(TaskYaml yaml, Map<String, YamlNode> overrides, Suite suite) {
        TaskConfig config = TaskLint.at(yaml, overrides).config();
        TaskData data = new TaskData(config.data(), yaml.source(), suite.data());
        List<Path> files = new ArrayList<>();
        Set<String> splits = new LinkedHashSet<>();
        config.splits().test().or(() -> config.splits().validation()).ifPresent(splits::add);
        config.fewshot().split().or(() -> config.splits().training()).ifPresent(splits::add);
        for (String split : splits) {
            try {
                files.addAll(data.files(split));
            } catch (DataException absent) {
                // The run itself says so, where it needs them.
                continue;
            }
        }
        return files;
    }
}
