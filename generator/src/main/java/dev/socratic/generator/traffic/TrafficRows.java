package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.Turns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Training rows made of calls: one for each answer, with the conversation before it, and what is known of the call
/// beside it. `answers = rows + dropped`, by reason.
///
/// An application sends a conversation again with every turn, so all but the longest call of it is repeated inside
/// another: a call whose turns and answer begin the turns of a later one is left out as `continued`. Turns are equal
/// where role, text and calls are; thoughts do not count, for applications do not send them back.
public final class TrafficRows {
    private static final Set<String> CUT = Set.of("length", "max_tokens", "max_output_tokens", "model_length");
    private static final Set<String> WITHHELD = Set.of("content_filter", "refusal", "safety");
    private static final int HEX = 16;

    private final List<TrafficSource> sources;
    private final TrafficFilter filter;
    private final boolean everyTurn;
    private final UnaryOperator<ObjectNode> mask;
    private final Map<String, Long> dropped = new TreeMap<>();
    private final Map<String, String> examples = new TreeMap<>();
    private final Map<String, Long> models = new TreeMap<>();
    private final Set<Mark> begun = new HashSet<>();
    private final Set<Mark> written = new HashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private long answers;
    private long rows;

    /// 128 bits of a hash.
    private record Mark(long high, long low) {}

    /// @param everyTurn whether a call stays that a later one of the same conversation continues
    /// @param mask      of a whole row, as it is written
    public TrafficRows(List<TrafficSource> sources, TrafficFilter filter, boolean everyTurn,
            UnaryOperator<ObjectNode> mask) {
        this.sources = List.copyOf(sources);
        this.filter = filter;
        this.everyTurn = everyTurn;
        this.mask = mask;
    }

    /// @param answers  of all calls; a call without one counts as one
    /// @param dropped  by reason
    /// @param examples the first of each reason that needs one, by reason
    /// @param models   rows by the model that answered
    /// @param notes    what else is to be told
    public record Report(long answers, long rows, Map<String, Long> dropped, Map<String, String> examples,
            Map<String, Long> models, List<String> notes) {}

    /// @param sink is given every row, in the order of the calls
    public Report write(Consumer<ObjectNode> sink) {
        if (!everyTurn) {
            sources.forEach(source -> source.each(this::mark));
        }
        sources.forEach(source -> notes.addAll(source.each(call -> rows(call, sink))));
        return new Report(answers, rows, Map.copyOf(dropped), Map.copyOf(examples), new TreeMap<>(models),
                List.copyOf(notes));
    }

    /// Remembers what a call continues, whatever becomes of it itself.
    private void mark(CapturedCall call) {
        if (call.form().isEmpty()) {
            return;
        }
        try {
            for (CallTurns.Said said : CallTurns.of(call.form().get(), call.request(), call.answer())) {
                if (!said.messages().isEmpty()) {
                    List<ChatMessage> turns = Turns.read(said.messages(), "messages");
                    String hash = "";
                    for (int i = 0; i < turns.size() - 1; i++) {
                        hash = next(hash, turns.get(i));
                        if (turns.get(i).isAssistant()) {
                            begun.add(mark(hash));
                        }
                    }
                }
            }
        } catch (DataException told) {
            return; // when its own turn comes
        }
    }

    private static Mark mark(String hash) {
        return new Mark(Long.parseUnsignedLong(hash, 0, HEX, HEX), Long.parseUnsignedLong(hash, HEX, 2 * HEX, HEX));
    }

    private static String next(String before, ChatMessage turn) {
        StringBuilder calls = new StringBuilder();
        for (JsonNode call : turn.fields().getOrDefault(ChatMessage.TOOL_CALLS, Json.mapper().createArrayNode())) {
            JsonNode arguments = call.path("function").path("arguments");
            calls.append(call.path("function").path("name").asText()).append('(')
                    .append(Json.canonical(arguments.isTextual() ? CallStream.json(arguments.textValue()) : arguments))
                    .append(')');
        }
        return Hashes.sha256(before + '\u0000' + turn.role() + '\u0000' + turn.content() + '\u0000' + calls);
    }

    private void rows(CapturedCall call, Consumer<ObjectNode> sink) {
        Optional<String> unfit = unfit(call);
        if (unfit.isPresent()) {
            answers++;
            drop(unfit.get(), call.place() + (call.status() > 0 ? ": status " + call.status() : ""));
            return;
        }
        List<CallTurns.Said> all;
        try {
            all = CallTurns.of(call.form().orElseThrow(), call.request(), call.answer());
        } catch (DataException refused) {
            answers++;
            drop("not_learnable", call.place() + ": " + refused.getMessage());
            return;
        }
        if (all.isEmpty()) {
            answers++;
            drop("no_answer", call.place());
        }
        for (CallTurns.Said said : all) {
            answers++;
            try {
                row(call, said).ifPresent(sink);
            } catch (DataException refused) {
                drop("not_learnable", refused.getMessage());
            }
        }
    }

    private Optional<String> unfit(CapturedCall call) {
        if (call.form().isEmpty()) {
            return Optional.of("another_api");
        }
        if (call.end() != CallEnd.WHOLE) {
            return Optional.of("ended_" + call.end().name().toLowerCase(Locale.ROOT));
        }
        Optional<String> filtered = filter.refuses(call);
        if (filtered.isPresent()) {
            return filtered;
        }
        if (!call.request().isObject() || !call.answer().isObject()) {
            return Optional.of(call.request().isObject() ? "answer_no_json" : "request_no_json");
        }
        if (call.request().hasNonNull("previous_response_id") || call.request().hasNonNull("conversation")) {
            return Optional.of("earlier_turns_are_elsewhere");
        }
        return call.answer().hasNonNull("error") ? Optional.of("error_inside") : Optional.empty();
    }

    private Optional<ObjectNode> row(CapturedCall call, CallTurns.Said said) {
        if (WITHHELD.contains(said.finish()) || CUT.contains(said.finish()) && !filter.truncated()) {
            return drop(CUT.contains(said.finish()) ? "truncated" : "withheld", call.place());
        }
        ObjectNode row = Json.mapper().createObjectNode();
        if (said.messages().isEmpty()) {
            if (!filter.says(said::text)) {
                return drop("text", call.place());
            }
            row.put("text", said.text());
        } else {
            List<ChatMessage> turns = turns(call, said);
            Optional<String> why = unfit(turns);
            if (why.isPresent()) {
                return drop(why.get(), call.place());
            }
            row.set("messages", Turns.json(turns));
            if (!said.tools().isEmpty()) {
                row.set("tools", said.tools());
            }
        }
        List<String> learned = new ArrayList<>();
        row.fieldNames().forEachRemaining(learned::add);
        row.setAll(beside(call, said));
        ObjectNode masked = mask.apply(row);
        ObjectNode named = Json.mapper().createObjectNode().put("id", RowIds.row(masked.deepCopy().retain(learned)));
        if (!written.add(mark(Hashes.sha256(named.get("id").textValue())))) {
            return drop("repeated", call.place());
        }
        rows++;
        models.merge(call.model(), 1L, Long::sum);
        return Optional.of(named.setAll(masked));
    }

    private List<ChatMessage> turns(CapturedCall call, CallTurns.Said said) {
        try {
            return Turns.read(said.messages(), "messages");
        } catch (DataException refused) {
            throw new DataException(call.place(), "turns that can be learned", refused.getMessage(),
                    "leave it out by a filter");
        }
    }

    private Optional<String> unfit(List<ChatMessage> turns) {
        ChatMessage last = turns.getLast();
        if (!last.isAssistant() || last.content().isBlank() && !last.fields().containsKey(ChatMessage.TOOL_CALLS)) {
            return Optional.of("no_answer");
        }
        if (turns.size() == 1) {
            return Optional.of("no_question");
        }
        if (!filter.says(() -> String.join("\n", turns.stream().map(ChatMessage::content).toList()))) {
            return Optional.of("text");
        }
        String hash = "";
        for (ChatMessage turn : everyTurn ? List.<ChatMessage>of() : turns) {
            hash = next(hash, turn);
        }
        return !everyTurn && begun.contains(mark(hash)) ? Optional.of("continued") : Optional.empty();
    }

    private static ObjectNode beside(CapturedCall call, CallTurns.Said said) {
        ObjectNode row = Json.mapper().createObjectNode();
        if (!call.model().isEmpty()) {
            row.put("model", call.model());
        }
        call.at().ifPresent(at -> row.put("created", at.toString()));
        if (!said.finish().isEmpty()) {
            row.put("finish_reason", said.finish());
        }
        if (call.answer().path("usage").isObject()) {
            row.set("usage", call.answer().get("usage"));
        }
        if (call.ms() >= 0) {
            row.put("latency_ms", call.ms());
        }
        if (!call.metadata().isEmpty()) {
            row.set("metadata", Json.tree(new TreeMap<>(call.metadata())));
        }
        if (!call.feedback().isEmpty()) {
            row.set("feedback", Json.tree(new ArrayList<>(call.feedback())));
        }
        return row.put("call", call.id());
    }

    private Optional<ObjectNode> drop(String reason, String example) {
        dropped.merge(reason, 1L, Long::sum);
        examples.putIfAbsent(reason, example);
        return Optional.empty();
    }
}
