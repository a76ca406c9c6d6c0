package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Paired;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The answers of one model on one task, read back from `samples_<task>_<date>.jsonl`: scored again or compared without a model.
///
/// @param file where they came from
/// @param task name of the task, from the file's name
/// @param rows in the order of the file
public record SavedSamples(Path file, String task, List<Sample> rows) {
    public SavedSamples {
        rows = List.copyOf(rows);
    }

    /// @throws DataException naming file and line of a row that is no sample
    public static SavedSamples read(Path file) {
        List<Sample> rows = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int line = 0;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                String place = file + ":" + line;
                try {
                    rows.add(Sample.fromJson(Json.read(text, JsonNode.class, place)));
                } catch (IllegalArgumentException e) {
                    throw new DataException(place, e.getMessage(), "", "give a samples_*.jsonl file as this tool or lm-evaluation-harness writes it", e);
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        return new SavedSamples(file, taskOf(file), rows);
    }

    /// @return the newest samples file of each task in a folder, by task, in the order of the tasks' names
    public static SequencedMap<String, SavedSamples> ofFolder(Path folder) {
        SequencedMap<String, SavedSamples> byTask = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            // Names end in the date, so the newest of a task comes last and replaces the others.
            files.filter(f -> f.getFileName().toString().matches("samples_.*\\.jsonl")).sorted().forEach(f -> byTask.put(taskOf(f), read(f)));
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
        return byTask;
    }

    /// Scores every response again with today's extraction and equivalence.
    public SavedSamples scoredAgain() {
        return new SavedSamples(file, task, rows.stream().map(Scorer::again).toList());
    }

    public int size() {
        return rows.size();
    }

    /// @return share of right answers
    public double accuracy() {
        return rows.isEmpty() ? 0 : (double) correct() / rows.size();
    }

    public Interval ci95() {
        return Interval.wilson(correct(), rows.size());
    }

    /// @return by hash of the question, in the order of the file
    public Map<String, Sample> byDocument() {
        Map<String, Sample> byHash = new LinkedHashMap<>();
        rows.forEach(row -> byHash.put(row.docHash(), row));
        return byHash;
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
                    "%d and %d questions, %d of them in both".formatted(mine.size(), theirs.size(), shared),
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

    private static String taskOf(Path file) {
        String name = file.getFileName().toString();
        return name.replaceFirst("^samples_", "").replaceFirst("(_[0-9T:.-]+)?\\.jsonl$", "");
    }
}
