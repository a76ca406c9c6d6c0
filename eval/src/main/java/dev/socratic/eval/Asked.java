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
import dev.socratic.core.text.TextModel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Asks a model and keeps what it answered in a journal, unit by unit, so that an interrupted evaluation goes on where it stopped.
///
/// A unit is found again by the hash of its requests and of who answers, so answers of another model or prompt are never taken for it.
/// Temporary failures are not kept: the next run asks again.
final class Asked implements AutoCloseable {
    private final Journal journal;
    private final TextModel model;
    private final StageContext context;
    private final Map<String, List<GenerationOutcome>> known = new HashMap<>();
    private Instant started;

    Asked(TextModel model, StageContext context) {
        this.model = model;
        this.context = context;
        this.started = context.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        this.journal = Journal.open(context.folder(), "answers");
        boolean fresh = journal.size() == 0;
        journal.replay(this::take);
        if (fresh) {
            ObjectNode first = Json.mapper().createObjectNode().put("started", started.toString());
            journal.append(Json.line(first).getBytes(StandardCharsets.UTF_8));
        }
    }

    /// @return when the first run of this evaluation began
    Instant started() {
        return started;
    }

    /// @return one outcome per request, in order
    List<GenerationOutcome> answers(List<GenerationRequest> requests) throws InterruptedException {
        int size = model.card().unit();
        List<List<GenerationRequest>> units = new ArrayList<>();
        for (int at = 0; at < requests.size(); at += size) {
            units.add(requests.subList(at, Math.min(requests.size(), at + size)));
        }
        Semaphore slots = new Semaphore(model.card().parallel());
        List<GenerationOutcome> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<GenerationOutcome>>> running = new ArrayList<>();
            for (List<GenerationRequest> unit : units) {
                running.add(threads.submit(() -> {
                    slots.acquire();
                    try {
                        return unit(unit);
                    } finally {
                        slots.release();
                    }
                }));
            }
            try {
                for (Future<List<GenerationOutcome>> unit : running) {
                    all.addAll(unit.get());
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                throw e;
            }
        }
        return all;
    }

    private List<GenerationOutcome> unit(List<GenerationRequest> unit) throws InterruptedException {
        String key = key(unit);
        List<GenerationOutcome> before;
        synchronized (known) {
            before = known.get(key);
        }
        List<GenerationOutcome> outcomes = before == null ? model.generate(unit) : before;
        if (before == null && outcomes.stream().noneMatch(o -> o instanceof GenerationOutcome.Failure f && f.temporary())) {
            journal.append(Json.line(record(key, outcomes)).getBytes(StandardCharsets.UTF_8));
        }
        for (GenerationOutcome outcome : outcomes) {
            switch (outcome) {
                case GenerationOutcome.Completion done -> context.progress().spent(done.usage());
                case GenerationOutcome.Failure failed -> context.progress().failed(1);
            }
        }
        context.progress().done(unit.size());
        return outcomes;
    }

    private String key(List<GenerationRequest> unit) {
        ArrayNode content = Json.mapper().createArrayNode();
        content.add(model.card().place()).add(model.card().revision()).add(model.card().name());
        unit.forEach(request -> content.add(Json.tree(request)));
        return Hashes.ofJson(content);
    }

    private static ObjectNode record(String key, List<GenerationOutcome> outcomes) {
        ObjectNode record = Json.mapper().createObjectNode().put("unit", key);
        ArrayNode list = record.putArray("outcomes");
        for (GenerationOutcome outcome : outcomes) {
            ObjectNode node = list.addObject();
            switch (outcome) {
                case GenerationOutcome.Completion done -> node.set("completion", Json.tree(done));
                case GenerationOutcome.Failure failed -> node.set("failure", Json.tree(failed));
            }
        }
        return record;
    }

    private void take(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        JsonNode record = Json.read(text, JsonNode.class, "answers journal");
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
