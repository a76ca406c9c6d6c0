package dev.socratic.review.share;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.RowOpinions;

/// A task as Label Studio exports and imports it: `{data, annotations: [{completed_by, result: [{from_name, to_name,
/// type, value}]}]}`. The controls are `decision` and `labels` (choices), `rating`, `note` and `answer` (text areas),
/// all of them to `answer_text`.
final class LabelStudioTask {
    private LabelStudioTask() {}

    static ObjectNode of(ObjectNode row, RowOpinions said) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode data = json.putObject("data").put("id", row.path("id").asText())
                .put("question", row.path("question").asText());
        if (row.has("reasoning")) {
            data.put("reasoning", row.path("reasoning").asText());
        }
        data.put("answer_text", row.path("answer").asText()).put("status", row.at("/summary/status").asText());
        ArrayNode annotations = json.putArray("annotations");
        said.by().forEach((reviewer, opinion) -> {
            ObjectNode one = annotations.addObject();
            one.putObject("completed_by").put("email", reviewer);
            ArrayNode result = one.putArray("result");
            opinion.decision().ifPresent(choice -> value(result, "decision", "choices").putArray("choices")
                    .add(choice.label()));
            if (!opinion.labels().isEmpty()) {
                opinion.labels().forEach(value(result, "labels", "choices").putArray("choices")::add);
            }
            opinion.rating().ifPresent(rating -> value(result, "rating", "rating").put("rating", rating));
            if (!opinion.note().isEmpty()) {
                value(result, "note", "textarea").putArray("text").add(opinion.note());
            }
            opinion.edit().flatMap(Opinion.TextEdit::answer)
                    .ifPresent(answer -> value(result, "answer", "textarea").putArray("text").add(answer));
        });
        return json;
    }

    private static ObjectNode value(ArrayNode result, String control, String type) {
        return result.addObject().put("from_name", control).put("to_name", "answer_text").put("type", type)
                .putObject("value");
    }
}
