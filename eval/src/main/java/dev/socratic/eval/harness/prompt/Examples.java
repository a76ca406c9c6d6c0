package dev.socratic.eval.harness.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonRandom;
import java.util.List;

/// Draws examples: `first_n` the first ones, `default` by one stream of `random.Random(seed)` for the whole task, so
/// that the draw of a document depends on how many were asked before it. Used by one thread, in the documents' order.
public final class Examples {
    private final List<ObjectNode> pool;
    private final boolean first;
    private final PythonRandom random;

    /// @param pool    documents to draw from
    /// @param sampler `first_n` or `default`
    public Examples(List<ObjectNode> pool, String sampler, long seed) {
        this.pool = List.copyOf(pool);
        this.first = sampler.equals("first_n");
        this.random = new PythonRandom(seed);
    }

    /// @param n       how many
    /// @param without never this document, where `exclude`
    List<ObjectNode> draw(int n, ObjectNode without, boolean exclude) {
        int needed = exclude && !first ? n + 1 : n;
        if (pool.size() < needed) {
            throw new DataException("num_fewshot", "at most %s examples, those there are to draw from".formatted(
                    Math.max(0, pool.size() - (exclude ? 1 : 0))), String.valueOf(n), "lower num_fewshot");
        }
        if (first) {
            List<ObjectNode> others = exclude ? others(pool, without) : pool;
            return others.subList(0, Math.min(n, others.size()));
        }
        if (!exclude) {
            return random.sample(pool, n);
        }
        List<ObjectNode> drawn = others(random.sample(pool, n + 1), without);
        // Where the same document stands there more than once, more than one may have gone.
        return drawn.size() >= n ? drawn.subList(0, n) : random.sample(others(pool, without), n);
    }

    private static List<ObjectNode> others(List<ObjectNode> documents, ObjectNode without) {
        return documents.stream().filter(document -> !document.equals(without)).toList();
    }
}
