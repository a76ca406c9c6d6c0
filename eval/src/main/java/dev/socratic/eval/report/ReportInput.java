package dev.socratic.eval.report;

import dev.socratic.core.run.Counts;
import dev.socratic.core.text.Usage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;

/// Everything a report is made from: figures of the stages, and where their files lie. The command line fills it from
/// a run's manifest.
///
/// @param title        heading of the page
/// @param run          the run's folder; places in the page are given relative to it
/// @param stages       in the order they ran
/// @param curation     `report.json` of the curator
/// @param corpus       `train.jsonl`, for the sample browser
/// @param metrics      `metrics.jsonl` by the student's name
/// @param evaluations  folder with `samples_*.jsonl` by the model's name, in the order they are shown
/// @param compared     pairs of model names: the first against the second
/// @param parameters   number of weights by `teacher` and `student`
/// @param peakMemoryMb largest resident memory of a stage in mebibytes; 0 where the system does not say
/// @param incomplete   what is still open, by the name of the stage
/// @param sizes        of the models evaluated, as far as they are known
/// @param trained      models that a training of this run made, with what they were before, both by their names among
///                     the evaluations
public record ReportInput(
        String title,
        Path run,
        List<StageFacts> stages,
        Optional<Path> curation,
        Optional<Path> corpus,
        SequencedMap<String, Path> metrics,
        SequencedMap<String, Path> evaluations,
        List<Pair> compared,
        Map<String, Long> parameters,
        long peakMemoryMb,
        SortedMap<String, String> incomplete,
        Map<String, ModelSize> sizes,
        SequencedMap<String, String> trained) {
    /// Of models whose size and past nobody knows.
    public ReportInput(String title, Path run, List<StageFacts> stages, Optional<Path> curation, Optional<Path> corpus,
            SequencedMap<String, Path> metrics, SequencedMap<String, Path> evaluations, List<Pair> compared,
            Map<String, Long> parameters, long peakMemoryMb, SortedMap<String, String> incomplete) {
        this(title, run, stages, curation, corpus, metrics, evaluations, compared, parameters, peakMemoryMb,
                incomplete, Map.of(), new LinkedHashMap<>());
    }

    /// @param parameters number of weights
    /// @param bytes      of its files of weights
    public record ModelSize(Optional<Long> parameters, Optional<Long> bytes) {
        /// Nobody knows.
        public static final ModelSize NONE = new ModelSize(Optional.empty(), Optional.empty());
    }

    /// @param name    `generate`, `curate`, `train/<student>`, `eval/<model>`
    /// @param seconds it was at work, over all the times it went on
    /// @param counts  row conservation
    /// @param usage   tokens and cost
    /// @param refused fields of its requests that the endpoint did not take
    ///                ([dev.socratic.core.text.TextModel#REFUSED_FIELDS])
    public record StageFacts(String name, double seconds, Counts counts, Usage usage, List<String> refused) {
        public StageFacts {
            refused = List.copyOf(refused);
        }

        /// Of a stage that asked no endpoint, or one that took everything.
        public StageFacts(String name, double seconds, Counts counts, Usage usage) {
            this(name, seconds, counts, usage, List.of());
        }

        /// @return what a figure of this stage must not be read without
        Optional<String> warning(String who) {
            return Optional.of("%s: the endpoint did not take, and was not sent or under another name: %s".formatted(
                    who, String.join(", ", refused))).filter(text -> !refused.isEmpty());
        }
    }

    /// @param key    key in `summary.json`, such as `kd_vs_sft`
    /// @param first  name among the evaluations
    /// @param second name among the evaluations
    public record Pair(String key, String first, String second) {}
}
