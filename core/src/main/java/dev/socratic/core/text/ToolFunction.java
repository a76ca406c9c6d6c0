package dev.socratic.core.text;

import com.fasterxml.jackson.databind.JsonNode;

/// A tool that a model may call while it writes. Implementations are safe to call from several threads, give the same
/// result for the same arguments, and throw nothing: what is wrong with a call is its result.
public interface ToolFunction {
    /// @return as a model calls it
    String name();

    /// @param arguments as the model wrote them, an object
    /// @return what the model reads
    String call(JsonNode arguments);
}
