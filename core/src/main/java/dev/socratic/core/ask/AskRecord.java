package dev.socratic.core.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One record of the journal of everything that was asked.
sealed interface AskRecord {

    /// The outcomes of requests that were answered together, whole or not at all: `{"asked": [{"key", "text",
    /// "reasoning"?, "finish", "usage": [prompt, completion, usd]} or {"key", "problem"}], "stage"?, "took"?}`.
    ///
    /// @param outcomes in the order of the requests; their request ids are the keys
    /// @param booking  what they took, where no meter was told of attempts
    record Answers(List<GenerationOutcome> outcomes, Optional<Booking> booking) implements AskRecord {
        public Answers {
            outcomes = List.copyOf(outcomes);
        }
    }

    /// An attempt that is about to leave: `{"out": number, "stage", "worst"}`. Without its [Back] it counts as the
    /// worst case, for whoever was asked may have been at work when this process was killed.
    record Out(long number, Booking worst) implements AskRecord {}

    /// The same attempt, over: `{"in": number, "took"}`.
    record Back(long number, Usage took) implements AskRecord {}

    /// Money and tokens of a stage.
    record Booking(String stage, Usage usage) {}

    default byte[] bytes() {
        ObjectNode json = Json.mapper().createObjectNode();
        switch (this) {
            case Answers answers -> {
                ArrayNode list = json.putArray("asked");
                answers.outcomes().forEach(outcome -> list.add(outcome(outcome)));
                answers.booking().ifPresent(b -> json.put("stage", b.stage()).set("took", usage(b.usage())));
            }
            case Out out -> json.put("out", out.number())
                    .put("stage", out.worst().stage())
                    .set("worst", usage(out.worst().usage()));
            case Back back -> json.put("in", back.number()).set("took", usage(back.took()));
        }
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }

    /// @param place what to call the record in a message
    /// @throws DataException if the record is whole but not ours: written by another version
    static AskRecord read(byte[] bytes, String place) {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            if (json.has("asked")) {
                List<GenerationOutcome> outcomes = new ArrayList<>();
                json.get("asked").forEach(one -> outcomes.add(outcome(one)));
                Optional<Booking> booking = Optional.ofNullable(json.get("took"))
                        .map(took -> new Booking(json.required("stage").textValue(), usage(took)));
                return new Answers(outcomes, booking);
            }
            return json.has("out")
                    ? new Out(
                            json.get("out").longValue(),
                            new Booking(json.required("stage").textValue(), usage(json.required("worst"))))
                    : new Back(json.required("in").longValue(), usage(json.required("took")));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw foreign(place, e);
        } catch (IOException e) {
            throw foreign(place, e);
        }
    }

    private static DataException foreign(String place, Exception e) {
        return new DataException(
                place, "a record of this version's journal", "another",
                "move the folder away to ask anew, or run the version that wrote it", e);
    }

    private static ObjectNode outcome(GenerationOutcome outcome) {
        ObjectNode one = Json.mapper().createObjectNode().put("key", outcome.requestId());
        return switch (outcome) {
            case Completion c -> {
                one.put("text", c.text());
                c.reasoning().ifPresent(text -> one.put("reasoning", text));
                one.put("finish", c.finish().name().toLowerCase(Locale.ROOT));
                one.set("usage", usage(c.usage()));
                yield one;
            }
            case Failure f -> one.put("problem", f.problem());
        };
    }

    private static GenerationOutcome outcome(JsonNode one) {
        String key = one.required("key").textValue();
        if (one.has("problem")) {
            return new Failure(key, one.get("problem").textValue(), false);
        }
        return new Completion(
                key,
                one.required("text").textValue(),
                Optional.ofNullable(one.get("reasoning")).map(JsonNode::textValue),
                FinishReason.valueOf(one.required("finish").textValue().toUpperCase(Locale.ROOT)),
                usage(one.required("usage")));
    }

    private static ArrayNode usage(Usage u) {
        return Json.mapper().createArrayNode().add(u.promptTokens()).add(u.completionTokens()).add(u.costUsd());
    }

    private static Usage usage(JsonNode array) {
        return new Usage(array.required(0).longValue(), array.required(1).longValue(), array.required(2).doubleValue());
    }
}
