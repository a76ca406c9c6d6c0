package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import java.util.Optional;

/// A teacher behind an address, asked at every step for what it expects of the step's text: a server that speaks vLLM's
/// `prompt_logprobs` (vLLM, `socratic serve`) and holds a model with the student's tokenizer.
///
/// ```yaml
/// served_teacher: {base_url: "http://localhost:8000/v1", model: qwen, top_k: 20}
/// ```
///
/// @param baseUrl     its address
/// @param model       the name it knows the teacher by
/// @param topK        likeliest tokens it names at each position; all others are one class, the bucket. vLLM gives 20
///                    unless it is started with a larger `--max-logprobs`
/// @param keyEnv      the environment variable that holds its key
/// @param price       USD a million tokens that it reads
/// @param concurrency requests on the wire at once
/// @param timeout     its longest silence, seconds
public record ServedTeacherConfig(
        String baseUrl,
        String model,
        @Default("20") int topK,
        Optional<String> keyEnv,
        @Default("0") @Effort double price,
        @Default("4") @Effort int concurrency,
        @Default("300") @Effort int timeout) {
    public ServedTeacherConfig {
        Limits.atLeast("top_k", topK, 1);
        Limits.atLeast("concurrency", concurrency, 1);
        Limits.atLeast("timeout", timeout, 1);
        if (!(price >= 0)) {
            throw new IllegalArgumentException(
                    "price must be at least 0; got %s; USD a million tokens".formatted(price));
        }
    }
}
