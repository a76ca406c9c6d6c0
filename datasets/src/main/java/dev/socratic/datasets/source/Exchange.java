package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Turns;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// One row of training text with all it holds, whatever layout it came in: what was asked, what was answered, and
/// every other field of the row.
///
/// @param json    the row as a file of training text holds it, read by [#of] to an equal value: conversations under
///                `messages`, pairs under `chosen` and `rejected`, plain text under `text`, all its other fields as
///                they stood; whoever writes rows writes this
/// @param example what a student learns from it
/// @param trace   where the teacher's answer came from, for rows that `generate` wrote
public record Exchange(ObjectNode json, Example example, Optional<Trace> trace) {
    private static final String QUESTION = "question";

    public Exchange {
        Objects.requireNonNull(json);
        Objects.requireNonNull(example);
        Objects.requireNonNull(trace);
    }

    /// @param json as [#json] gave it, fields added or not
    /// @throws DataException if it is no row of training text
    public static Exchange of(ObjectNode json) {
        Layout layout = Layout.detect(json).orElseThrow(() -> Layout.unknown(json));
        return of(json, ExampleLayouts.example(layout, json), Set.of());
    }

    /// @param row  as it was read
    /// @param used the fields that the example was made of, where they are none of those a written row has
    static Exchange of(ObjectNode row, Example example, Set<String> used) {
        ObjectNode json = used.isEmpty() ? row : written(example);
        if (!used.isEmpty()) {
            row.properties().stream().filter(field -> !used.contains(field.getKey()) && !json.has(field.getKey()))
                    .forEach(field -> json.set(field.getKey(), field.getValue()));
        }
        return new Exchange(json, example, isOurs(row) ? Optional.of(RowMapper.trace(row)) : Optional.empty());
    }

    /// @return whether `generate` wrote it
    static boolean isOurs(ObjectNode row) {
        return row.hasNonNull("question_id") && row.path("teacher").isObject() && row.path("messages").isArray();
    }

    private static ObjectNode written(Example example) {
        ObjectNode json = Json.mapper().createObjectNode();
        switch (example) {
            case Example.Text text -> json.put("text", text.text());
            case Example.Chat chat -> {
                json.set("messages", Turns.json(chat.messages()));
                RowFields.write(chat.conversation(), json);
            }
            case Example.Pair pair -> {
                json.set("prompt", Turns.json(pair.prompt()));
                json.set("chosen", Turns.json(pair.chosen()));
                json.set("rejected", Turns.json(pair.rejected()));
                RowFields.write(pair.asked(), json);
            }
        }
        return json;
    }

    /// @return the trace's id, or the row's own, or one made of what is learned
    public String id() {
        return trace.map(Trace::id)
                .orElseGet(() -> example.id().isEmpty() ? RowIds.row(written(example)) : example.id());
    }

    /// @return the trace's, or one made of [#question], so that two answers to one question have the same
    public String questionId() {
        return trace.map(Trace::questionId).orElseGet(() -> RowIds.question(question()));
    }

    /// @return the conversation, of a pair the preferred one; none of plain text
    public List<ChatMessage> messages() {
        return switch (example) {
            case Example.Text text -> List.of();
            case Example.Chat chat -> chat.messages();
            case Example.Pair pair -> pair.preferred().messages();
        };
    }

    /// @return what was asked: the row's field `question`, or else what the user said last before the answer; empty
    ///     for plain text
    public String question() {
        JsonNode own = json.path(QUESTION);
        return own.isTextual() ? own.textValue() : asked();
    }

    /// @return what the user said last
    public String asked() {
        return messages().stream().filter(message -> message.role().equals(ChatMessage.USER)).reduce((a, b) -> b)
                .map(ChatMessage::content).orElse("");
    }

    /// @return the assistant's last turn as a student learns it, thoughts and calls of tools included; plain text as
    ///     it is; empty where somebody else spoke last
    public String answer() {
        if (example instanceof Example.Text text) {
            return text.text();
        }
        return Optional.of(messages()).filter(all -> !all.isEmpty() && all.getLast().isAssistant())
                .map(all -> said(all.getLast())).orElse("");
    }

    private static String said(ChatMessage message) {
        StringBuilder all = new StringBuilder();
        Optional.ofNullable(message.fields().get(ChatMessage.REASONING))
                .ifPresent(thoughts -> all.append("<think>\n").append(thoughts.asText()).append("\n</think>\n\n"));
        all.append(message.content());
        Optional.ofNullable(message.fields().get(ChatMessage.TOOL_CALLS))
                .ifPresent(calls -> all.append(all.isEmpty() ? "" : "\n").append(Json.canonical(calls)));
        return all.toString();
    }
}
