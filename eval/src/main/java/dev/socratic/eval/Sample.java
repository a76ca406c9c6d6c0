package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.Question;
import java.util.List;
import java.util.Optional;

/// One question, what the model answered and whether it was right; one line of `samples_<task>_<date>.jsonl`.
///
/// The JSON has the field names of lm-evaluation-harness (`doc_id`, `doc`, `target`, `arguments`, `resps`, `filtered_resps`, `filter`,
/// `metrics`, `doc_hash`, `prompt_hash`, `target_hash`, one key per metric), so that scripts written for it read our files.
///
/// @param docId     number of the question in its task, from 0
/// @param question  the text asked about
/// @param target    gold answer
/// @param prompt    messages sent
/// @param sampling  how the answer was drawn
/// @param response  the model's text; empty where no answer came
/// @param extracted final answer taken out of it, if one was found
/// @param correct   whether it equals the target
/// @param why       how that was decided, or why there is no answer
public record Sample(
        int docId,
        String question,
        String target,
        List<ChatMessage> prompt,
        Sampling sampling,
        String response,
        Optional<String> extracted,
        boolean correct,
        String why) {
    /// The metric's name, as in lm-evaluation-harness.
    public static final String METRIC = "exact_match";
    /// The name of the extraction, in the place lm-evaluation-harness calls a filter.
    public static final String FILTER = "final_answer";

    static Sample of(int docId, Question question, List<ChatMessage> prompt, Sampling sampling, String response, Verdict verdict) {
        return new Sample(
                docId,
                question.question(),
                question.answer().orElseThrow(),
                prompt,
                sampling,
                response,
                verdict.extracted(),
                verdict.correct(),
                verdict.why());
    }

    /// @return the same answer with another verdict
    Sample with(Verdict verdict) {
        return new Sample(
                docId, question, target, prompt, sampling, response, verdict.extracted(), verdict.correct(), verdict.why());
    }

    /// @return hash of the question's text: two runs are paired by it
    public String docHash() {
        return Hashes.sha256(question);
    }

    /// @return one line of the samples file
    ObjectNode toJson() {
        ObjectNode row = Json.mapper().createObjectNode();
        row.put("doc_id", docId);
        row.putObject("doc").put("question", question).put("answer", target);
        row.put("target", target);
        ObjectNode call = row.putObject("arguments").putObject("gen_args_0");
        call.set("arg_0", Json.mapper().valueToTree(prompt));
        call.putObject("arg_1")
                .put("temperature", sampling.temperature())
                .put("top_p", sampling.topP())
                .put("max_gen_toks", sampling.maxTokens())
                .set("until", Json.mapper().valueToTree(sampling.stop()));
        row.putArray("resps").addArray().add(response);
        row.putArray("filtered_resps").add(extracted.orElse("[invalid]"));
        row.put("filter", FILTER);
        row.putArray("metrics").add(METRIC);
        row.put("doc_hash", docHash());
        row.put("prompt_hash", Hashes.sha256(Json.canonical(call.get("arg_0"))));
        row.put("target_hash", Hashes.sha256(target));
        row.put(METRIC, correct ? 1.0 : 0.0);
        row.put("why", why);
        return row;
    }

    /// Reads what [#toJson] or lm-evaluation-harness wrote, as far as scoring needs it.
    ///
    /// @throws IllegalArgumentException naming the field that is missing
    static Sample fromJson(JsonNode row) {
        JsonNode response = need(row, "resps").path(0);
        while (response.isArray()) {
            response = response.path(0);
        }
        JsonNode doc = need(row, "doc");
        String question = doc.isTextual() ? doc.asText() : doc.path("question").asText(Json.canonical(doc));
        String extracted = row.path("filtered_resps").path(0).asText("[invalid]");
        return new Sample(
                need(row, "doc_id").asInt(),
                question,
                need(row, "target").asText(),
                List.of(),
                Sampling.greedy(1),
                response.asText(),
                extracted.equals("[invalid]") ? Optional.empty() : Optional.of(extracted),
                need(row, METRIC).asDouble() >= 0.5,
                row.path("why").asText(""));
    }

    private static JsonNode need(JsonNode row, String field) {
        JsonNode value = row.get(field);
        if (value == null) {
            throw new IllegalArgumentException("field '%s' of a samples file; got a row without it".formatted(field));
        }
        return value;
    }

    /// What a scorer says of one response.
    ///
    /// @param extracted final answer found
    /// @param correct   whether it equals the gold answer
    /// @param why       in a few words
    public record Verdict(Optional<String> extracted, boolean correct, String why) {}
}
