package dev.socratic.curator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.step.Row;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Rows;
import dev.socratic.datasets.row.Trace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The question a row answers, without the prompt around it: from the row itself (field `question`, so that a curated corpus can be curated
/// again), else from the file of questions by id, else the last message of the user. Memory: the file's texts.
final class QuestionTexts {
    private static final String QUESTION = "question";

    private final Map<String, String> byId = new HashMap<>();
    private long fromMessages;

    static QuestionTexts of(Optional<Path> questions, Quarantine quarantine) {
        QuestionTexts texts = new QuestionTexts();
        questions.ifPresent(file -> {
            try (RowReader rows = RowFiles.read(file, quarantine)) {
                while (rows.hasNext()) {
                    var row = rows.next();
                    try {
                        Question question = Rows.question(row.json());
                        texts.byId.put(question.id(), question.question());
                    } catch (DataException e) {
                        quarantine.add(new BadRow(row.file(), row.line(), e.getMessage(), row.json().toString()));
                    }
                }
            }
        });
        return texts;
    }

    /// @throws dev.socratic.core.error.DataException if the object is no trace
    Row row(ObjectNode json) {
        Trace trace = Rows.trace(json);
        JsonNode own = json.get(QUESTION);
        if (own != null && own.isTextual()) {
            return new Row(json, trace, own.textValue());
        }
        String known = byId.get(trace.questionId());
        if (known == null) {
            known = lastOfUser(trace.messages());
            fromMessages++;
        }
        return new Row(json.put(QUESTION, known), trace, known);
    }

    /// @return rows whose question was taken from their messages
    long fromMessages() {
        return fromMessages;
    }

    private static String lastOfUser(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> message.role().equals(ChatMessage.USER))
                .reduce((a, b) -> b)
                .map(ChatMessage::content)
                .orElse("");
    }
}
