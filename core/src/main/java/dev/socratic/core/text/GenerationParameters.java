package dev.socratic.core.text;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// How an answer is written: how each of its tokens is drawn, how it begins, and where it ends.
///
/// @param sampling  how each token is drawn
/// @param maxTokens most new tokens, reasoning included, at least 1
/// @param stop      texts at which the answer ends; they are not part of it
/// @param limits    where else it ends
/// @param prefix    a text that the answer begins with; the model goes on behind it. Blanks at its end are left to the
///                  model
/// @param constrain what the answer has to be as a whole
public record GenerationParameters(
        @Inline Sampling sampling, @Default("1024") int maxTokens, @Default("[]") List<String> stop,
        @Inline Limits limits, @Default("''") String prefix,
        Optional<Constraint> constrain) {
    /// The field in which a server is told of a schema.
    public static final String RESPONSE_FORMAT = "response_format";

    public GenerationParameters {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens: at least 1; got %s; 1024 suits most answers"
                    .formatted(maxTokens));
        }
        if (stop.contains("")) {
            throw new IllegalArgumentException(
                    "stop: texts of at least one character; got an empty one; it would end every answer at once");
        }
        if (limits.minTokens() > maxTokens) {
            throw new IllegalArgumentException(
                    "min_tokens: at most max_tokens, %s; got %s; raise max_tokens or lower min_tokens"
                            .formatted(maxTokens, limits.minTokens()));
        }
        stop = List.copyOf(stop);
    }

    /// Held to nothing.
    public GenerationParameters(Sampling sampling, int maxTokens, List<String> stop, Limits limits, String prefix) {
        this(sampling, maxTokens, stop, limits, prefix, Optional.empty());
    }

    /// Without further limits and prefix, too.
    public GenerationParameters(Sampling sampling, int maxTokens, List<String> stop) {
        this(sampling, maxTokens, stop, Limits.NONE, "", Optional.empty());
    }

    /// Without stop texts.
    public GenerationParameters(Sampling sampling, int maxTokens) {
        this(sampling, maxTokens, List.of());
    }

    public static GenerationParameters greedy(int maxTokens) {
        return new GenerationParameters(Sampling.GREEDY, maxTokens);
    }

    /// What was asked beside temperature, `top_p`, `top_k`, `min_p`, `max_tokens` and `stop`, where it was.
    ///
    /// @return by the names of the config
    public SortedMap<String, Object> further() {
        SortedMap<String, Object> further = sampling.further();
        further.remove("top_k");
        further.remove("min_p");
        further.putAll(limits.further());
        if (!prefix.isEmpty()) {
            further.put("prefix", prefix);
        }
        constrain.ifPresent(constraint -> further.put("constrain", constraint.text()));
        return further;
    }

    /// What a server is told beside the fields of OpenAI's own endpoint that every request has.
    ///
    /// @return by the names that vLLM, SGLang and llama.cpp take
    public SortedMap<String, Object> sent() {
        SortedMap<String, Object> sent = sampling.further();
        sent.putAll(limits.sent());
        if (constrain.isPresent() && constrain.get() instanceof Constraint.JsonSchema(Map<String, Object> schema)) {
            sent.put(RESPONSE_FORMAT, Map.of("type", "json_schema", "json_schema",
                    Map.of("name", "answer", "schema", schema, "strict", true)));
        }
        return sent;
    }
}
