package dev.socratic.models.generate;

import dev.socratic.models.network.Decoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Keys and values of answers that are finished, kept for prompts that begin alike. Whoever was of use last is given up
/// last.
final class KeptPrefixes implements AutoCloseable {
    /// Below, reading costs no more than looking.
    static final int LEAST = 16;

    private final List<Kept> all = new ArrayList<>();

    /// @param text     what was read
    /// @param decoding whose only row holds it
    private record Kept(long[] text, Decoding decoding) {}

    /// @return how many tokens two texts begin with alike, but for the last of `text`, which is always read
    static int shared(long[] text, long[] other) {
        int most = Math.min(text.length - 1, other.length);
        int alike = Arrays.mismatch(text, 0, most, other, 0, most);
        return alike < 0 ? most : alike;
    }

    /// Keeps a text. What it begins with is not kept twice.
    void keep(long[] text, Decoding decoding) {
        all.removeIf(kept -> {
            boolean covered = kept.text.length <= text.length && Arrays.equals(
                    kept.text, 0, kept.text.length, text, 0, kept.text.length);
            if (covered) {
                kept.decoding.close();
            }
            return covered;
        });
        all.add(new Kept(text, decoding));
    }

    /// @return whether all of a text is there
    boolean holds(long[] text) {
        return all.stream().anyMatch(kept -> kept.text.length >= text.length && Arrays.equals(
                kept.text, 0, text.length, text, 0, text.length));
    }

    /// @return what shares most with a text
    Optional<Decoding.Shared> longest(long[] text) {
        Optional<Kept> best = Optional.empty();
        int most = LEAST - 1;
        for (Kept kept : all) {
            int tokens = shared(text, kept.text);
            if (tokens > most && kept.decoding.lends(0, tokens, text.length)) {
                most = tokens;
                best = Optional.of(kept);
            }
        }
        int tokens = most;
        return best.map(kept -> {
            all.remove(kept);
            all.add(kept);
            return new Decoding.Shared(kept.decoding, 0, tokens);
        });
    }

    /// Gives up what was of no use for longest.
    ///
    /// @return whether there was any
    boolean drop() {
        if (all.isEmpty()) {
            return false;
        }
        all.removeFirst().decoding.close();
        return true;
    }

    long bytes() {
        return all.stream().mapToLong(kept -> kept.decoding.bytes()).sum();
    }

    @Override
    public void close() {
        all.forEach(kept -> kept.decoding.close());
        all.clear();
    }
}
