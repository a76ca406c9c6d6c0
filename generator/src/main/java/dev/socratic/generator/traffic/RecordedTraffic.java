package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.journal.Journal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What `record` wrote into a folder, also while it goes on writing. In memory is what is under way, and the feedback.
///
/// @param folder of the journal
public record RecordedTraffic(Path folder) implements TrafficSource {

    @Override
    public List<String> each(Consumer<CapturedCall> sink) {
        Map<String, List<JsonNode>> feedback = feedback();
        Set<String> rated = new HashSet<>();
        Map<String, TrafficRecord.Asked> open = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>(Journal.look(folder, TrafficJournal.NAME, bytes -> {
            switch (TrafficRecord.read(bytes, folder.toString())) {
                case TrafficRecord.Asked asked -> open.put(asked.id(), asked);
                case TrafficRecord.Answered answered -> Optional.ofNullable(open.remove(answered.id()))
                        .ifPresent(asked -> sink.accept(call(asked, answered, feedback, rated)));
                case TrafficRecord.Rated ignored -> { }
            }
        }));
        open.values().forEach(asked -> sink.accept(call(asked, new TrafficRecord.Answered(asked.id(), 0, CallEnd.OPEN,
                "", -1, -1, 0, Map.of(), new byte[0]), feedback, rated)));
        long lost = feedback.keySet().stream().filter(id -> !rated.contains(id)).count();
        if (lost > 0) {
            notes.add("%s: feedback on %s answers that are not here".formatted(folder, lost));
        }
        return notes;
    }

    private Map<String, List<JsonNode>> feedback() {
        Map<String, List<JsonNode>> all = new HashMap<>();
        Journal.look(folder, TrafficJournal.NAME, bytes -> {
            if (TrafficRecord.read(bytes, folder.toString()) instanceof TrafficRecord.Rated rated) {
                all.computeIfAbsent(rated.id(), id -> new ArrayList<>()).add(rated.said());
            }
        });
        return all;
    }

    private CapturedCall call(TrafficRecord.Asked asked, TrafficRecord.Answered answered,
            Map<String, List<JsonNode>> feedback, Set<String> rated) {
        JsonNode request = CallStream.json(text(asked.body()));
        JsonNode answer = CallStream.whole(text(answered.body()));
        boolean cut = answered.end() == CallEnd.WHOLE && answer.path(CallStream.UNFINISHED).asBoolean();
        Map<String, String> metadata = new LinkedHashMap<>(asked.metadata());
        request.path("metadata").properties().forEach(one -> metadata.putIfAbsent(one.getKey(),
                one.getValue().asText()));
        if (request.path("user").isTextual()) {
            metadata.putIfAbsent("user", request.get("user").textValue());
        }
        List<JsonNode> said = new ArrayList<>();
        for (String id : List.of(asked.id(), answer.path("id").asText(""))) {
            if (feedback.containsKey(id)) {
                rated.add(id);
                said.addAll(feedback.get(id));
            }
        }
        return new CapturedCall(asked.id(), Optional.of(asked.at()), CallForm.of(asked.path()), answered.status(),
                cut ? CallEnd.CUT : answered.end(), answered.ms(), metadata, request, answer, said,
                "%s, call %s".formatted(folder, asked.id()));
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
