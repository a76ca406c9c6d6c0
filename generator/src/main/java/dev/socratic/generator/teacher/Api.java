package dev.socratic.generator.teacher;

import java.util.List;
import java.util.Set;

/// The API an endpoint speaks. Requests are written as OpenAI's and made the API's own on the way
/// (`endpoint.NativeRequest`); answers are read by one parser, whichever it is.
///
/// Forms are those of the public references: Anthropic's Messages, Gemini's `generateContent`, Ollama's `/api/chat`,
/// Bedrock's `Converse`. They were tried against servers of ours that answer in these forms, not against the services.
public enum Api {
    /// `POST {base}/chat/completions`, of OpenAI, Azure and all who speak like it.
    OPENAI("chat/completions", "Authorization", Set.of()),
    /// Anthropic's `POST {base}/messages`.
    ANTHROPIC("messages", "x-api-key", Set.of("top_k")),
    /// Google's `POST {base}/models/{model}:generateContent`.
    GEMINI("models/{model}:generateContent", "x-goog-api-key",
            Set.of("top_k", "presence_penalty", "frequency_penalty", "response_format")),
    /// Ollama's `POST {base}/chat`, where the base ends in `/api`.
    OLLAMA("chat", "Authorization", Set.of("top_k", "min_p", "typical_p", "repetition_penalty", "presence_penalty",
            "frequency_penalty", "response_format")),
    /// Amazon Bedrock's `POST {base}/model/{model}/converse`, with a key of Bedrock as Bearer token.
    BEDROCK("model/{model}/converse", "Authorization", Set.of());

    private final String path;
    private final String keyHeader;
    private final Set<String> further;

    Api(String path, String keyHeader, Set<String> further) {
        this.path = path;
        this.keyHeader = keyHeader;
        this.further = further;
    }

    /// @return below the base address, with `{model}` where the model's name stands
    public String path() {
        return path;
    }

    /// @return the header that carries the key; as Bearer token in `Authorization`
    public String keyHeader() {
        return keyHeader;
    }

    /// @param field of a request in OpenAI's form, beside the model, messages, temperature, top_p, max_tokens and stop
    /// @return whether it has a place in this API
    public boolean takes(String field) {
        return this == OPENAI || further.contains(field);
    }

    /// @return fields that every request of ours has and this API has no place for
    public List<String> without() {
        return this == ANTHROPIC || this == BEDROCK ? List.of("seed") : List.of();
    }

    /// @return whether one request may bring several answers
    public boolean several() {
        return this == OPENAI;
    }
}
