package dev.socratic.core.text;

/// Why an answer ended. Spelled in lower case in every file.
public enum FinishReason {
    /// The model said it was done, or a stop text came up.
    STOP,
    /// `max_tokens` or the context ran out: the answer is truncated.
    LENGTH,
    /// The endpoint withheld the answer.
    CONTENT_FILTER,
    /// The endpoint gave another reason, or none.
    OTHER
}
