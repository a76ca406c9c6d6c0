package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.Usage;
import java.util.List;

/// What goes back: a whole completion, or the chunks of a stream.
///
/// @param id      of this completion, the same in all its chunks
/// @param model   as the card names it
/// @param created seconds since 1970
record ChatReply(String id, String model, long created) {

    ObjectNode whole(List<Completion> choices) {
        ObjectNode reply = head("chat.completion");
        var list = reply.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            ObjectNode choice = list.addObject().put("index", i);
            choice.putObject("message").put("role", "assistant").put("content", choices.get(i).text());
            choice.putNull("logprobs").put("finish_reason", reason(choices.get(i).finish()));
        }
        reply.set("usage", usage(choices));
        return reply;
    }

    ObjectNode first(int choice) {
        ObjectNode chunk = chunk(choice, "");
        ((ObjectNode) chunk.at("/choices/0/delta")).put("role", "assistant").put("content", "");
        return chunk;
    }

    ObjectNode piece(int choice, String text) {
        ObjectNode chunk = chunk(choice, "");
        ((ObjectNode) chunk.at("/choices/0/delta")).put("content", text);
        return chunk;
    }

    ObjectNode last(int choice, FinishReason finish) {
        return chunk(choice, reason(finish));
    }

    ObjectNode counts(List<Completion> choices) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", usage(choices));
        return chunk;
    }

    private ObjectNode chunk(int choice, String finish) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode only = chunk.putArray("choices").addObject().put("index", choice);
        only.putObject("delta");
        only.set("finish_reason", finish.isEmpty() ? only.nullNode() : only.textNode(finish));
        return chunk;
    }

    private ObjectNode head(String object) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("object", object).put("created", created).put("model", model);
    }

    /// The prompt is counted once, however many answers it got.
    private static ObjectNode usage(List<Completion> choices) {
        long prompt = choices.stream().map(Completion::usage).mapToLong(Usage::promptTokens).max().orElse(0);
        long written = choices.stream().map(Completion::usage).mapToLong(Usage::completionTokens).sum();
        return JsonNodeFactory.instance.objectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", written)
                .put("total_tokens", prompt + written);
    }

    private static String reason(FinishReason finish) {
        return switch (finish) {
            case STOP, OTHER -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
