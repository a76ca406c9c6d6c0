package dev.socratic.eval;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Paired;
import dev.socratic.eval.stats.SequentialFlips;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The answers of one model on one task, read back from `samples_<task>_<date>.jsonl`: scored again or compared
/// without a model.
///
/// Files of lm-evaluation-harness hold one line per document and filter. One verdict a document is kept: that of our
/// own filter `final_answer` where the file has it, else that of the filter named last in the file (for its `gsm8k`
/// that is `flexible-extract`).
///
/// @param file where they came from
/// @param task name of the task, from the file's name
/// @param filter the extraction whose verdicts these are
/// @param rows   those of that filter, in the order of the file
/// @param others rows of the file's other filters
public record SavedSamples(Path file, String task, String filter, List<Sample> rows, List<Sample> others) {
    /// A line longer than this, 64 MiB, is no sample.
    private static final int LONGEST_LINE = 64 << 20;

    private static final String REMEDY =
            "give a samples_*.jsonl file of tasks scored from 0 to 1, as this tool or lm-evaluation-harness"
            + " writes it";

    public SavedSamples {
        rows = List.copyOf(rows);
        others = List.copyOf(others);
    }

    /// @throws DataException naming file and line of a row that is no sample
    public static SavedSamples read(Path file) {
        List<Sample> rows = new ArrayList<>();
        Map<String, Long> seen = new HashMap<>();
        try (BoundedLines lines = new BoundedLines(RegularFiles.open(file), file.toString(), LONGEST_LINE)) {
            for (Optional<String> text = lines.next(); text.isPresent(); text = lines.next()) {
                if (text.get().isBlank()) {
                    continue;
                }
                String place = file + ":" + lines.number();
                Sample row = sample(text.get(), place);
                Long before = seen.put(row.filter() + "/" + row.docId(), lines.number());
                if (before != null) {
                    throw new DataException(
                            place, "one line per document and filter",
                                    "doc_id %s again, after line %s".formatted(row.docId(), before),
                            "keep the lines of one evaluation only");
                }
                rows.add(row);
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        return of(file, taskOf(file), rows);
    }

    /// @param rows of all filters
    static SavedSamples of(Path file, String task, List<Sample> rows) {
        return new SavedSamples(file, task, SampleJson.FINAL_ANSWER, List.of(), rows).with(usual(rows));
    }

    /// The newest samples file of each task in a folder that is scored from 0 to 1. Others, such as perplexities, have
    /// figures in the results file, and [#onOtherScales] names them.
    ///
    /// @return by task, in the order of the tasks' names
    public static SequencedMap<String, SavedSamples> ofFolder(Path folder) {
        SequencedMap<String, SavedSamples> byTask = new LinkedHashMap<>();
        files(folder).forEach(file -> scored(file, problem -> {}).ifPresent(
                samples -> byTask.put(samples.task(), samples)));
        return byTask;
    }

    /// @return what [#ofFolder] leaves out: `samples_wikitext_...jsonl:1: word_perplexity: from 0 to 1; got ...`
    public static List<String> onOtherScales(Path folder) {
        List<String> others = new ArrayList<>();
        files(folder).forEach(file -> scored(file, problem -> others.add("%s: %s; got %s".formatted(problem.place(),
                problem.expected(), problem.got()))));
        return others;
    }

    private static Optional<SavedSamples> scored(Path file, Consumer<Problem> others) {
        try {
            return Optional.of(file(file));
        } catch (DataException e) {
            if (e.getCause() instanceof SampleJson.OtherScale) {
                others.accept(e.problems().getFirst());
                return Optional.empty();
            }
            throw e;
        }
    }

    /// @return the files of a folder that [#ofFolder] reads: of a task that several logs are of, the last counts
    public static List<Path> files(Path folder) {
        Map<String, Path> newest = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            // Names end in the date, so the newest of a task comes last and replaces the others.
            files.filter(f -> f.getFileName().toString().matches("samples_.*\\.jsonl")).sorted()
                    .forEach(f -> newest.put(taskOf(f), f));
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return Stream.concat(newest.values().stream(), logs(folder).stream()).toList();
    }

    /// @param file samples_*.jsonl, or a log of inspect
    public static SavedSamples file(Path file) {
        return InspectLog.is(file) ? InspectLog.read(file) : read(file);
    }

    /// Names of logs begin with the date, so the newest comes last.
    private static List<Path> logs(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(InspectLog::is).sorted().toList();
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
    }

    /// Scores every response again with today's extraction and equivalence. Every other field stays as it was.
    ///
    /// @throws DataException if the file holds log probabilities of choices, not texts
    public SavedSamples scoredAgain() {
        rows.stream().filter(row -> !row.isText()).findFirst().ifPresent(row -> {
            throw new DataException(
                    file.toString(), "answers a model wrote",
                            "log probabilities of given choices (doc_id %s)".formatted(row.docId()),
                    "only generated answers can be scored again");
        });
        rows.stream().filter(row -> row.line().path(SampleJson.TARGET).isObject()).findFirst().ifPresent(row -> {
            throw new DataException(
                    file.toString(), "a target that is a text or a list of texts",
                    "an object (doc_id %s)".formatted(row.docId()),
                            "files of such tasks can be compared, not scored again");
        });
        return new SavedSamples(
                file, task, SampleJson.FINAL_ANSWER, rows.stream().map(ExactMatch::again).toList(), List.of());
    }

    /// @return the filters of the file, by name
    public List<String> filters() {
        return Stream.concat(rows.stream(), others.stream()).map(Sample::filter).distinct().sorted().toList();
    }

    /// @return the same file by the verdicts of another of its filters
    /// @throws DataException if it has no such filter
    public SavedSamples with(String wanted) {
        List<Sample> all = Stream.concat(rows.stream(), others.stream()).toList();
        if (!all.isEmpty() && all.stream().noneMatch(row -> row.filter().equals(wanted))) {
            throw new DataException(
                    file.toString(), "samples of the filter '%s'".formatted(wanted), "those of " + filters(),
                    "name one of these with --filter");
        }
        return new SavedSamples(
                file, task, wanted, all.stream().filter(row -> row.filter().equals(wanted)).toList(),
                all.stream().filter(row -> !row.filter().equals(wanted)).toList());
    }

    /// Two files by the verdicts of one and the same extraction.
    ///
    /// @param first  by the filter
    /// @param second by the same
    public record Alike(SavedSamples first, SavedSamples second) {
        /// @return the comparison as it would have gone, question after question in the order of the file; none where
        ///         questions hang together
        public Optional<SequentialFlips> sequential() {
            Map<String, Sample> theirs = second.byDocument();
            List<Sample> mine = first.byDocument().entrySet().stream().filter(e -> theirs.containsKey(e.getKey()))
                    .map(Map.Entry::getValue).toList();
            List<Sample> others = first.byDocument().keySet().stream().filter(theirs::containsKey).map(theirs::get)
                    .toList();
            return SampleMetrics.of(mine).clustered() ? Optional.empty()
                    : Optional.of(SequentialFlips.of(scores(mine), scores(others)));
        }
    }

    /// This file and another by this one's usual filter.
    ///
    /// @throws DataException if the files do not have the same filters, so that the choice is the user's
    public Alike alike(SavedSamples other) {
        if (size() == 0 || other.size() == 0) {
            return new Alike(this, other);
        }
        if (filters().equals(other.filters())) {
            return new Alike(this, other.with(filter));
        }
        List<String> shared = filters().stream().filter(other.filters()::contains).toList();
        String remedy = shared.isEmpty()
                ? "score both again (socratic score FILE --out FOLDER), or say which two are meant: --filter"
                        + " %s,%s".formatted(
                        filter, other.filter)
                : "say which one is meant: --filter " + shared.getLast();
        throw new DataException(
                file + " and " + other.file, "samples of the same filters", filters() + " and " + other.filters(),
                        remedy);
    }

    /// A question one of two models answered better.
    ///
    /// @param first  the one's answer
    /// @param second the other's
    public record Flip(Sample first, Sample second) {}

    /// @return in the order of this file
    public List<Flip> flips(SavedSamples other) {
        Map<String, Sample> theirs = other.byDocument();
        return byDocument().entrySet().stream()
                .filter(e -> theirs.containsKey(e.getKey()))
                .map(e -> new Flip(e.getValue(), theirs.get(e.getKey())))
                .filter(flip -> flip.first().score() != flip.second().score())
                .toList();
    }

    /// Writes the samples as a file that [#read] reads.
    public void write(Path target) {
        AtomicFiles.write(target, out -> {
            for (Sample row : rows) {
                out.write((Json.line(row.line()) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    public int size() {
        return rows.size();
    }

    /// @return mean score; 0 where there are none
    public double accuracy() {
        return rows.isEmpty() ? 0 : figures().score().value();
    }

    /// @return everything that is said of them
    public SampleMetrics figures() {
        return SampleMetrics.of(rows);
    }

    /// @return answers cut off at the most tokens allowed: many of them mean that the limit, not the model, was
    ///         measured
    public long truncated() {
        return rows.stream().filter(Sample::truncated).count();
    }

    /// @return questions the model had no answer to; they are among the wrong ones
    public long failed() {
        return rows.stream().filter(Sample::failed).count();
    }

    public Interval ci95() {
        return rows.isEmpty() ? new Interval(0, 1) : figures().ci95();
    }

    /// @return by question, in the order of the file; a question asked more than once has one entry each time it was
    public SequencedMap<String, Sample> byDocument() {
        SequencedMap<String, Sample> byQuestion = new LinkedHashMap<>();
        Map<String, Integer> times = new HashMap<>();
        for (Sample row : rows) {
            String question = row.questionHash();
            byQuestion.put(question + "/" + times.merge(question, 1, Integer::sum), row);
        }
        return byQuestion;
    }

    /// Compares question by question. By whose verdicts on either side is the caller's choice ([#alike]).
    ///
    /// @throws DataException if the two files do not hold the same questions
    public Paired against(SavedSamples other) {
        SequencedMap<String, Sample> mine = byDocument();
        Map<String, Sample> theirs = other.byDocument();
        long shared = mine.keySet().stream().filter(theirs::containsKey).count();
        if (mine.size() != shared || theirs.size() != shared || shared == 0) {
            throw new DataException(
                    file + " and " + other.file,
                    "samples of the same questions",
                    "%s and %s questions, %s of them in both".formatted(mine.size(), theirs.size(), shared),
                    "evaluate both models on the same task with the same limit");
        }
        List<Sample> left = List.copyOf(mine.values());
        List<Sample> right = mine.keySet().stream().map(theirs::get).toList();
        return Paired.of(scores(left), scores(right), SampleMetrics.of(left).clusters());
    }

    private static double[] scores(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::score).toArray();
    }

    private static Sample sample(String text, String place) {
        try {
            return SampleJson.read(Json.foreign(text, place));
        } catch (IllegalArgumentException e) {
            String[] parts = e.getMessage().split("; got ", 2);
            throw new DataException(place, parts[0], parts[1], REMEDY, e);
        }
    }

    /// Our own filter where the file has it, else the one named last.
    private static String usual(List<Sample> rows) {
        boolean ours = rows.stream().anyMatch(row -> row.filter().equals(SampleJson.FINAL_ANSWER));
        return ours || rows.isEmpty() ? SampleJson.FINAL_ANSWER : rows.getLast().filter();
    }

    private static String taskOf(Path file) {
        String name = file.getFileName().toString();
        return name.replaceFirst("^samples_", "").replaceFirst("(_\\d{4}-\\d\\d-\\d\\dT[0-9.:-]+)?\\.jsonl$", "");
    }
}
