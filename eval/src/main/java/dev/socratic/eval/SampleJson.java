package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.RowMapper;
import java.util.Locale;
import java.util.Optional;

/// A sample as a line of JSON with the field names of lm-evaluation-harness: `doc_id`, `doc`, `target`, `arguments`,
/// `resps`, `filtered_resps`, `filter`, `metrics`, `doc_hash`, `prompt_hash`, `target_hash`, and one key per metric.
///
/// The three hashes follow its rules: SHA-256 of the `doc` as Python's `json.dumps(doc, indent=2)` writes it, of
/// `arg_0`, and of the target. `arg_0` is text there, so the conversation stands in it as JSON. Our own fields come
/// last: `why`, `finish_reason`, and `few_shot_ids` where examples went before the question.
final class SampleJson {
    /// The metric's name.
    static final String METRIC = "exact_match";
    /// The name of our extraction, in the place the harness calls a filter.
    static final String FINAL_ANSWER = "final_answer";
    /// What it writes where nothing could be extracted.
    static final String INVALID = "[invalid]";

    static final String FILTER = "filter";
    /// What the harness writes where nothing is taken out of an answer.
    static final String NO_FILTER = "none";
    static final String TARGET = "target";
    static final String RESPONSES = "resps";
    static final String FAILED = "failed";
    static final String FINISH_REASON = "finish_reason";
    private static final String EXTRACTED = "filtered_resps";
    private static final String WHY = "why";
    /// What other exact-match and multiple-choice tasks call their 0 or 1.
    private static final String CHOICE_METRIC = "acc";

    private SampleJson() {}

    /// @param asked the question and how it was put
    static Sample write(PreparedTask.Instance asked, GenerationOutcome.Completion answer, Sample.Verdict verdict) {
        return write(asked, answer.text(), verdict, answer.finish().name().toLowerCase(Locale.ROOT));
    }

    /// A question the model cannot answer: wrong, with an empty response and `failed`.
    ///
    /// @param problem what kept it
    static Sample failed(PreparedTask.Instance asked, String problem) {
        Sample sample = write(asked, "", new Sample.Verdict(Optional.empty(), false, problem), "error");
        ObjectNode line = sample.line().put(FAILED, true);
        return new Sample(
                sample.docId(), sample.question(), sample.target(), "", Optional.empty(), false, problem, line);
    }

    private static Sample write(PreparedTask.Instance asked, String answer, Sample.Verdict verdict, String finish) {
        ObjectNode line = Json.mapper().createObjectNode();
        GenerationRequest request = asked.request();
        String target = asked.question().answer().orElseThrow();
        ObjectNode doc = RowMapper.json(asked.question());
        String prompt = Json.line(request.messages());
        line.put("doc_id", asked.docId());
        line.set("doc", doc);
        line.put(TARGET, target);
        ObjectNode call = line.putObject("arguments").putObject("gen_args_0");
        call.put("arg_0", prompt);
        call.set("arg_1", generation(request.parameters()));
        line.putArray(RESPONSES).addArray().add(answer);
        judge(line, verdict);
        line.put("doc_hash", Hashes.sha256(PythonJson.indented(doc)));
        line.put("prompt_hash", Hashes.sha256(prompt));
        line.put("target_hash", Hashes.sha256(target));
        line.put(FINISH_REASON, finish);
        if (!asked.exampleIds().isEmpty()) {
            line.set("few_shot_ids", Json.tree(asked.exampleIds()));
        }
        return new Sample(
                asked.docId(), asked.question().question(), target, answer, verdict.extracted(), verdict.correct(),
                verdict.why(), line);
    }

    /// @return what the harness calls `generation_kwargs`
    static ObjectNode generation(GenerationParameters parameters) {
        Sampling sampling = parameters.sampling();
        ObjectNode json = Json.mapper().createObjectNode();
        json.set("until", Json.tree(parameters.stop()));
        json.put("do_sample", sampling.temperature() > 0)
                .put("temperature", sampling.temperature())
                .put("top_p", sampling.topP());
        sampling.further().forEach((name, value) -> json.set(name, Json.tree(value)));
        parameters.further().forEach((name, value) -> json.set(name, Json.tree(value)));
        return json.put("max_gen_toks", parameters.maxTokens());
    }

    /// Puts a verdict of ours into a line.
    static void judge(ObjectNode line, Sample.Verdict verdict) {
        line.putArray(EXTRACTED).add(verdict.extracted().orElse(INVALID));
        line.put(FILTER, FINAL_ANSWER);
        line.putArray("metrics").add(METRIC);
        line.put(METRIC, verdict.correct() ? 1.0 : 0.0);
        line.put(WHY, verdict.why());
    }

    /// Reads what [#write] or lm-evaluation-harness wrote. Of several responses to one request the first counts.
    ///
    /// @throws IllegalArgumentException `field: expected; got value`, for the field that is missing or wrong
    static Sample read(JsonNode row) {
        if (!(row instanceof ObjectNode line)) {
            throw new IllegalArgumentException("a JSON object; got " + kind(row));
        }
        JsonNode id = need(line, "doc_id");
        if (!id.isInt() || id.asInt() < 0) {
            throw new IllegalArgumentException("doc_id: a number from 0; got " + shown(id));
        }
        JsonNode target = need(line, TARGET);
        if (target.isNull()) {
            throw new IllegalArgumentException("target: text; got " + shown(target));
        }
        JsonNode doc = need(line, "doc");
        String question = doc.isTextual() ? doc.asText() : doc.path("question").asText(Json.canonical(doc));
        JsonNode extracted = line.path(EXTRACTED).path(0);
        Optional<String> answer = extracted.isTextual() && !extracted.asText().equals(INVALID)
                ? Optional.of(extracted.asText()) : Optional.empty();
        return new Sample(
                id.asInt(), question, target.isValueNode() ? target.asText() : target.toString(),
                        response(need(line, RESPONSES)), answer, correct(line), line.path(WHY).asText(""), line);
    }

    private static String response(JsonNode responses) {
        JsonNode first = responses;
        while (first.isArray()) {
            first = first.path(0);
        }
        if (!responses.isArray() || !first.isTextual()) {
            throw new IllegalArgumentException("resps: a list of lists of texts; got " + shown(responses));
        }
        return first.asText();
    }

    private static boolean correct(ObjectNode line) {
        if (line.path(FAILED).asBoolean(false)) {
            return false;
        }
        String name = line.has(METRIC) || !line.has(CHOICE_METRIC) ? METRIC : CHOICE_METRIC;
        JsonNode value = need(line, name);
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (!value.isNumber() || value.asDouble() != 0 && value.asDouble() != 1) {
            throw new IllegalArgumentException(name + ": 0 or 1; got " + shown(value));
        }
        return value.asDouble() == 1;
    }

    private static JsonNode need(ObjectNode line, String field) {
        JsonNode value = line.get(field);
        if (value == null) {
            throw new IllegalArgumentException(field + ": a field every sample has; got a line without it");
        }
        return value;
    }

    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
