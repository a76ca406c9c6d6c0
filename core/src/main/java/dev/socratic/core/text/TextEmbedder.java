package dev.socratic.core.text;

import java.util.List;
import java.util.Map;

/// Texts as vectors: encoder folders (module `models`) and endpoints (module `generator`) implement it, the command
/// line hands one or the other in. Asked through [dev.socratic.core.embed.Vectors], which keeps every vector.
///
/// Implementations are safe to call from `card().parallel()` threads at once.
public interface TextEmbedder extends AutoCloseable {

    /// @return who it is; `unit` texts are embedded together
    ModelCard card();

    /// @param texts at most `card().unit()` of them
    /// @return one outcome a text, in their order
    /// @throws InterruptedException if the calling thread was interrupted; nothing of the unit counts then
    List<Outcome> embed(List<String> texts) throws InterruptedException;

    /// @return USD for so many tokens read
    default double price(long tokens) {
        return 0;
    }

    /// @return what is worth keeping beside the vectors, by name: texts of which only the beginning was read
    default Map<String, Object> notes() {
        return Map.of();
    }

    /// What became of one text.
    sealed interface Outcome {
        /// @param numbers of any length of the vector, not all 0; every vector of one embedder has as many
        record Vector(float[] numbers, Usage usage) implements Outcome {}

        /// @param problem   one line: what, where, how to mend
        /// @param temporary whether asking again later may help
        record Failure(String problem, boolean temporary) implements Outcome {}
    }

    @Override
    void close();
}
