package dev.socratic.core.ask;

import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.TextModel;
import java.util.SortedMap;

/// What a request is by its content: who is asked, what, and how the answer is drawn. Its id is no part of it, and
/// neither is anything that says how it gets there (price, patience, concurrency, budget): two runs with the same key
/// want the same answer.
final class RequestKey {
    private RequestKey() {}

    /// @return 64 hexadecimal digits
    static String of(TextModel model, GenerationRequest request) {
        ModelCard card = model.card();
        StringBuilder content = new StringBuilder();
        part(content, card.place());
        part(content, card.revision());
        part(content, card.name());
        part(content, model.shape());
        // Local weights round by what else is in the batch (ADR 3): another batch size is another model as far as
        // bytes go.
        content.append(card.unit()).append('|');
        for (ChatMessage message : request.messages()) {
            part(content, message.role());
            part(content, message.content());
            part(content, message.fields().isEmpty() ? "" : Json.canonical(message.fields()));
        }
        part(content, written(request));
        // Only a list of texts could look like another.
        request.parameters().stop().forEach(text -> part(content, text));
        SortedMap<String, Object> further = request.parameters().further();
        if (!further.isEmpty()) { // requests without them keep the keys they always had
            part(content, Json.canonical(further));
        }
        return Hashes.sha256(content.toString());
    }

    /// How the answer is written, in the words of the first version of this store, whatever the records are called now:
    /// answers that lie in run folders were paid for.
    private static String written(GenerationRequest request) {
        Sampling sampling = request.parameters().sampling();
        return "Sampling[temperature=%s, topP=%s, maxTokens=%s, seed=%s, stop=%s, topK=%s, minP=%s]".formatted(
                sampling.temperature(), sampling.topP(), request.parameters().maxTokens(), request.seed(),
                request.parameters().stop(), sampling.topK(), sampling.minP());
    }

    /// With its length before it, so that no two lists of texts look alike.
    private static void part(StringBuilder content, String text) {
        content.append(text.length()).append(':').append(text);
    }
}
