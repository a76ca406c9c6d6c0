package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.python.PythonJson;
import dev.socratic.core.text.GenerationParameters;
import java.util.List;
import java.util.Map;

/// A line of `samples_<task>_<date>.jsonl` with the fields of lm-evaluation-harness; what a judge said stands in fields
/// of ours.
final class JudgedLine {
    /// What results and lines call the way from an answer to its score.
    static final String FILTER = "judge";

    private JudgedLine() {}

    /// @param id       number of the question, from 0
    /// @param doc      the question
    /// @param target   gold answer; empty where there is none
    /// @param prompt   what the model was asked
    /// @param response all it said
    static ObjectNode of(int id, ObjectNode doc, String target, String prompt, GenerationParameters generation,
            String response) {
        ObjectNode line = Json.mapper().createObjectNode().put("doc_id", id);
        line.set("doc", doc);
        line.put("target", target);
        ObjectNode call = line.putObject("arguments").putObject("gen_args_0").put("arg_0", prompt);
        call.set("arg_1", kwargs(generation));
        line.putArray("resps").addArray().add(response);
        line.putArray("filtered_resps").add(response);
        line.put("filter", FILTER);
        line.put("doc_hash", Hashes.sha256(PythonJson.indented(doc)));
        line.put("prompt_hash", Hashes.sha256(prompt));
        line.put("target_hash", Hashes.sha256(target));
        return line;
    }

    /// @param figures from 0 to 1 by metric, the one that counts first
    static ObjectNode scored(ObjectNode line, Map<String, Double> figures) {
        ArrayNode metrics = line.putArray("metrics");
        figures.keySet().forEach(metrics::add);
        figures.forEach(line::put);
        return line;
    }

    static ObjectNode kwargs(GenerationParameters generation) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.set("until", Json.tree(generation.stop()));
        json.put("do_sample", generation.sampling().temperature() > 0)
                .put("temperature", generation.sampling().temperature()).put("top_p", generation.sampling().topP());
        generation.further().forEach((name, value) -> json.set(name, Json.tree(value)));
        return json.put("max_gen_toks", generation.maxTokens());
    }

    static ArrayNode opinions(List<JudgeOpinion> opinions) {
        ArrayNode all = Json.mapper().createArrayNode();
        opinions.forEach(opinion -> all.add(opinion.json()));
        return all;
    }
}
