package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.ModelCard;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/// The body of `POST /v1/chat/completions`, checked: every field is obeyed or refused.
///
/// @param choices    how many answers (`n`)
/// @param parameters how they are written
/// @param seed       of the first answer, from which those of the others are derived
/// @param stream     whether the answers are sent as they are written
/// @param usage      whether a stream ends with the token counts
/// @param logprobs   how many likely tokens beside each token of an answer; empty if none is wanted at all
/// @param tools      that it may call
/// @param thoughts   whether what it thinks is told apart from what it says
record ChatRequest(Prompt.Chat prompt, int choices, GenerationParameters parameters, long seed, boolean stream,
        boolean usage, OptionalInt logprobs, Tools tools, boolean thoughts) {
    static final int MOST_CHOICES = 128;
    private static final int MOST_LOGPROBS = 20;

    /// What a client that gives no limit gets, where the context allows it.
    private static final int DEFAULT_TOKENS = 2_048;
    /// What the template sees anyway.
    private static final Set<String> OURS = Set.of("messages", "tools", "documents", "add_generation_prompt");

    /// @param seeds gives the seed of a request that has none
    /// @throws ApiFailure naming the field that is wrong
    static ChatRequest read(RequestFields fields, LiveModel model, LongSupplier seeds) {
        ModelCard card = model.card();
        refuseUnsupported(fields);
        List<ChatMessage> messages = new ChatMessages(model::reads).read(fields.raw("messages"));
        boolean stream = fields.flag("stream", false);
        Tools tools = Tools.read(fields, model);
        ChatRequest request = new ChatRequest(
                tools.shape(prompt(fields, messages, tools, model)),
                fields.integer("n", 1, MOST_CHOICES).orElse(1),
                tools.shape(fields, AnswerFields.read(fields, card, DEFAULT_TOKENS)),
                AnswerFields.seed(fields, seeds),
                stream,
                usage(fields, stream),
                logprobs(fields),
                tools,
                thoughts(fields));
        fields.close();
        return request;
    }

    /// @return of each answer
    static long[] seeds(long first, int choices) {
        return IntStream.range(0, choices)
                .mapToLong(choice -> choice == 0 ? first : Seeds.derive(first, "choice", String.valueOf(choice)))
                .toArray();
    }

    private static void refuseUnsupported(RequestFields fields) {
        fields.only("modalities", "this server writes text only", value -> value.size() == 1
                && value.path(0).asText().equals("text"));
        fields.only("echo", "this server repeats no messages; leave the field out or give false", value ->
                value.isBoolean() && !value.asBoolean());
        for (String field : List.of("enable_thinking", "reasoning_effort", "thinking")) {
            fields.only(field, "what a chat template reads stands in chat_template_kwargs here: write it there",
                    value -> false);
        }
    }

    private static Prompt.Chat prompt(RequestFields fields, List<ChatMessage> messages, Tools tools,
            LiveModel model) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        fields.object("chat_template_kwargs").ifPresent(given -> given.forEach((name, value) -> {
            if (OURS.contains(name) || name.endsWith("_token") || !model.reads(name)) {
                throw given.wrong(name, "a variable that the model's chat template reads, and nobody else sets, "
                        + "expected; leave it out");
            }
            variables.put(name, value);
        }));
        if (!tools.offered().isEmpty()) {
            variables.put("tools", JsonNodeFactory.instance.arrayNode().addAll(tools.offered()));
        }
        boolean continues = fields.flag("continue_final_message", false);
        boolean opens = fields.flag("add_generation_prompt", !continues);
        if (continues && opens) {
            throw fields.wrong("add_generation_prompt",
                    "false expected beside continue_final_message; got true; the last message goes on, or it is "
                            + "answered");
        }
        if (continues && !messages.getLast().isAssistant()) {
            throw fields.wrong("continue_final_message",
                    "a last message of the assistant expected; got one of '%s'".formatted(messages.getLast().role()));
        }
        if (!opens && !continues) {
            variables.put("add_generation_prompt", BooleanNode.FALSE);
        }
        return new Prompt.Chat(messages, variables, continues);
    }

    static boolean usage(RequestFields fields, boolean stream) {
        return fields.object("stream_options").map(options -> {
            if (!stream) {
                throw fields.wrong("stream_options", "'stream': true expected beside it; leave the field out");
            }
            boolean usage = options.flag("include_usage", false);
            options.close();
            return usage;
        }).orElse(false);
    }

    private static boolean thoughts(RequestFields fields) {
        String format = fields.text("reasoning_format").orElse("auto");
        if (!List.of("auto", "deepseek", "none").contains(format)) {
            throw fields.wrong("reasoning_format", "'auto', 'deepseek' (thoughts in reasoning_content) or 'none' (as "
                    + "the model writes them) expected; got '%s'".formatted(format));
        }
        return !format.equals("none");
    }

    private static OptionalInt logprobs(RequestFields fields) {
        boolean wanted = fields.flag("logprobs", false);
        OptionalInt top = fields.integer("top_logprobs", 0, MOST_LOGPROBS);
        if (!wanted && top.orElse(0) > 0) {
            throw fields.wrong("top_logprobs", "'logprobs': true expected beside it");
        }
        return wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
    }
}
