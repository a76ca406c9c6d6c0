package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The newest `results_<date>.json` of an evaluation, ours or that of lm-evaluation-harness, read back for what
/// samples do not say: figures of every metric and filter, groups of tasks, and what stands beside a figure.
///
/// @param json the file's content; an empty object where there is no file
public record SavedResults(JsonNode json) {
    /// Nothing is known.
    public static final SavedResults NONE = new SavedResults(JsonNodeFactory.instance.objectNode());

    /// @param metric its name
    /// @param filter the extraction it is of
    /// @param value  over all documents
    /// @param error  its standard error, where it has one
    public record Figure(String metric, String filter, double value, Optional<Double> error) {}

    /// What a benchmark shares with the training corpus.
    ///
    /// @param n            questions that were looked at
    /// @param contaminated of them, those that the corpus holds
    /// @param clean        score on the others, where it is stated
    public record Contamination(long n, long contaminated, Optional<Double> clean) {}

    public static SavedResults ofFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return NONE;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> results = new ArrayList<>(files.filter(file ->
                    file.getFileName().toString().matches("results_.*\\.json")).sorted().toList());
            return results.isEmpty() ? NONE : new SavedResults(Json.read(results.getLast(), JsonNode.class));
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
    }

    public Optional<Long> parameters() {
        return Optional.of(json.at("/config/model_num_parameters")).filter(JsonNode::isIntegralNumber)
                .map(JsonNode::asLong);
    }

    /// @return every figure, by task or group
    public SequencedMap<String, List<Figure>> figures() {
        SequencedMap<String, List<Figure>> all = new LinkedHashMap<>();
        json.path("results").properties().forEach(task -> {
            List<Figure> figures = new ArrayList<>();
            task.getValue().properties().forEach(field -> {
                String[] name = field.getKey().split(",", 2);
                if (name.length == 2 && !name[0].endsWith("_stderr") && field.getValue().isNumber()) {
                    figures.add(new Figure(name[0], name[1], field.getValue().asDouble(),
                            Optional.of(task.getValue().path(name[0] + "_stderr," + name[1]))
                                    .filter(JsonNode::isNumber).map(JsonNode::asDouble)));
                }
            });
            all.put(task.getKey(), figures);
        });
        return all;
    }

    /// @return the members of each group of tasks, in their order; what is no group is left out
    public SequencedMap<String, List<String>> groups() {
        SequencedMap<String, List<String>> groups = new LinkedHashMap<>();
        json.path("group_subtasks").properties().forEach(entry -> {
            List<String> members = new ArrayList<>();
            entry.getValue().forEach(member -> members.add(member.asText()));
            if (!members.isEmpty()) {
                groups.put(entry.getKey(), members);
            }
        });
        return groups;
    }

    /// @param field such as `truncated`, `failed`, `unjudged`
    /// @return how many questions of a task; none where the file does not say
    public Optional<Long> count(String field, String task) {
        JsonNode plain = json.path(field).path(task); // of judged tasks it stands with what else is said of the jury
        return Optional.of(plain.isMissingNode() ? json.path("judged").path(task).path(field) : plain)
                .filter(JsonNode::isIntegralNumber).map(JsonNode::asLong);
    }

    public Optional<Contamination> contamination(String task) {
        JsonNode one = json.path("contamination").path(task);
        return one.path("contaminated").isIntegralNumber()
                ? Optional.of(new Contamination(one.path("n").asLong(), one.path("contaminated").asLong(),
                        Optional.of(one.at("/clean/value")).filter(JsonNode::isNumber).map(JsonNode::asDouble)))
                : Optional.empty();
    }

    /// @return tasks and groups by what the file calls them for people
    public Map<String, String> aliases() {
        Map<String, String> aliases = new LinkedHashMap<>();
        json.path("results").properties().forEach(task ->
                aliases.put(task.getKey(), task.getValue().path("alias").asText(task.getKey()).strip()));
        return aliases;
    }
}
