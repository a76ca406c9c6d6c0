package dev.socratic.eval.harness.task;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.config.YamlNode;
import dev.socratic.core.error.Problem;
import dev.socratic.eval.harness.task.TaskConfig.Dataset;
import dev.socratic.eval.harness.task.TaskConfig.Fewshot;
import dev.socratic.eval.harness.task.TaskConfig.Kind;
import dev.socratic.eval.harness.task.TaskConfig.Metric;
import dev.socratic.eval.harness.task.TaskConfig.Pipeline;
import dev.socratic.eval.harness.task.TaskConfig.Prompt;
import dev.socratic.eval.harness.task.TaskConfig.Scoring;
import dev.socratic.eval.harness.task.TaskConfig.Splits;
import dev.socratic.eval.harness.task.TaskConfig.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes a [TaskConfig] of a task's YAML, with the defaults of lm-evaluation-harness.
public final class TaskReader {
    private static final Set<String> KNOWN = new LinkedHashSet<>(List.of("task", "task_alias", "tag", "custom_dataset",
            "dataset_path", "dataset_name", "dataset_kwargs", "training_split", "validation_split", "test_split",
            "fewshot_split", "process_docs", "doc_to_text", "doc_to_target", "doc_to_image", "doc_to_audio",
            "unsafe_code", "doc_to_choice", "process_results", "use_prompt", "description", "target_delimiter",
            "fewshot_delimiter", "fewshot_config", "num_fewshot", "metric_list", "output_type", "generation_kwargs",
            "repeats", "filter_list", "should_decontaminate", "doc_to_decontamination_query", "gen_prefix",
            "metadata"));
    private static final Set<String> STRUCTURE = Set.of("group", "task_list", "class");
    private static final Set<String> FEWSHOT_KEYS = new LinkedHashSet<>(List.of("sampler", "split", "process_docs",
            "fewshot_indices", "samples", "doc_to_text", "doc_to_choice", "doc_to_target", "gen_prefix",
            "fewshot_delimiter", "target_delimiter"));
    private static final Map<Kind, List<String>> METRICS = Map.of(
            Kind.GENERATE_UNTIL, List.of("exact_match"), Kind.LOGLIKELIHOOD, List.of("perplexity", "acc"),
            Kind.LOGLIKELIHOOD_ROLLING, List.of("word_perplexity", "byte_perplexity", "bits_per_byte"),
            Kind.MULTIPLE_CHOICE, List.of("acc", "acc_norm"));

    private final YamlReading yaml;

    private TaskReader(YamlReading yaml) {
        this.yaml = yaml;
    }

    /// What was read, and what is wrong with it.
    ///
    /// @param config   with defaults in the place of what is wrong
    /// @param problems all of them; none where the task can be used
    public record Read(TaskConfig config, List<Problem> problems) {
        public Read {
            problems = List.copyOf(problems);
        }
    }

    /// @param overrides keys of a group, which go before the task's own
    public static Read read(TaskYaml file, Map<String, YamlNode> overrides) {
        Map<String, YamlNode> entries = new LinkedHashMap<>(file.entries());
        entries.putAll(overrides);
        List<Problem> problems = new ArrayList<>();
        TaskReader reader = new TaskReader(new YamlReading(entries, problems));
        return new Read(reader.config(file), problems);
    }

    private TaskConfig config(TaskYaml file) {
        yaml.entries().forEach((key, node) -> {
            if (!KNOWN.contains(key) && !STRUCTURE.contains(key)) {
                yaml.wrong(node, "a key of a task", "'" + key + "'", Spelling.remedy(key, KNOWN));
            }
        });
        refused("class", "a task written in YAML", "a class of Python", "write its prompt as doc_to_text");
        refused("custom_dataset", "dataset_path", "custom_dataset, a function of Python",
                "write the data into a file and name it: dataset_path: json, dataset_kwargs: {data_files: FILE}");
        refused("use_prompt", "doc_to_text", "use_prompt, of the package promptsource",
                "write the prompt as doc_to_text");
        refused("doc_to_image", "a task of text", "doc_to_image", "there is no model for images here");
        refused("doc_to_audio", "a task of text", "doc_to_audio", "there is no model for sounds here");
        Kind kind = kind();
        Prompt prompt = prompt();
        String name = yaml.text("task").orElse("");
        Dataset data = new Dataset(yaml.text("dataset_path").orElse(""), yaml.text("dataset_name"),
                yaml.map("dataset_kwargs"), yaml.function("process_docs"));
        Splits splits = new Splits(yaml.text("training_split"), yaml.text("validation_split"), yaml.text("test_split"));
        if (name.isEmpty() || data.path().isEmpty() && yaml.node("custom_dataset").isEmpty()
                && yaml.node("class").isEmpty()) {
            String missing = name.isEmpty() ? "task" : "dataset_path";
            yaml.problems().add(new Problem(file.source().name(), missing + ": a key every task has",
                    "a file without it", "write %s: NAME".formatted(missing)));
        }
        return new TaskConfig(name, yaml.text("task_alias").orElse(name), file.tags(), data, splits, prompt,
                fewshot(data, prompt), kind, generation(kind, prompt), scoring(kind),
                yaml.truth("unsafe_code", false), yaml.map("metadata"));
    }

    private void refused(String key, String expected, String got, String remedy) {
        yaml.node(key).ifPresent(node -> yaml.wrong(node, expected, got, remedy));
    }

    private Kind kind() {
        Optional<String> word = yaml.text("output_type");
        return word.map(text -> Arrays.stream(Kind.values()).filter(kind -> kind.word().equals(text)).findFirst()
                .orElseGet(() -> {
                    List<String> words = Arrays.stream(Kind.values()).map(Kind::word).toList();
                    yaml.wrong(yaml.node("output_type").orElseThrow(), "output_type: one of " + words,
                            "'" + text + "'", Spelling.remedy(text, words));
                    return Kind.GENERATE_UNTIL;
                })).orElse(Kind.GENERATE_UNTIL);
    }

    private Prompt prompt() {
        return new Prompt(yaml.field("doc_to_text"), yaml.field("doc_to_target"), yaml.field("doc_to_choice"),
                yaml.field("description"), yaml.text("target_delimiter").orElse(" "),
                yaml.text("fewshot_delimiter").orElse("\n\n"), yaml.field("gen_prefix"));
    }

    /// Its keys stand in the place of the task's.
    private Fewshot fewshot(Dataset data, Prompt prompt) {
        Optional<YamlNode> node = yaml.node("fewshot_config");
        Map<String, YamlNode> keys = node.filter(YamlNode.Entries.class::isInstance)
                .map(map -> ((YamlNode.Entries) map).entries()).orElse(Map.of());
        YamlReading own = new YamlReading(keys, yaml.problems());
        keys.forEach((key, value) -> {
            if (!FEWSHOT_KEYS.contains(key) && !key.equals("num_fewshot")) {
                yaml.wrong(value, "a key of fewshot_config", "'" + key + "'", Spelling.remedy(key, FEWSHOT_KEYS));
            }
        });
        String sampler = keys.get("sampler") instanceof YamlNode.Scalar scalar && !FunctionName.is(scalar)
                ? scalar.text() : keys.containsKey("sampler") ? "!function" : "default";
        if (!List.of("default", "first_n").contains(sampler)) {
            yaml.wrong(keys.get("sampler"), "fewshot_config.sampler: default or first_n",
                    YamlReading.shown(keys.get("sampler")), "write first_n for the first ones in order");
        }
        Prompt written = new Prompt(own.field("doc_to_text").or(prompt::text),
                own.field("doc_to_target").or(prompt::target), own.field("doc_to_choice").or(prompt::choice),
                Optional.empty(), own.text("target_delimiter").orElse(prompt.targetDelimiter()),
                own.text("fewshot_delimiter").orElse(prompt.fewshotDelimiter()),
                own.field("gen_prefix").or(prompt::answerPrefix));
        return new Fewshot(yaml.whole("num_fewshot", 0), sampler, own.text("split").or(() ->
                yaml.text("fewshot_split")), indices(own), samples(own),
                own.function("process_docs").or(data::process), written);
    }

    private static List<Integer> indices(YamlReading own) {
        List<Integer> indices = new ArrayList<>();
        for (YamlNode item : own.list("fewshot_indices")) {
            if (YamlReading.plain(item) instanceof Long number && number == number.intValue()) {
                indices.add(number.intValue());
            } else {
                own.wrong(item, "fewshot_config.fewshot_indices: numbers of documents, from 0",
                        YamlReading.shown(item), "write [0, 1]");
            }
        }
        return indices;
    }

    private static Optional<List<Map<String, Object>>> samples(YamlReading own) {
        Optional<YamlNode> node = own.node("samples");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (FunctionName.is(node.get())) {
            FunctionName name = FunctionName.of(node.get());
            return Optional.of(List.of(Map.of(FunctionName.TAG, name.key())));
        }
        List<Map<String, Object>> samples = new ArrayList<>();
        for (YamlNode item : own.list("samples")) {
            if (item instanceof YamlNode.Entries) {
                samples.add(YamlReading.asMap(YamlReading.plain(item)));
            } else {
                own.wrong(item, "fewshot_config.samples: a mapping", YamlReading.shown(item),
                        "write the fields of a document");
            }
        }
        return Optional.of(samples);
    }

    private Map<String, Object> generation(Kind kind, Prompt prompt) {
        if (kind != Kind.GENERATE_UNTIL) {
            return Map.of();
        }
        Map<String, Object> kwargs = new LinkedHashMap<>(yaml.map("generation_kwargs"));
        if (kwargs.isEmpty() && yaml.node("generation_kwargs").isEmpty()) {
            kwargs.put("temperature", 0.0);
            kwargs.put("do_sample", false);
            kwargs.put("max_gen_toks", 256L);
        }
        if (kwargs.get("temperature") instanceof Long whole) {
            kwargs.put("temperature", (double) whole);
        }
        kwargs.putIfAbsent("until", List.of(prompt.fewshotDelimiter()));
        return kwargs;
    }

    private Scoring scoring(Kind kind) {
        Optional<FunctionName> process = yaml.function("process_results");
        List<Metric> metrics = new ArrayList<>();
        if (yaml.node("metric_list").isEmpty()) {
            METRICS.get(kind).forEach(name -> metrics.add(new Metric(name, MetricDefaults.aggregation(name).orElse(""),
                    MetricDefaults.higherIsBetter(name), Map.of(), "")));
        }
        for (YamlNode item : yaml.list("metric_list")) {
            metric(item).ifPresent(metrics::add);
        }
        List<Pipeline> filters = new ArrayList<>();
        for (YamlNode item : yaml.list("filter_list")) {
            filters.add(pipeline(item));
        }
        if (yaml.node("filter_list").isEmpty()) {
            filters.add(new Pipeline("none", List.of(new Step("take_first", Map.of(), ""))));
        }
        return new Scoring(metrics, filters, process, yaml.whole("repeats", 1).orElse(1));
    }

    private Optional<Metric> metric(YamlNode item) {
        if (!(item instanceof YamlNode.Entries map) || map.get("metric").isEmpty()) {
            yaml.wrong(item, "metric_list: a mapping with the key metric", YamlReading.shown(item),
                    "write - metric: exact_match");
            return Optional.empty();
        }
        YamlReading keys = new YamlReading(map.entries(), yaml.problems());
        YamlNode named = map.get("metric").orElseThrow();
        String name = FunctionName.is(named) ? FunctionName.TAG + " " + FunctionName.of(named).key()
                : named instanceof YamlNode.Scalar scalar ? scalar.text() : YamlReading.shown(named);
        String aggregation = keys.node("aggregation").map(node -> FunctionName.is(node)
                ? FunctionName.TAG + " " + FunctionName.of(node).key()
                : node instanceof YamlNode.Scalar scalar ? scalar.text() : YamlReading.shown(node))
                .or(() -> MetricDefaults.aggregation(name)).orElse("mean");
        Map<String, Object> options = YamlReading.asMap(YamlReading.plain(map));
        List.of("metric", "aggregation", "higher_is_better").forEach(options::remove);
        return Optional.of(new Metric(name, aggregation,
                keys.truth("higher_is_better", MetricDefaults.higherIsBetter(name)), options, item.place()));
    }

    private Pipeline pipeline(YamlNode item) {
        if (!(item instanceof YamlNode.Entries map) || map.get("name").isEmpty() || map.get("filter").isEmpty()) {
            yaml.wrong(item, "filter_list: a mapping with the keys name and filter", YamlReading.shown(item),
                    "write - name: NAME and below it filter: [{function: take_first}]");
            return new Pipeline("none", List.of());
        }
        YamlReading keys = new YamlReading(map.entries(), yaml.problems());
        List<Step> steps = new ArrayList<>();
        for (YamlNode step : keys.list("filter")) {
            if (step instanceof YamlNode.Entries entries && entries.get("function").isPresent()) {
                YamlNode function = entries.get("function").orElseThrow();
                Map<String, Object> options = YamlReading.asMap(YamlReading.plain(step));
                options.remove("function");
                entries.entries().forEach((key, value) -> {
                    if (!key.equals("function") && FunctionName.is(value)) {
                        options.put(key, FunctionName.TAG + " " + FunctionName.of(value).key());
                    }
                });
                steps.add(new Step(FunctionName.is(function)
                        ? FunctionName.TAG + " " + FunctionName.of(function).key()
                        : new YamlReading(entries.entries(), yaml.problems()).text("function").orElse(""), options,
                        step.place()));
            } else {
                yaml.wrong(step, "filter: a mapping with the key function", YamlReading.shown(step),
                        "write - function: take_first");
            }
        }
        return new Pipeline(keys.text("name").orElse("none"), steps);
    }
}
