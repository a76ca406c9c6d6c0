package dev.socratic.review.share;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.RowOpinions;

/// A record as Argilla 2 exports and imports it: `{id, fields, metadata, responses: {question: [{value, user_id,
/// status}]}}`. The questions are `decision`, `labels`, `rating`, `note` and `answer` (an edited answer).
final class ArgillaRecord {
    private ArgillaRecord() {}

    static ObjectNode of(ObjectNode row, RowOpinions said) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", row.path("id").asText());
        ObjectNode fields = json.putObject("fields").put("question", row.path("question").asText());
        if (row.has("reasoning")) {
            fields.put("reasoning", row.path("reasoning").asText());
        }
        fields.put("answer", row.path("answer").asText());
        ObjectNode metadata = json.putObject("metadata").put("status", row.at("/summary/status").asText());
        row.path("summary").path("numbers").properties().forEach(one -> metadata.set(one.getKey(), one.getValue()));
        ObjectNode responses = json.putObject("responses");
        said.by().forEach((reviewer, opinion) -> {
            opinion.decision().ifPresent(choice -> response(responses, "decision", reviewer).put("value",
                    choice.label()));
            if (!opinion.labels().isEmpty()) {
                opinion.labels().forEach(response(responses, "labels", reviewer).putArray("value")::add);
            }
            opinion.rating().ifPresent(rating -> response(responses, "rating", reviewer).put("value", rating));
            if (!opinion.note().isEmpty()) {
                response(responses, "note", reviewer).put("value", opinion.note());
            }
            opinion.edit().flatMap(Opinion.TextEdit::answer)
                    .ifPresent(answer -> response(responses, "answer", reviewer).put("value", answer));
        });
        return json;
    }

    private static ObjectNode response(ObjectNode responses, String question, String reviewer) {
        return responses.withArray(question).addObject().put("user_id", reviewer).put("status", "submitted");
    }
}
