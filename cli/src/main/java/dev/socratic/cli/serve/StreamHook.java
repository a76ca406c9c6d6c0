package dev.socratic.cli.serve;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import java.util.function.Consumer;

/// How a model that can do so answers one request piece by piece. `LocalModel::stream` is one.
@FunctionalInterface
public interface StreamHook {
    /// @param pieces gets the text as it is written, on the calling thread; what it throws ends the answer
    /// @return the whole, whose text is that of the pieces
    GenerationOutcome stream(GenerationRequest request, Consumer<String> pieces) throws InterruptedException;
}
