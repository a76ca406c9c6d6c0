package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.journal.Journal;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the model has answered so far, in a journal in the stage's folder: `{started}` first, then `{unit, outcomes}` for each unit.
///
/// A unit is found again by the hash of its requests and of who answers, so answers of another model or prompt are never taken for it.
/// A unit with a temporary failure is not kept: the next run asks it again. Safe to use from many threads.
final class Answers implements AutoCloseable {
    private final Journal journal;
    private final Map<String, List<GenerationOutcome>> known = new ConcurrentHashMap<>();
    private Instant started;

    Answers(StageContext context) {
        started = context.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        journal = Journal.open(context.folder(), "answers");
        journal.tornTail().ifPresent(torn -> context.progress().note(torn.toString()));
        if (journal.size() == 0) {
            append(Json.mapper().createObjectNode().put("started", started.toString()));
        } else {
            journal.replay(this::take);
            context.progress().note("goes on: %s answers of an earlier run are there"
                    .formatted(known.values().stream().mapToInt(List::size).sum()));
        }
    }

    /// @return when the first run of this evaluation began, in whole seconds
    Instant started() {
        return started;
    }

    static String key(ModelCard card, List<GenerationRequest> unit) {
        ArrayNode content = Json.mapper().createArrayNode();
        content.add(card.place()).add(card.revision()).add(card.name());
        unit.forEach(request -> content.add(Json.tree(request)));
        return Hashes.ofJson(content);
    }

    Optional<List<GenerationOutcome>> find(String key) {
        return Optional.ofNullable(known.get(key));
    }

    /// Returns when the outcomes are on the disk.
    void keep(String key, List<GenerationOutcome> outcomes) {
        if (outcomes.stream().anyMatch(o -> o instanceof GenerationOutcome.Failure failure && failure.temporary())) {
            return;
        }
        ObjectNode record = Json.mapper().createObjectNode().put("unit", key);
        ArrayNode list = record.putArray("outcomes");
        for (GenerationOutcome outcome : outcomes) {
            ObjectNode node = list.addObject();
            switch (outcome) {
                case GenerationOutcome.Completion done -> node.set("completion", Json.tree(done));
                case GenerationOutcome.Failure failed -> node.set("failure", Json.tree(failed));
            }
        }
        append(record);
    }

    private void append(ObjectNode record) {
        journal.append(Json.line(record).getBytes(StandardCharsets.UTF_8));
    }

    private void take(byte[] bytes) {
        JsonNode record = Json.read(new String(bytes, StandardCharsets.UTF_8), JsonNode.class, "journal 'answers'");
        if (record.has("started")) {
            started = Instant.parse(record.get("started").asText());
            return;
        }
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (JsonNode node : record.get("outcomes")) {
            outcomes.add(
                    node.has("completion")
                            ? Json.mapper().convertValue(node.get("completion"), GenerationOutcome.Completion.class)
                            : Json.mapper().convertValue(node.get("failure"), GenerationOutcome.Failure.class));
        }
        known.put(record.get("unit").asText(), List.copyOf(outcomes));
    }

    @Override
    public void close() {
        journal.close();
    }
}
