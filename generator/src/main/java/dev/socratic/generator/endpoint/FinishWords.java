package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.FinishReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The words in which servers say why an answer ended. One protocol, many spellings: compared in lower case, with `_`
/// between words, without the prefixes of generated clients (`FINISH_REASON_STOP`, `FinishReason.STOP`).
///
/// Sources: the documentation of OpenAI, Azure, Anthropic, Google (Gemini, Vertex), Mistral, Cohere, Together,
/// DeepSeek, Zhipu, AWS Bedrock, TGI, vLLM, SGLang, llama.cpp, Ollama.
final class FinishWords {
    private static final Set<String> STOP = Set.of(
            "stop", "stopped", "eos", "eos_token", "eos_found", "eot", "end_turn", "end_of_turn", "end_of_text",
            "end_of_sequence", "endoftext", "end", "ended", "stop_sequence", "stop_token", "stop_word", "stop_words",
            "stop_string", "stop_criteria", "complete", "completed", "completion", "done", "finish", "finished",
            "success", "normal", "natural");
    private static final Set<String> LENGTH = Set.of(
            "length", "max_length", "max_tokens", "max_token", "max_new_tokens", "max_output_tokens",
            "max_completion_tokens", "max_tokens_reached", "max_context_length", "model_length",
            "model_context_window_exceeded", "context_window_exceeded", "context_length", "context_length_exceeded",
            "context_limit", "token_limit", "token_limit_reached", "limit", "error_limit", "length_limit",
            "truncated", "incomplete");
    private static final Set<String> FILTER = Set.of(
            "content_filter", "content_filtered", "contentfilter", "content_policy", "content_policy_violation",
            "content_moderation", "filtered", "safety", "recitation", "blocklist", "prohibited_content", "spii",
            "refusal", "refused", "sensitive", "moderation", "moderated", "flagged", "blocked",
            "guardrail_intervened", "guardrails", "error_toxic", "toxicity", "image_safety", "language");
    private static final Set<String> BROKEN = Set.of(
            "error", "abort", "aborted", "cancel", "cancelled", "canceled", "user_cancel", "failed", "failure",
            "timeout", "network_error", "server_error", "internal_error", "insufficient_system_resource",
            "overloaded", "interrupted", "malformed_function_call", "malformed_response", "unexpected_tool_call");
    private static final List<String> PLACES = List.of(
            "finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason", "native_finish_reason");

    private FinishWords() {}

    /// @param choice a choice of an answer
    /// @return the word it ends with, in our spelling; empty where it says none
    static Optional<String> of(JsonNode choice) {
        return PLACES.stream().map(choice::path).flatMap(node -> word(node).stream()).findFirst();
    }

    private static Optional<String> word(JsonNode node) {
        JsonNode word = node.isObject() ? node.path(node.has("type") ? "type" : "reason") : node;
        if (!word.isTextual() || word.textValue().isBlank()) {
            return Optional.empty();
        }
        String last = word.textValue().strip().replaceAll(".*[.:]", "");
        String spaced = last.replaceAll("([a-z])([A-Z])", "$1_$2").replaceAll("[\\s-]+", "_").toLowerCase(Locale.ROOT);
        return Optional.of(spaced.replaceFirst("^(finish|stop)_reason_", ""));
    }

    /// @return whether the server broke off, so that what came is no answer
    static boolean broken(String word) {
        return BROKEN.contains(word);
    }

    static FinishReason reason(String word) {
        if (STOP.contains(word)) {
            return FinishReason.STOP;
        }
        if (LENGTH.contains(word)) {
            return FinishReason.LENGTH;
        }
        return FILTER.contains(word) ? FinishReason.CONTENT_FILTER : FinishReason.OTHER;
    }

    /// @return how OpenAI's own endpoint spells it
    static String spelled(FinishReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
