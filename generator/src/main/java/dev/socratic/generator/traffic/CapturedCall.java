package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One call as it happened, wherever it was recorded.
///
/// @param id       the recorder's or the log's own
/// @param at       when it was asked; empty where the log does not say
/// @param form     which API it speaks; empty for others
/// @param status   of HTTP; 0 where there was none
/// @param end      how it ended
/// @param ms       milliseconds to its end; -1 where nobody says
/// @param metadata what the client said about it: headers, `metadata` and `user` of the body, tags of a log
/// @param request  the body; a missing node where it is no JSON
/// @param answer   the body, whole also where it came as a stream; a missing node where it is no JSON
/// @param feedback what users said of it, oldest first
/// @param place    where it stands, for messages
public record CapturedCall(
        String id, Optional<Instant> at, Optional<CallForm> form, int status, CallEnd end, long ms,
        Map<String, String> metadata, JsonNode request, JsonNode answer, List<JsonNode> feedback, String place) {
    public CapturedCall {
        metadata = Map.copyOf(metadata);
        feedback = List.copyOf(feedback);
    }

    /// @return the model that answered, or else the one that was asked for; empty where neither is named
    public String model() {
        String answered = answer.path("model").asText("");
        return answered.isEmpty() ? request.path("model").asText("") : answered;
    }
}
