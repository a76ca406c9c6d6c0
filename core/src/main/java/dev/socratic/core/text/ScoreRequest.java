package dev.socratic.core.text;

import java.util.Objects;

/// Asks how likely a continuation is.
///
/// @param context      text before it, special tokens and chat template already applied
/// @param continuation text whose probability is asked for
/// @param exact        whether blanks at the end of the context stay there, so that the tokens counted are those of
///                     the continuation alone; harnesses move them to the continuation
public record ScoreRequest(String context, String continuation, boolean exact) {
    public ScoreRequest {
        Objects.requireNonNull(context);
        Objects.requireNonNull(continuation);
    }

    /// As the harnesses score.
    public ScoreRequest(String context, String continuation) {
        this(context, continuation, false);
    }
}
