package dev.socratic.datasets.source;

import dev.socratic.core.config.Default;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.datasets.wordproblems.Stories;
import dev.socratic.datasets.wordproblems.TrainingRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where training text comes from, as a recipe says it.
///
/// ```yaml
/// data:
///   mix:
///     parts:
///       - {source: {file: {path: curate/train.jsonl}}, weight: 3}
///       - {source: {word_problems: {form: direct, count: 20000}}, weight: 1}
/// ```
public sealed interface ExampleSource {

    /// Opens it. The same source with the same seed gives the same examples in the same order.
    ///
    /// @param quarantine where rows go that cannot be read; it stays open when the stream is closed
    /// @param seed       for whatever is drawn: the order of a mix
    default RowStream<Example> open(Quarantine quarantine, long seed) {
        return open(quarantine, seed, Beside.NOTHING);
    }

    /// The same with what rows say beside what is learned.
    ///
    /// @param beside what of that is wanted; rows that were never in a file have none
    RowStream<Example> open(Quarantine quarantine, long seed, Beside beside);

    /// A file of conversations or of text.
    ///
    /// @param path   a file of rows ([dev.socratic.datasets.format.Format])
    /// @param layout how it names things; not used where `fields` are given
    /// @param fields `{user: path, assistant: path}`, also with `system`, or `{user: path, chosen: path, rejected:
    ///               path}` for pairs of answers, or `{text: path}`
    /// @param limit  how many rows at most, from the beginning
    record File(
            Path path,
            @Default("auto") Layout layout,
            @Default("{}") Map<String, String> fields,
            Optional<Long> limit)
            implements ExampleSource {
        public File {
            fields = fields.containsKey("text")
                    ? Mapping.checked(fields, Set.of("text"), "text")
                    : fields.containsKey("chosen") || fields.containsKey("rejected")
                    ? pairs(fields)
                    : Mapping.checked(fields, Set.of("user", "assistant", "system"), "assistant");
            Mapping.checkLimit(limit);
        }

        private static Map<String, String> pairs(Map<String, String> fields) {
            for (String needed : List.of("user", "chosen")) {
                Mapping.checked(fields, Set.of("user", "chosen", "rejected", "system"), needed);
            }
            return Mapping.checked(fields, Set.of("user", "chosen", "rejected", "system"), "rejected");
        }

        public static File of(Path path) {
            return new File(path, Layout.AUTO, Map.of(), Optional.empty());
        }

        @Override
        public RowStream<Example> open(Quarantine quarantine, long seed, Beside beside) {
            Map<String, FieldPath> paths = Mapping.paths(fields);
            return FileRows.open(path, layout, !fields.isEmpty(), limit, quarantine, (found, row) -> {
                Example example = paths.isEmpty()
                        ? ExampleLayouts.example(found, row.json())
                        : ExampleLayouts.mapped(paths, row.json());
                Unread.tell(row.json(), found, paths, beside, quarantine);
                return beside.added(example, found, row);
            });
        }
    }

    /// Our own word problems ([dev.socratic.datasets.wordproblems.WordProblems]).
    ///
    /// @param seed of the problems; the run's seed does not change them
    /// @param stories `templates`, whole stories, or `composed`, hundreds of forms with solutions in many wordings
    record WordProblems(
            @Default("train") Split split, @Default("1000") int count, @Default("0") long seed,
            @Default("worked") Form form, @Default("templates") Stories stories)
            implements ExampleSource {
        /// Of whole stories.
        public WordProblems(Split split, int count, long seed, Form form) {
            this(split, count, seed, form, Stories.TEMPLATES);
        }

        public WordProblems {
            WordProblemRows.check(count);
        }

        @Override
        public RowStream<Example> open(Quarantine quarantine, long runSeed, Beside beside) {
            Stream<TrainingRow> rows =
                    new dev.socratic.datasets.wordproblems.WordProblems(split, count, seed, form, stories)
                            .rows();
            return WordProblemRows.stream(rows.map(row -> switch (row) {
                case TrainingRow.Chat chat -> new Example.Chat("", chat.messages());
                case TrainingRow.Text text -> new Example.Text("", text.text());
            }));
        }
    }

    /// Several sources as one; see [Mixes] for the order.
    ///
    /// @param parts at least one
    record Mix(List<Part> parts) implements ExampleSource {
        public Mix {
            parts = List.copyOf(parts);
            Mixes.check(parts.stream().map(Part::share).toList());
        }

        /// @param source where its examples come from
        /// @param weight its share of the mix, more than 0; the mix ends when a part with a weight has no more
        /// @param count  exactly so many of its examples, from the beginning
        public record Part(ExampleSource source, Optional<Double> weight, Optional<Long> count) {
            Mixes.Share share() {
                return new Mixes.Share(weight, count);
            }
        }

        @Override
        public RowStream<Example> open(Quarantine quarantine, long seed, Beside beside) {
            return Mixes.open(
                    parts.stream().map(Part::share).toList(), (i, s) -> parts.get(i).source()
                            .open(quarantine, s, beside), seed);
        }
    }
}
