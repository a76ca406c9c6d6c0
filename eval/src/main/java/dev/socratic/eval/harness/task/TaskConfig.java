package dev.socratic.eval.harness.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A task of lm-evaluation-harness 0.4.13, as its YAML says it; every key has its word there.
///
/// @param data       where the documents come from
/// @param splits     which of them are asked, and which are examples
/// @param prompt     how a document is asked
/// @param fewshot    how examples are drawn and written
/// @param kind       `output_type`
/// @param generation `generation_kwargs`
/// @param scoring    what becomes of the answers
/// @param unsafeCode whether answers are run as programs
/// @param metadata   version and whatever else
public record TaskConfig(String task, String alias, List<String> tags, Dataset data, Splits splits, Prompt prompt,
        Fewshot fewshot, Kind kind, Map<String, Object> generation, Scoring scoring, boolean unsafeCode,
        Map<String, Object> metadata) {
    public TaskConfig {
        tags = List.copyOf(tags);
        generation = Collections.unmodifiableMap(new LinkedHashMap<>(generation));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /// What is asked of a model.
    public enum Kind {
        /// A text, up to a stop.
        GENERATE_UNTIL,
        /// How likely the target is.
        LOGLIKELIHOOD,
        /// How likely the whole text is.
        LOGLIKELIHOOD_ROLLING,
        /// Which choice is likeliest.
        MULTIPLE_CHOICE;

        /// @return as YAML writes it
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// @param path   `dataset_path`: a name of the hub, a folder, or the name of a file format
    /// @param name   `dataset_name`: a part of it
    /// @param kwargs `dataset_kwargs`, `data_files` among them
    /// @param process `process_docs`
    public record Dataset(String path, Optional<String> name, Map<String, Object> kwargs,
            Optional<FunctionName> process) {
        public Dataset {
            kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        }
    }

    /// Names of splits.
    public record Splits(Optional<String> training, Optional<String> validation, Optional<String> test) {}

    /// @param text        `doc_to_text`
    /// @param target      `doc_to_target`
    /// @param choice      `doc_to_choice`
    /// @param description before everything
    /// @param targetDelimiter  between question and answer
    /// @param fewshotDelimiter behind an example
    /// @param answerPrefix     `gen_prefix`: what the answer begins with
    public record Prompt(Optional<DocField> text, Optional<DocField> target, Optional<DocField> choice,
            Optional<DocField> description, String targetDelimiter, String fewshotDelimiter,
            Optional<DocField> answerPrefix) {}

    /// @param number  `num_fewshot`; empty where the task leaves it open
    /// @param sampler `default`, which draws, or `first_n`
    /// @param split   to draw from
    /// @param indices numbers of the documents to draw from, in their order, from the end where below 0; empty for all
    /// @param samples examples written in the task
    /// @param process of the split
    /// @param prompt  how an example is written
    public record Fewshot(Optional<Integer> number, String sampler, Optional<String> split, List<Integer> indices,
            Optional<List<Map<String, Object>>> samples, Optional<FunctionName> process, Prompt prompt) {}

    /// @param metrics in their order
    /// @param filters pipelines by name, in their order
    /// @param process `process_results`
    /// @param repeats answers to each question
    public record Scoring(List<Metric> metrics, List<Pipeline> filters, Optional<FunctionName> process, int repeats) {
        public Scoring {
            metrics = List.copyOf(metrics);
            filters = List.copyOf(filters);
        }
    }

    /// @param name           such as `exact_match`, or of a function
    /// @param aggregation    such as `mean`
    /// @param higherIsBetter which way is up
    /// @param options        its own keys
    /// @param place          file, line and column
    public record Metric(String name, String aggregation, boolean higherIsBetter, Map<String, Object> options,
            String place) {
        public Metric {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }
    }

    /// @param name  stands behind the metrics: `exact_match,strict-match`
    /// @param steps in their order
    public record Pipeline(String name, List<Step> steps) {
        public Pipeline {
            steps = List.copyOf(steps);
        }
    }

    /// @param function such as `regex`
    /// @param options  its own keys
    /// @param place    file, line and column
    public record Step(String function, Map<String, Object> options, String place) {
        public Step {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }
    }

    /// @return `metadata.version`
    public Object version() {
        return metadata.getOrDefault("version", "Yaml");
    }
}
