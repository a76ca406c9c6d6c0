package dev.socratic.models.constrain;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/// A constraint as a machine, and the tokens that its states allow: found once for each, those of the states that were
/// asked for last are kept. Safe to call from any thread.
final class Compiled {
    private static final long BYTES = 32L << 20;

    private final Automaton automaton;
    private final TokenTrie tree;
    private final Map<Automaton.State, BitSet> tokens = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Automaton.State, BitSet> eldest) {
            return size() * (long) eldest.getValue().size() / Byte.SIZE > BYTES;
        }
    };

    Compiled(Automaton automaton, TokenTrie tree) {
        this.automaton = automaton;
        this.tree = tree;
    }

    Automaton.State start() {
        return automaton.start();
    }

    synchronized Automaton.State after(Automaton.State from, byte[] bytes) {
        return from.after(bytes);
    }

    /// @return tokens that may come next; not to be changed
    synchronized BitSet allowed(Automaton.State from) {
        return tokens.computeIfAbsent(from, tree::allowed);
    }

    BitSet blank() {
        return tree.blank();
    }
}
