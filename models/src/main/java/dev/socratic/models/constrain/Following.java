package dev.socratic.models.constrain;

import dev.socratic.models.text.Tokenizer;
import java.util.BitSet;

/// Where one answer stands in its constraint. For one thread.
public final class Following {
    private final Compiled constraint;
    private final Tokenizer tokenizer;
    private Automaton.State at;
    /// Whether a blank that came now would be lost, for the text begins with it.
    private boolean losesBlank;

    Following(Compiled constraint, Tokenizer tokenizer, boolean losesBlank) {
        this.constraint = constraint;
        this.tokenizer = tokenizer;
        this.losesBlank = losesBlank;
        this.at = constraint.start();
    }

    boolean read(byte[] bytes) {
        at = constraint.after(at, bytes);
        return !at.dead() || at.accepting();
    }

    /// @param ends ids that end an answer
    /// @param late whether they may not come yet, where anything else may
    /// @return which tokens may come next, 64 a number, the lowest bit first
    public long[] mask(long[] ends, boolean late) {
        BitSet allowed = (BitSet) constraint.allowed(at).clone();
        if (losesBlank) {
            allowed.andNot(constraint.blank());
        }
        if (at.accepting() && (!late || allowed.isEmpty())) {
            for (long end : ends) {
                allowed.set(Math.toIntExact(end));
            }
        }
        return allowed.toLongArray();
    }

    /// Takes a token that was allowed.
    public void accept(long token) {
        read(tokenizer.bytes(token).orElse(new byte[0]));
        losesBlank = false;
    }

    /// @return whether the answer is whole and nothing can follow
    public boolean whole() {
        return at.accepting() && at.dead();
    }

    /// @return whether the answer could end here
    public boolean endable() {
        return at.accepting();
    }
}
