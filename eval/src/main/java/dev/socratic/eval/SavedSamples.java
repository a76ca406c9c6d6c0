package dev.socratic.eval;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Paired;
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
/// @param rows in the order of the file
public record SavedSamples(Path file, String task, List<Sample> rows) {
    /// A line longer than this, 64 MiB, is no sample.
    private static final int LONGEST_LINE = 64 << 20;

    private static final String REMEDY = "give a samples_*.jsonl file of exact-match or choice tasks, as this tool or lm-evaluation-harness writes it";

    public SavedSamples {
        rows = List.copyOf(rows);
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
        return new SavedSamples(file, taskOf(file), ofOneFilter(rows));
    }

    /// @return the newest samples file of each task in a folder, by task, in the order of the tasks' names
    public static SequencedMap<String, SavedSamples> ofFolder(Path folder) {
        Map<String, Path> newest = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            // Names end in the date, so the newest of a task comes last and replaces the others.
            files.filter(f -> f.getFileName().toString().matches("samples_.*\\.jsonl")).sorted().forEach(f -> newest.put(taskOf(f), f));
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        SequencedMap<String, SavedSamples> byTask = new LinkedHashMap<>();
        newest.forEach((task, file) -> byTask.put(task, read(file)));
        return byTask;
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
        return new SavedSamples(file, task, rows.stream().map(Scorer::again).toList());
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

    /// @return share of right answers; 0 where there are none
    public double accuracy() {
        return rows.isEmpty() ? 0 : (double) correct() / rows.size();
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
        return Interval.wilson(correct(), rows.size());
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

    /// Compares question by question.
    ///
    /// @throws DataException if the two files do not hold the same questions
    public Paired against(SavedSamples other) {
        Map<String, Sample> mine = byDocument();
        Map<String, Sample> theirs = other.byDocument();
        long shared = mine.keySet().stream().filter(theirs::containsKey).count();
        if (mine.size() != shared || theirs.size() != shared || shared == 0) {
            throw new DataException(
                    file + " and " + other.file,
                    "samples of the same questions",
                    "%s and %s questions, %s of them in both".formatted(mine.size(), theirs.size(), shared),
                    "evaluate both models on the same task with the same limit");
        }
        boolean[] first = new boolean[mine.size()];
        boolean[] second = new boolean[mine.size()];
        int i = 0;
        for (Map.Entry<String, Sample> entry : mine.entrySet()) {
            first[i] = entry.getValue().correct();
            second[i++] = theirs.get(entry.getKey()).correct();
        }
        return Paired.of(first, second);
    }

    private long correct() {
        return rows.stream().filter(Sample::correct).count();
    }

    private static Sample sample(String text, String place) {
        try {
            return SampleJson.read(Json.foreign(text, place));
        } catch (IllegalArgumentException e) {
            String[] parts = e.getMessage().split("; got ", 2);
            throw new DataException(place, parts[0], parts[1], REMEDY, e);
        }
    }

    private static List<Sample> ofOneFilter(List<Sample> rows) {
        if (rows.isEmpty()) {
            return rows;
        }
        boolean ours = rows.stream().anyMatch(row -> row.filter().equals(SampleJson.FINAL_ANSWER));
        String filter = ours ? SampleJson.FINAL_ANSWER : rows.getLast().filter();
        return rows.stream().filter(row -> row.filter().equals(filter)).toList();
    }

    private static String taskOf(Path file) {
        String name = file.getFileName().toString();
        return name.replaceFirst("^samples_", "").replaceFirst("(_\\d{4}-\\d\\d-\\d\\dT[0-9.:-]+)?\\.jsonl$", "");
    }
}
