package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.python.PythonJson;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.RowMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// A sample as a line of JSON with the field names of lm-evaluation-harness: `doc_id`, `doc`, `target`, `arguments`,
/// `resps`, `filtered_resps`, `filter`, `metrics`, `doc_hash`, `prompt_hash`, `target_hash`, and one key per metric.
///
/// The three hashes follow its rules: SHA-256 of the `doc` as Python's `json.dumps(doc, indent=2)` writes it, of
/// `arg_0`, and of the target. `arg_0` is text there, so the conversation stands in it as JSON. Our own fields come
/// last: `why`, `finish_reason`, `few_shot_ids` where examples went before the question, `cluster` and `by` where the
/// task names such fields, `sequential` where it may stop early. Of a question asked n times, `resps` and
/// `filtered_resps` hold a list of n, the metric is their mean, and `verdicts`, `whys` and
/// `finish_reasons` have one entry each.
final class SampleJson {
    /// The metric's name.
    static final String METRIC = "exact_match";
    /// The name of our extraction, in the place the harness calls a filter.
    static final String FINAL_ANSWER = "final_answer";
    /// What it writes where nothing could be extracted.
    static final String INVALID = "[invalid]";
    /// How an answer ended that there is none of.
    static final String ERROR = "error";

    static final String FILTER = "filter";
    /// What the harness writes where nothing is taken out of an answer.
    static final String NO_FILTER = "none";
    static final String TARGET = "target";
    static final String RESPONSES = "resps";
    static final String FAILED = "failed";
    static final String CLUSTER = "cluster";
    static final String BY = "by";
    static final String SEQUENTIAL = "sequential";
    private static final String FINISH_REASON = "finish_reason";
    private static final String FINISH_REASONS = "finish_reasons";
    private static final String VERDICTS = "verdicts";
    private static final String WHYS = "whys";
    private static final String EXTRACTED = "filtered_resps";
    private static final String WHY = "why";
    /// What other exact-match and multiple-choice tasks call their 0 or 1.
    private static final String CHOICE_METRIC = "acc";

    private SampleJson() {}

    /// @param asked   the question and how it was put
    /// @param answers as often as it was asked
    static Sample write(PreparedTask.Instance asked, List<Sample.Answer> answers) {
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
        ArrayNode responses = line.putArray(RESPONSES).addArray();
        answers.forEach(answer -> responses.add(answer.response()));
        judge(line, answers);
        line.put("doc_hash", Hashes.sha256(PythonJson.indented(doc)));
        line.put("prompt_hash", Hashes.sha256(prompt));
        line.put("target_hash", Hashes.sha256(target));
        line.put(FINISH_REASON, answers.getFirst().finish());
        if (!asked.exampleIds().isEmpty()) {
            line.set("few_shot_ids", Json.tree(asked.exampleIds()));
        }
        asked.cluster().ifPresent(value -> line.put(CLUSTER, value));
        asked.by().ifPresent(value -> line.put(BY, value));
        if (asked.sequential()) {
            line.put(SEQUENTIAL, true);
        }
        Sample sample = new Sample(asked.docId(), asked.question().question(), target, answers, score(answers), line);
        return sample.failed() ? new Sample(asked.docId(), asked.question().question(), target, answers, 0,
                line.put(FAILED, true)) : sample;
    }

    /// @return the share of right ones
    static double score(List<Sample.Answer> answers) {
        return answers.stream().filter(Sample.Answer::correct).count() / (double) answers.size();
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

    /// Puts verdicts of ours into a line.
    static void judge(ObjectNode line, List<Sample.Answer> answers) {
        ArrayNode extracted = line.putArray(EXTRACTED);
        ArrayNode into = answers.size() == 1 ? extracted : extracted.addArray();
        answers.forEach(answer -> into.add(answer.extracted().orElse(INVALID)));
        line.put(FILTER, FINAL_ANSWER);
        line.putArray("metrics").add(METRIC);
        line.put(METRIC, score(answers));
        line.put(WHY, answers.getFirst().why());
        if (answers.size() > 1) {
            ArrayNode verdicts = line.putArray(VERDICTS);
            ArrayNode whys = line.putArray(WHYS);
            ArrayNode ends = line.putArray(FINISH_REASONS);
            answers.forEach(answer -> {
                verdicts.add(answer.correct() ? 1 : 0);
                whys.add(answer.why());
                ends.add(answer.finish());
            });
        }
    }

    /// Puts what another tool said of answers into a line, in our form.
    ///
    /// @param extracted what it took out of each
    /// @param verdicts  1 for right, 0 for wrong
    /// @param whys      what it said of that
    /// @param ends      how each ended
    static void answers(ObjectNode line, ArrayNode extracted, ArrayNode verdicts, ArrayNode whys, ArrayNode ends) {
        line.set(WHY, whys.get(0));
        if (verdicts.size() == 1) {
            line.set(EXTRACTED, extracted);
            line.set(FINISH_REASON, ends.get(0));
        } else {
            line.putArray(EXTRACTED).add(extracted);
            line.set(VERDICTS, verdicts);
            line.set(WHYS, whys);
            line.set(FINISH_REASONS, ends);
        }
        boolean none = true;
        for (JsonNode end : ends) {
            none &= end.asText().equals(ERROR);
        }
        if (none) {
            line.put(FAILED, true);
        }
    }

    /// Reads what [#write] or lm-evaluation-harness wrote. Of a foreign line with several responses the first is the
    /// answer, and the metric is the line's.
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
        List<String> responses = responses(need(line, RESPONSES));
        double score = score(line);
        return new Sample(
                id.asInt(), question, target.isValueNode() ? target.asText() : target.toString(),
                        answers(line, responses, score), score, line);
    }

    private static List<Sample.Answer> answers(ObjectNode line, List<String> responses, double score) {
        JsonNode verdicts = line.path(VERDICTS);
        if (verdicts.size() > 1) {
            JsonNode extracted = line.path(EXTRACTED).path(0);
            if (verdicts.size() != responses.size()) {
                throw new IllegalArgumentException("verdicts: one for each of %s responses; got %s".formatted(
                        responses.size(), verdicts.size()));
            }
            return IntStream.range(0, verdicts.size()).mapToObj(i -> new Sample.Answer(responses.get(i),
                    extracted(extracted.path(i)), verdicts.get(i).asInt() == 1, line.path(WHYS).path(i).asText(""),
                    line.path(FINISH_REASONS).path(i).asText(""))).toList();
        }
        String finish = line.path(FAILED).asBoolean(false) ? ERROR : line.path(FINISH_REASON).asText("");
        return List.of(new Sample.Answer(responses.getFirst(), extracted(line.path(EXTRACTED).path(0)), score > 0.5,
                line.path(WHY).asText(""), finish));
    }

    private static Optional<String> extracted(JsonNode value) {
        return value.isTextual() && !value.asText().equals(INVALID) ? Optional.of(value.asText()) : Optional.empty();
    }

    /// @return the texts of the first request; of choices, whose requests are many, the first pair's
    static List<String> responses(JsonNode responses) {
        List<String> texts = new ArrayList<>();
        for (JsonNode response : responses.path(0).isArray() ? responses.path(0) : responses) {
            JsonNode text = response;
            while (text.isArray()) {
                text = text.path(0);
            }
            if (!text.isValueNode() || text.isNull()) {
                texts.clear();
                break;
            }
            texts.add(text.asText());
        }
        if (!responses.isArray() || texts.isEmpty()) {
            throw new IllegalArgumentException("resps: a list of lists of texts; got " + shown(responses));
        }
        return texts;
    }

    /// The metric of a line: exact match or accuracy where it has one, else the first that its `metrics` name.
    private static double score(ObjectNode line) {
        if (line.path(FAILED).asBoolean(false)) {
            return 0;
        }
        String first = line.path("metrics").path(0).asText(METRIC);
        String name = line.has(METRIC) ? METRIC : line.has(CHOICE_METRIC) ? CHOICE_METRIC : first;
        JsonNode value = need(line, name);
        if (value.isBoolean()) {
            return value.asBoolean() ? 1 : 0;
        }
        if (!value.isNumber() || !(value.asDouble() >= 0 && value.asDouble() <= 1)) {
            throw new OtherScale(name + ": from 0 to 1; got " + shown(value));
        }
        return value.asDouble();
    }

    /// A sample that is in order, of a task that is not scored from 0 to 1, such as a perplexity.
    static final class OtherScale extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        OtherScale(String message) {
            super(message);
        }
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
