package dev.socratic.core.text;

import java.util.Objects;
import java.util.Optional;

/// What became of one request: an answer, or a failure that says why.
public sealed interface GenerationOutcome {
    String requestId();

    /// The model answered.
    ///
    /// @param text      the answer as the model wrote it, `<think>` blocks included where the model writes them in
    ///                  its text
    /// @param reasoning what an endpoint returned as reasoning in a field of its own; empty for most
    record Completion(String requestId, String text, Optional<String> reasoning, FinishReason finish, Usage usage)
            implements GenerationOutcome {
        public Completion {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(text);
            Objects.requireNonNull(reasoning);
            Objects.requireNonNull(finish);
            Objects.requireNonNull(usage);
        }
    }

    /// No answer came, after every retry that made sense.
    ///
    /// @param problem   one line: what, where, how to mend
    /// @param temporary whether asking again later may help (429, 5xx, time-outs), so that a resumed run asks again
    record Failure(String requestId, String problem, boolean temporary) implements GenerationOutcome {}
}
