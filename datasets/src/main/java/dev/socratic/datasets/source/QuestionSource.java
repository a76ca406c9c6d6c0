package dev.socratic.datasets.source;

import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.split.Splits;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Stories;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where the questions come from, as a recipe says it.
///
/// ```yaml
/// questions:
///   file: {path: gsm8k/train.jsonl, limit: 1000}
/// ```
public sealed interface QuestionSource {

    /// Opens it. The same source with the same seed gives the same questions in the same order.
    ///
    /// @param quarantine where rows go that cannot be read; it stays open when the stream is closed
    /// @param seed       for whatever is drawn: the order of a mix, the numbers of word problems
    RowStream<Question> open(Quarantine quarantine, long seed);

    /// A file of questions.
    ///
    /// @param path   a file of rows ([dev.socratic.datasets.format.Format])
    /// @param layout how it names things; not used where `fields` are given
    /// @param fields our names (`question`, `choices`, `answer`, `solution`, `licence`, `source`) to paths in a row,
    ///               such as `{question: problem.text, answer: answers[0]}`
    /// @param limit  how many questions at most, from the beginning
    record File(
            Path path,
            @Default("auto") Layout layout,
            @Default("{}") Map<String, String> fields,
            Optional<Long> limit)
            implements QuestionSource {
        private static final Set<String> NAMES =
                Set.of("question", "choices", "answer", "solution", "licence", "source");

        public File {
            fields = Mapping.checked(fields, NAMES, "question");
            Mapping.checkLimit(limit);
        }

        public static File of(Path path) {
            return new File(path, Layout.AUTO, Map.of(), Optional.empty());
        }

        @Override
        public RowStream<Question> open(Quarantine quarantine, long seed) {
            String name = String.valueOf(path.getFileName());
            Map<String, FieldPath> paths = Mapping.paths(fields);
            return FileRows.open(path, layout, !fields.isEmpty(), limit, quarantine, (found, row) -> paths.isEmpty()
                    ? QuestionLayouts.question(found, row.json(), name)
                    : QuestionLayouts.mapped(paths, row.json(), name));
        }
    }

    /// A benchmark that was added by name (`socratic benchmarks add`). The command line puts its files in its place
    /// where a corpus is checked against it; nobody opens it.
    ///
    /// @param name of a benchmark, or `all`
    record Benchmark(String name) implements QuestionSource {
        @Override
        public RowStream<Question> open(Quarantine quarantine, long seed) {
            throw new ConfigException("benchmark", "a source of questions", "the name '%s'".formatted(name),
                    "a benchmark is named in curate.steps: decontaminate: {against: [{benchmark: NAME}]}; elsewhere "
                            + "name its file: {file: {path: FILE}}");
        }
    }

    /// Our own word problems ([dev.socratic.datasets.wordproblems.WordProblems]).
    ///
    /// @param seed of the problems; the run's seed does not change them
    /// @param stories `templates`, whole stories, or `composed`, hundreds of forms
    record WordProblems(
            @Default("train") dev.socratic.datasets.wordproblems.Split split,
            @Default("1000") int count,
            @Default("0") long seed,
            @Default("templates") Stories stories)
            implements QuestionSource {
        /// Of whole stories.
        public WordProblems(dev.socratic.datasets.wordproblems.Split split, int count, long seed) {
            this(split, count, seed, Stories.TEMPLATES);
        }

        public WordProblems {
            WordProblemRows.check(count);
        }

        @Override
        public RowStream<Question> open(Quarantine quarantine, long runSeed) {
            return WordProblemRows.stream(new dev.socratic.datasets.wordproblems.WordProblems(
                            split, count, seed, new Form.Direct(""), stories)
                    .questions());
        }
    }

    /// Several sources as one; see [Mixes] for the order.
    ///
    /// @param parts at least one
    record Mix(List<Part> parts) implements QuestionSource {
        public Mix {
            parts = List.copyOf(parts);
            Mixes.check(parts.stream().map(Part::share).toList());
        }

        /// @param source where its questions come from
        /// @param weight its share of the mix, more than 0; the mix ends when a part with a weight has no more
        /// @param count  exactly so many of its questions, from the beginning
        public record Part(QuestionSource source, Optional<Double> weight, Optional<Long> count) {
            Mixes.Share share() {
                return new Mixes.Share(weight, count);
            }
        }

        @Override
        public RowStream<Question> open(Quarantine quarantine, long seed) {
            return Mixes.open(
                    parts.stream().map(Part::share).toList(), (i, s) -> parts.get(i).source()
                            .open(quarantine, s), seed);
        }
    }

    /// One part of a source cut by content ([dev.socratic.datasets.split.Splits]): a question always falls into the
    /// same part, whatever is added to the file later.
    ///
    /// @param source what is cut
    /// @param shares the parts and how large they are to be relative to each other, such as `{train: 0.9, test: 0.1}`
    /// @param take   the part wanted
    /// @param salt   another number gives another cut; it is not the run's seed, so that a run with another seed
    ///               trains on the same part
    record Split(QuestionSource source, Map<String, Double> shares, String take, @Default("0") long salt)
            implements QuestionSource {
        public Split {
            shares = Splits.checked(shares);
            if (!shares.containsKey(take)) {
                throw new IllegalArgumentException("take: one of %s; got \"%s\"".formatted(shares.keySet(), take));
            }
        }

        @Override
        public RowStream<Question> open(Quarantine quarantine, long seed) {
            Splits splits = new Splits(shares, salt);
            RowStream<Question> all = source.open(quarantine, seed);
            Iterator<Question> rows = all.iterator();
            return RowStream.of(
                    () -> {
                        while (rows.hasNext()) {
                            Question question = rows.next();
                            if (splits.of(question.id()).equals(take)) {
                                return Optional.of(question);
                            }
                        }
                        return Optional.empty();
                    },
                    all::close);
        }
    }
}
