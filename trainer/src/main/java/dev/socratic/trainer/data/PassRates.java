package dev.socratic.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.JsonLines;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.source.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// How often a student answered questions rightly, from the samples of its evaluations: lines with `doc.question` and
/// the verdict `exact_match`, or `acc` of choices, as this project and lm-evaluation-harness write them.
///
/// A question is known by its text, which is the last turn of the user in a row to learn, or the end of it behind an
/// instruction; blanks at either end do not count.
///
/// @param rates by the text of the question
public record PassRates(Map<String, Double> rates) {
    private static final int LONGEST_LINE = 64 << 20;

    public PassRates {
        rates = Map.copyOf(rates);
    }

    /// @param places files or folders
    /// @throws DataException if there is no verdict in them
    public static PassRates read(List<Path> places) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        files(places).forEach(file -> JsonLines.each(file, LONGEST_LINE, line -> add(line, sums)));
        if (sums.isEmpty()) {
            throw new DataException("curriculum.samples", "lines with doc.question and exact_match or acc",
                    "none in %s".formatted(places), "name the samples_*.jsonl files of an evaluation, or its folder");
        }
        Map<String, Double> rates = new LinkedHashMap<>();
        sums.forEach((question, sum) -> rates.put(question, sum[0] / sum[1]));
        return new PassRates(rates);
    }

    private static void add(JsonNode line, Map<String, double[]> sums) {
        JsonNode verdict = line.has("exact_match") ? line.path("exact_match") : line.path("acc");
        String question = line.path("doc").path("question").asText("").strip();
        if (verdict.isNumber() && !question.isEmpty()) {
            double[] sum = sums.computeIfAbsent(question, text -> new double[2]);
            sum[0] += verdict.asDouble();
            sum[1]++;
        }
    }

    /// @return the files, in order of their names within a folder
    public static List<Path> files(List<Path> places) {
        List<Path> files = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> list = Files.list(place)) {
                    list.filter(file -> file.getFileName().toString().matches("samples_.*\\.jsonl")).sorted()
                            .forEach(files::add);
                } catch (IOException e) {
                    throw IoProblems.reading(place, e);
                }
            } else {
                files.add(place);
            }
        }
        return files;
    }

    /// @return of the question of a row; empty where it was not asked
    OptionalDouble of(Example row) {
        String asked = switch (row) {
            case Example.Chat chat -> lastAsked(chat.messages());
            case Example.Pair pair -> lastAsked(pair.prompt());
            case Example.Text ignored -> "";
        };
        Double rate = rates.get(asked);
        if (rate == null && asked.contains("\n")) {
            rate = rates.get(asked.substring(asked.lastIndexOf('\n') + 1).strip());
        }
        return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }

    private static String lastAsked(List<ChatMessage> messages) {
        return messages.stream().filter(message -> message.role().equals(ChatMessage.USER))
                .reduce((first, second) -> second).map(message -> message.content().strip()).orElse("");
    }
}
