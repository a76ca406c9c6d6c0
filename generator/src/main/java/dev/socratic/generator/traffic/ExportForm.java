package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// A log or an export of others, known by the fields of its rows. Sources: each one's documentation, and for the two
/// chat exports, which have none, files of their users (2024 to 2026).
public enum ExportForm {
    /// Results of OpenAI's batches: `custom_id`, `response.body`; beside the file of their requests.
    OPENAI_BATCH,
    /// Results of Anthropic's batches: `custom_id`, `result.message`; beside the file of their requests.
    ANTHROPIC_BATCH,
    /// `conversations.json` of ChatGPT: a tree of messages under `mapping`.
    CHATGPT,
    /// `conversations.json` of Claude: `chat_messages`.
    CLAUDE,
    /// LiteLLM's standard payload of a call: `call_type`, `messages`, `response`.
    LITELLM,
    /// Langfuse's observations of type `GENERATION`: `input`, `output`.
    LANGFUSE,
    /// OpenAI's stored completions: an object `chat.completion` with its `messages` (or `input`) beside `choices`.
    OPENAI_STORED,
    /// A call as it stands: `request` and `response`.
    CALL;

    /// @return what a row is; empty for one that is none of these
    static Optional<ExportForm> of(JsonNode row) {
        if (row.has("custom_id")) {
            return row.has("result") ? Optional.of(ANTHROPIC_BATCH)
                    : row.has("response") || row.has("error") ? Optional.of(OPENAI_BATCH) : Optional.empty();
        }
        if (row.path("mapping").isObject()) {
            return Optional.of(CHATGPT);
        }
        if (row.path("chat_messages").isArray()) {
            return Optional.of(CLAUDE);
        }
        if (row.has("call_type") && row.has("messages")) {
            return Optional.of(LITELLM);
        }
        if (row.has("input") && row.has("output") && !row.has("choices")) {
            return Optional.of(LANGFUSE);
        }
        if (row.path("choices").isArray()) {
            return Optional.of(OPENAI_STORED);
        }
        return row.path("request").isObject() && row.has("response") ? Optional.of(CALL) : Optional.empty();
    }
}
