package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secrets;
import dev.socratic.core.text.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A chat completion, whatever the dialect it came in, and the one form in which LangChain4j and the cache are given
/// it.
///
/// @param text      the answer, or the words of a refusal
/// @param reasoning what came as reasoning in a place of its own
/// @param finish    why it ended
/// @param counted   what the server counts
record ChatAnswer(String text, Optional<String> reasoning, FinishReason finish, Counted counted) {

    /// What came where several answers were asked for.
    ///
    /// @param choices of the body, answers or not
    /// @param answers at least one; a choice that is none is left out
    record Several(int choices, List<ChatAnswer> answers) {
        static final Several NONE = new Several(0, List.of());

        Several {
            answers = List.copyOf(answers);
        }
    }

    /// @param body JSON, or the events of a stream that nobody asked for
    /// @throws NoAnswerException if it is no whole answer: no JSON, no choice, an error in it, no text though it is
    /// said to be done, or a text that no file can hold
    static ChatAnswer parse(String body) throws NoAnswerException {
        JsonNode json = whole(body);
        Counted counted = counted(json);
        return of(choice(json, counted, body), json, counted, body);
    }

    /// Every answer of a body that was asked for several; each says what the server counts for all.
    ///
    /// @throws NoAnswerException if none of its choices is an answer
    static Several several(String body) throws NoAnswerException {
        JsonNode json = whole(body);
        Counted counted = counted(json);
        List<ChatAnswer> answers = new ArrayList<>();
        for (JsonNode choice : json.path("choices")) {
            try {
                answers.add(of(choice, json, counted, body));
            } catch (NoAnswerException none) {
                continue; // whoever asked for it asks again
            }
        }
        return new Several(json.path("choices").size(), answers.isEmpty() ? List.of(parse(body)) : answers);
    }

    private static JsonNode whole(String body) throws NoAnswerException {
        String start = body.stripLeading();
        return start.startsWith("data:") || start.startsWith("event:") || start.startsWith(":")
                ? Events.joined(start) : NativeAnswer.asChat(json(body));
    }

    private static ChatAnswer of(JsonNode choice, JsonNode json, Counted counted, String body)
            throws NoAnswerException {
        Optional<String> word = FinishWords.of(choice);
        if (choice.hasNonNull("error") || word.filter(FinishWords::broken).isPresent()) {
            JsonNode error = choice.hasNonNull("error") ? choice : json;
            throw none("the server broke the answer off (%s)".formatted(word.orElse("error")), error.toString(),
                    counted);
        }
        JsonNode message = choice.path("message").isObject() ? choice.path("message") : choice.path("delta");
        MessageText said = message.isObject() ? MessageText.of(message) : MessageText.of(Json.mapper()
                .createObjectNode().set("content", choice.path("text")));
        FinishReason finish = word.map(FinishWords::reason).orElse(FinishReason.OTHER);
        if (said.text().isBlank() && said.refusal().filter(r -> !r.isBlank()).isPresent()) {
            return checked(new ChatAnswer(said.refusal().get(), notBlank(said.reasoning()),
                    FinishReason.CONTENT_FILTER, counted));
        }
        boolean done = finish != FinishReason.LENGTH && finish != FinishReason.CONTENT_FILTER;
        if (said.text().isBlank() && done) {
            throw none("the answer holds no text", body, counted);
        }
        return checked(new ChatAnswer(said.text(), notBlank(said.reasoning()), finish, counted));
    }

    private static JsonNode json(String body) throws NoAnswerException {
        try {
            return Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new NoAnswerException("the body is no complete JSON: " + ServerWords.of(body), Counted.in(body));
        }
    }

    private static Counted counted(JsonNode json) {
        for (String place : List.of("/usage", "/x_groq/usage", "/choices/0/usage", "/usageMetadata")) {
            Counted counted = Counted.of(json.at(place));
            if (!counted.equals(Counted.NOTHING)) {
                return counted;
            }
        }
        return Counted.NOTHING;
    }

    /// The first by number; one is asked for, so others are not ours.
    private static JsonNode choice(JsonNode json, Counted counted, String body) throws NoAnswerException {
        List<JsonNode> choices = new ArrayList<>();
        json.path("choices").forEach(choices::add);
        JsonNode first = choices.stream().filter(c -> c.path("index").asInt(-1) == 0).findFirst()
                .orElse(choices.isEmpty() ? Json.mapper().missingNode() : choices.getFirst());
        boolean said = first.path("message").isObject() || first.path("delta").isObject()
                || first.path("text").isTextual()
                || first.hasNonNull("error");
        if (!said) {
            throw none("the body has no choices[0].message", body, counted);
        }
        return first;
    }

    private static NoAnswerException none(String why, String body, Counted counted) {
        return new NoAnswerException(why + ": " + ServerWords.of(body), Optional.of(counted).filter(c ->
                !c.equals(Counted.NOTHING)));
    }

    /// Half a pair of surrogates has no UTF-8, and a NUL ends texts elsewhere: neither is anything a model meant to
    /// write.
    private static ChatAnswer checked(ChatAnswer answer) throws NoAnswerException {
        for (String text : List.of(answer.text, answer.reasoning.orElse(""))) {
            if (text.indexOf('\0') >= 0) {
                throw none("the answer holds a NUL character (U+0000)", answer.text, answer.counted);
            }
            Optional<Integer> half = text.codePoints().filter(c -> c >= Character.MIN_SURROGATE
                    && c <= Character.MAX_SURROGATE)
                    .boxed().findFirst();
            if (half.isPresent()) {
                String name = Integer.toHexString(half.get()).toUpperCase(Locale.ROOT);
                throw none("the answer holds half a surrogate pair (U+%s)".formatted(name), answer.text,
                        answer.counted);
            }
        }
        return answer;
    }

    private static Optional<String> notBlank(Optional<String> text) {
        return text.filter(t -> !t.isBlank());
    }

    /// @return the same without what may be written nowhere
    ChatAnswer without(Secrets secrets) {
        UnaryOperator<String> clean = secrets::redact;
        return new ChatAnswer(clean.apply(text), reasoning.map(clean), finish, counted);
    }

    /// As OpenAI's own endpoint writes it, and nothing but what is used here.
    String strict() {
        ObjectNode json = Json.mapper().createObjectNode();
        ObjectNode choice = json.putArray("choices").addObject().put("index", 0).put("finish_reason",
                FinishWords.spelled(finish));
        ObjectNode message = choice.putObject("message").put("role", "assistant").put("content", text);
        reasoning.ifPresent(thoughts -> message.put("reasoning_content", thoughts));
        if (!counted.equals(Counted.NOTHING)) {
            ObjectNode usage = json.putObject("usage");
            counted.promptTokens().ifPresent(n -> usage.put("prompt_tokens", n));
            counted.completionTokens().ifPresent(n -> usage.put("completion_tokens", n));
        }
        return json.toString();
    }
}
