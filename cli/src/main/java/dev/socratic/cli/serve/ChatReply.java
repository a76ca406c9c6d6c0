package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;

/// What goes back of answers: whole, or the chunks of a stream; to a chat, or to a completion.
///
/// @param chat    whether answers are messages or plain text
/// @param id      of this completion, the same in all its chunks
/// @param model   as the card names it
/// @param created seconds since 1970
record ChatReply(boolean chat, String id, String model, long created) {

    /// One answer, whole.
    ///
    /// @param before   text it is sent behind
    /// @param logprobs in the form of the address
    record Choice(Completion completion, String before, Optional<ObjectNode> logprobs) {}

    /// @param each how many choices each prompt has
    ObjectNode whole(List<Choice> choices, int each) {
        ObjectNode reply = head(chat ? "chat.completion" : "text_completion");
        ArrayNode list = reply.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            Choice one = choices.get(i);
            ObjectNode choice = list.addObject().put("index", i);
            String text = one.before() + one.completion().text();
            if (chat) {
                choice.putObject("message").put("role", "assistant").put("content", text);
            } else {
                choice.put("text", text);
            }
            choice.set("logprobs", one.logprobs().map(node -> (JsonNode) node).orElse(choice.nullNode()));
            choice.put("finish_reason", reason(one.completion().finish()));
        }
        reply.set("usage", json(usage(choices.stream().map(Choice::completion).toList(), each)));
        return reply;
    }

    /// Tells a chat who speaks; a plain text begins without.
    Optional<ObjectNode> first(int choice) {
        if (!chat) {
            return Optional.empty();
        }
        ObjectNode chunk = chunk(choice, "");
        ((ObjectNode) chunk.at("/choices/0/delta")).put("role", "assistant").put("content", "");
        return Optional.of(chunk);
    }

    ObjectNode piece(int choice, String text) {
        ObjectNode chunk = chunk(choice, "");
        ObjectNode only = (ObjectNode) chunk.at("/choices/0");
        (chat ? (ObjectNode) only.get("delta") : only).put(chat ? "content" : "text", text);
        return chunk;
    }

    ObjectNode last(int choice, FinishReason finish) {
        return chunk(choice, reason(finish));
    }

    /// @param each how many choices each prompt has
    ObjectNode counts(List<Completion> choices, int each) {
        ObjectNode chunk = head(chat ? "chat.completion.chunk" : "text_completion");
        chunk.putArray("choices");
        chunk.set("usage", json(usage(choices, each)));
        return chunk;
    }

    private ObjectNode chunk(int choice, String finish) {
        ObjectNode chunk = head(chat ? "chat.completion.chunk" : "text_completion");
        ObjectNode only = chunk.putArray("choices").addObject().put("index", choice);
        if (chat) {
            only.putObject("delta");
        } else {
            only.put("text", "").putNull("logprobs");
        }
        only.set("finish_reason", finish.isEmpty() ? only.nullNode() : only.textNode(finish));
        return chunk;
    }

    private ObjectNode head(String object) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("object", object).put("created", created)
                .put("model", model);
    }

    /// A prompt is counted once, however many answers it got.
    static Usage usage(List<Completion> choices, int each) {
        long prompt = 0;
        long written = 0;
        for (int i = 0; i < choices.size(); i++) {
            Usage usage = choices.get(i).usage();
            prompt += i % each == 0 ? usage.promptTokens() : 0;
            written += usage.completionTokens();
        }
        return new Usage(prompt, written, 0);
    }

    private static ObjectNode json(Usage usage) {
        return JsonNodeFactory.instance.objectNode()
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens());
    }

    private static String reason(FinishReason finish) {
        return switch (finish) {
            case STOP, OTHER -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
