package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.ZippedFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A log of inspect: a zip of JSON (`.eval`), `header.json` beside one `samples/ID_epoch_N.json` each.
///
/// Its epochs are answers to one question, its scorers are filters; the values C, P, I and N count 1, 0.5, 0 and 0, as
/// there. A sample that ended in an error or without that score is a question without an answer. Its lines are turned
/// into those of lm-evaluation-harness, so that what is read of them is read in one place.
final class InspectLog {
    private static final String HEADER = "header.json";
    private static final String SAMPLES = "samples/";
    private static final String SUFFIX = ".eval";
    /// A sample larger than this, 256 MiB, is not taken into memory.
    private static final int LARGEST = 256 << 20;
    private static final Map<String, Double> LETTERS = Map.of("C", 1.0, "P", 0.5, "I", 0.0, "N", 0.0);

    private final Path file;

    private InspectLog(Path file) {
        this.file = file;
    }

    static boolean is(Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    /// @throws DataException if it is no such log, or its scores are no numbers from 0 to 1
    static SavedSamples read(Path file) {
        return new InspectLog(file).read();
    }

    private SavedSamples read() {
        SequencedMap<String, List<JsonNode>> byQuestion = new LinkedHashMap<>();
        List<String> task = new ArrayList<>();
        ZippedFiles.read(file, LARGEST, InspectLog::isRead, (name, bytes) -> {
            JsonNode json = Json.foreign(new String(bytes, StandardCharsets.UTF_8), file + "!" + name);
            if (name.equals(HEADER)) {
                task.add(json.path("eval").path("task").asText(""));
            } else {
                byQuestion.computeIfAbsent(json.path("id").asText(), ignored -> new ArrayList<>()).add(json);
            }
        });
        if (byQuestion.isEmpty()) {
            throw refused("samples/*.json", "none; a log without samples");
        }
        String name = task.stream().filter(text -> !text.isEmpty()).findFirst()
                .orElse(file.getFileName().toString().replace(SUFFIX, ""));
        return SavedSamples.of(file, name.replaceFirst("^.*/", ""), lines(byQuestion));
    }

    private static boolean isRead(String name) {
        return name.equals(HEADER) || name.startsWith(SAMPLES) && name.endsWith(".json");
    }

    private List<Sample> lines(SequencedMap<String, List<JsonNode>> byQuestion) {
        Set<String> scorers = new LinkedHashSet<>();
        byQuestion.values().forEach(epochs -> epochs.forEach(sample ->
                sample.path("scores").fieldNames().forEachRemaining(scorers::add)));
        if (scorers.isEmpty()) {
            throw refused("scores in its samples", "none; score it first (inspect score)");
        }
        List<Sample> rows = new ArrayList<>();
        for (String scorer : scorers) {
            int number = 0;
            for (List<JsonNode> epochs : byQuestion.values()) {
                List<JsonNode> inOrder = epochs.stream()
                        .sorted((a, b) -> Integer.compare(a.path("epoch").asInt(1), b.path("epoch").asInt(1))).toList();
                rows.add(SampleJson.read(line(number++, scorer, inOrder)));
            }
        }
        return rows;
    }

    private ObjectNode line(int number, String scorer, List<JsonNode> epochs) {
        JsonNode first = epochs.getFirst();
        ObjectNode line = Json.mapper().createObjectNode().put("doc_id", number);
        ObjectNode doc = line.putObject("doc");
        doc.put("question", question(first.path("input")));
        doc.set("id", first.path("id"));
        if (first.path("choices").isArray()) {
            doc.set("choices", first.path("choices"));
        }
        JsonNode target = first.path("target");
        line.set(SampleJson.TARGET, target.isArray() && target.size() == 1 ? target.get(0) : target);
        ArrayNode prompt = sent(first);
        if (!prompt.isEmpty()) {
            line.putObject("arguments").putObject("gen_args_0").put("arg_0", Json.line(prompt));
        }
        ArrayNode responses = line.putArray(SampleJson.RESPONSES).addArray();
        ArrayNode tokens = Json.mapper().createArrayNode();
        ArrayNode whys = Json.mapper().createArrayNode();
        ArrayNode answers = Json.mapper().createArrayNode();
        ArrayNode scores = Json.mapper().createArrayNode();
        ArrayNode ends = Json.mapper().createArrayNode();
        double sum = 0;
        for (JsonNode sample : epochs) {
            JsonNode score = sample.path("scores").path(scorer);
            boolean failed = sample.path("error").isObject() || score.isMissingNode();
            double value = failed ? 0 : value(score.path("value"), scorer, sample);
            responses.add(completion(sample.path("output")));
            answers.add(score.path("answer").asText(SampleJson.INVALID));
            scores.add(value > 0.5 ? 1 : 0);
            whys.add(failed ? sample.at("/error/message").asText("") : score.path("explanation").asText(""));
            tokens.add(tokens(sample.at("/output/choices/0/logprobs/content")));
            ends.add(failed ? SampleJson.ERROR : stop(sample.path("output")));
            sum += value;
        }
        line.put(SampleJson.FILTER, scorer);
        line.putArray("metrics").add(SampleJson.METRIC);
        line.put(SampleJson.METRIC, sum / epochs.size());
        SampleJson.answers(line, answers, scores, whys, ends);
        if (stated(tokens)) {
            line.set(SampleEvidence.LOGPROBS, tokens);
        }
        return line;
    }

    private static boolean stated(ArrayNode tokens) {
        boolean any = false;
        for (JsonNode list : tokens) {
            any |= !list.isEmpty();
        }
        return any;
    }

    /// What was said before the model first said anything: what its solver put before the question included.
    private static ArrayNode sent(JsonNode sample) {
        ArrayNode turns = Json.mapper().createArrayNode();
        JsonNode messages = sample.path("messages").isArray() ? sample.path("messages") : sample.path("input");
        for (JsonNode message : messages) {
            if (message.path("role").asText().equals("assistant")) {
                break;
            }
            turns.addObject().put("role", message.path("role").asText()).put("content",
                    content(message.path("content")));
        }
        if (turns.isEmpty() && sample.path("input").isTextual()) {
            turns.addObject().put("role", "user").put("content", sample.path("input").asText());
        }
        return turns;
    }

    private static ArrayNode tokens(JsonNode content) {
        ArrayNode tokens = Json.mapper().createArrayNode();
        content.forEach(one -> tokens.addArray().add(one.path("token").asText(""))
                .add(one.path("logprob").isNumber() ? one.path("logprob") : NullNode.getInstance()));
        return tokens;
    }

    private double value(JsonNode value, String scorer, JsonNode sample) {
        if (value.isBoolean()) {
            return value.asBoolean() ? 1 : 0;
        }
        if (value.isNumber() && value.asDouble() >= 0 && value.asDouble() <= 1) {
            return value.asDouble();
        }
        Double letter = value.isTextual() ? LETTERS.get(value.asText()) : null;
        if (letter == null) {
            throw refused("scores of %s that are C, P, I, N or from 0 to 1".formatted(scorer),
                    "%s (sample %s)".formatted(value, sample.path("id").asText()));
        }
        return letter;
    }

    /// A text, or what the user said last in a conversation.
    private static String question(JsonNode input) {
        String last = input.asText("");
        for (JsonNode message : input) {
            if (message.path("role").asText().equals("user")) {
                last = content(message.path("content"));
            }
        }
        return last;
    }

    private static String completion(JsonNode output) {
        JsonNode said = output.path("choices").path(0).path("message").path("content");
        return said.isMissingNode() ? output.path("completion").asText("") : content(said);
    }

    /// A text, or parts of which those of text count.
    private static String content(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    private static String stop(JsonNode output) {
        String reason = output.path("choices").path(0).path("stop_reason").asText("");
        return reason.equals("max_tokens") || reason.equals("model_length") ? "length" : reason;
    }

    private DataException refused(String expected, String got) {
        return new DataException(file.toString(), expected, got, "give a log as inspect_ai 0.3 writes it (*.eval)");
    }
}
