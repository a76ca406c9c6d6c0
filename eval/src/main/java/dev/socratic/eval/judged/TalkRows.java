package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Conversations whose user turns are fixed, as MT-Bench's `question.jsonl` has them.
record TalkRows(List<Talk> talks, long unreadable) {

    /// @param id         `id` or `question_id` of the row; without either, of its turns
    /// @param turns      what the user says, at least one
    /// @param references answers to the turns, as far as the row has them
    record Talk(String id, List<String> turns, List<String> references, ObjectNode row) {
        /// @return the reference of a turn; empty where there is none
        String reference(int turn) {
            return turn < references.size() ? references.get(turn) : "";
        }
    }

    /// @param folder receives the quarantine file of the task
    /// @throws DataException if no row is a conversation
    static TalkRows read(JudgedTask.MultiTurn task, Path folder) {
        List<Talk> talks = new ArrayList<>();
        Path kept = folder.resolve("quarantine_%s.jsonl".formatted(task.name()));
        try (Quarantine quarantine = Quarantine.file(kept);
                RowReader rows = RowFiles.read(task.conversations(), quarantine)) {
            while (talks.size() < task.limit().orElse(Integer.MAX_VALUE) && rows.hasNext()) {
                Row row = rows.next();
                Optional<Talk> talk = talk(row.json());
                talk.ifPresentOrElse(talks::add, () -> quarantine.add(new BadRow(row.file(), row.line(),
                        "turns: a list of texts, at least one; got " + row.json().path("turns").getNodeType(),
                        row.json().toString())));
            }
            if (talks.isEmpty()) {
                throw new DataException("judged '%s'.conversations".formatted(task.name()),
                        "at least one row {turns: [TEXT, ...]}", "%s rows that are none".formatted(quarantine.count())
                                + quarantine.report().stream().findFirst().map(first -> " (" + first + ")").orElse(""),
                        "write what the user says in each turn as a list of texts");
            }
            return new TalkRows(List.copyOf(talks), quarantine.count());
        }
    }

    private static Optional<Talk> talk(ObjectNode row) {
        Optional<List<String>> turns = texts(row.path("turns")).filter(all -> !all.isEmpty());
        JsonNode id = row.has("id") ? row.get("id") : row.path("question_id");
        return turns.map(all -> new Talk(id.isValueNode() && !id.asText().isEmpty() ? id.asText()
                : Hashes.sha256(Json.line(all)).substring(0, 16), all,
                texts(row.path("reference")).orElse(List.of()), row));
    }

    private static Optional<List<String>> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : list) {
            if (!one.isTextual()) {
                return Optional.empty();
            }
            texts.add(one.textValue());
        }
        return list.isArray() ? Optional.of(texts) : Optional.empty();
    }
}
