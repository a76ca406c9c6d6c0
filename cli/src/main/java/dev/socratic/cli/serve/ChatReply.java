package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.serve.AnswerParser.Part;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.Usage;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What goes back of answers: whole, or the chunks of a stream; to a chat, or to a completion.
///
/// @param chat    whether answers are messages or plain text
/// @param id      of this completion, the same in all its chunks
/// @param model   as the card names it
/// @param created seconds since 1970
record ChatReply(boolean chat, String id, String model, long created) {
    private static final String REASONING = ChatMessage.REASONING;
    private static final String CALLS = ChatMessage.TOOL_CALLS;

    /// One answer, whole.
    ///
    /// @param completion how it ended, and what it took
    /// @param parts      what it is made of
    /// @param before     text it is sent behind
    /// @param logprobs   in the form of the address
    record Choice(Completion completion, List<Part> parts, String before, Optional<ObjectNode> logprobs) {
        /// Of which nothing is told apart.
        Choice(Completion completion, String before, Optional<ObjectNode> logprobs) {
            this(completion, List.of(new Part.Said(completion.text())), before, logprobs);
        }

        boolean calls() {
            return parts.stream().anyMatch(Part.Called.class::isInstance);
        }
    }

    /// @param each how many choices each prompt has
    ObjectNode whole(List<Choice> choices, int each) {
        ObjectNode reply = head(chat ? "chat.completion" : "text_completion");
        ArrayNode list = reply.putArray("choices");
        for (int i = 0; i < choices.size(); i++) {
            Choice one = choices.get(i);
            ObjectNode choice = list.addObject().put("index", i);
            if (chat) {
                ObjectNode message = choice.putObject("message").put("role", "assistant");
                String said = said(one.parts());
                message.set("content", said.isEmpty() && one.calls() ? message.nullNode() : message.textNode(said));
                put(message, one.parts(), i, -1);
            } else {
                choice.put("text", one.before() + said(one.parts()));
            }
            choice.set("logprobs", one.logprobs().map(node -> (JsonNode) node).orElse(choice.nullNode()));
            choice.put("finish_reason", reason(one.completion().finish(), one.calls()));
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

    /// @param parts    that were added
    /// @param calls    how many calls were sent before
    /// @param logprobs of the tokens that were added, in the form of the address
    ObjectNode piece(int choice, List<Part> parts, int calls, Optional<ObjectNode> logprobs) {
        ObjectNode chunk = chunk(choice, "");
        ObjectNode only = (ObjectNode) chunk.at("/choices/0");
        ObjectNode into = chat ? (ObjectNode) only.get("delta") : only;
        if (!chat || parts.stream().anyMatch(Part.Said.class::isInstance)) {
            into.put(chat ? "content" : "text", said(parts));
        }
        put(into, parts, choice, calls);
        logprobs.ifPresent(logs -> only.set("logprobs", logs));
        return chunk;
    }

    /// @param calls whether tools were called
    ObjectNode last(int choice, FinishReason finish, boolean calls) {
        return chunk(choice, reason(finish, calls));
    }

    private static String said(List<Part> parts) {
        return parts.stream().map(part -> part instanceof Part.Said said ? said.text() : "")
                .collect(Collectors.joining());
    }

    /// Thoughts and calls, where there are some.
    ///
    /// @param before calls that were sent before, which are counted on in a stream; -1 in a whole answer
    private void put(ObjectNode message, List<Part> parts, int choice, int before) {
        StringBuilder thoughts = new StringBuilder();
        int at = Math.max(0, before);
        for (Part part : parts) {
            switch (part) {
                case Part.Said said -> { }
                case Part.Thought thought -> thoughts.append(thought.text());
                case Part.Called called -> {
                    ObjectNode call = message.withArray(CALLS).addObject();
                    if (before >= 0) {
                        call.put("index", at);
                    }
                    call.put("id", callId(choice, at++)).put("type", "function");
                    call.putObject("function").put("name", called.call().name())
                            .put("arguments", called.call().arguments());
                }
            }
        }
        if (!thoughts.isEmpty()) {
            message.put(REASONING, thoughts.toString());
        }
    }

    /// Nine letters and digits, for Mistral's templates take no others.
    private String callId(int choice, int call) {
        String hash = Hashes.sha256("%s/%s/%s".formatted(id, choice, call));
        return new BigInteger(hash, 16).toString(36).substring(0, 9);
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

    private static String reason(FinishReason finish, boolean calls) {
        return switch (finish) {
            case STOP, OTHER -> calls ? "tool_calls" : "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
