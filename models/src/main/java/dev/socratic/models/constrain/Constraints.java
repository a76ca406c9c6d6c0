package dev.socratic.models.constrain;

import dev.socratic.core.error.DataException;
import dev.socratic.core.text.Constraint;
import dev.socratic.models.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The constraints of one model's answers. Those that were asked for last are kept as they were compiled, with the
/// tokens of the states that answers were in. Safe to call from any thread.
public final class Constraints {
    private static final int KEPT = 16;

    private final Tokenizer tokenizer;
    private final Map<String, Compiled> compiled = new LinkedHashMap<>(KEPT, 0.75F, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
            return size() > KEPT;
        }
    };
    private TokenTrie tree;

    public Constraints(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// @param begun what the answer begins with
    /// @return what may come next in one answer
    /// @throws DataException if the constraint is not obeyed here, nothing satisfies it, or it allows no such beginning
    public Following follow(Constraint constraint, String begun) {
        Compiled known = compiled(constraint);
        Following following = new Following(known, tokenizer, begun.isEmpty() && tokenizer.stripsFirstBlank());
        if (!following.read(begun.getBytes(StandardCharsets.UTF_8))) {
            throw new DataException("prefix", "a beginning that the constraint allows", "'%s'".formatted(begun),
                    "leave prefix or constrain out");
        }
        return following;
    }

    private synchronized Compiled compiled(Constraint constraint) {
        Compiled known = compiled.get(constraint.text());
        if (known == null) { // a map's word for "not there"
            tree = tree == null ? new TokenTrie(tokenizer) : tree;
            if (tree.single().isEmpty()) {
                throw new DataException("constrain", "a model whose tokens are made of bytes (BPE, or with byte "
                        + "fallback)", "a vocabulary of words", "leave it out, or take another model");
            }
            known = new Compiled(new Automaton(Grammar.of(constraint, tree.single())), tree);
            compiled.put(constraint.text(), known);
        }
        return known;
    }
}
