package dev.socratic.core.text;

import java.util.Objects;

/// Asks how likely a continuation is.
///
/// @param context      text before it, special tokens and chat template already applied
/// @param continuation text whose probability is asked for
public record ScoreRequest(String context, String continuation) {
    public ScoreRequest {
        Objects.requireNonNull(context);
        Objects.requireNonNull(continuation);
    }
}
