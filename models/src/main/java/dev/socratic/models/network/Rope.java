package dev.socratic.models.network;

import java.util.List;

/// How positions turn queries and keys (Su et al. 2021, arXiv:2104.09864).
///
/// Pair i of `rotated` coordinates turns by `position * frequency(i)` radians; plain frequencies are
/// `theta^(-2i/rotated)` ([Frequencies]).
public sealed interface Rope {
    /// No turning: positions enter otherwise, or not at all.
    record None() implements Rope {}

    /// Plain frequencies.
    record Plain(double theta) implements Rope {}

    /// Every wave `factor` times as long (Chen et al. 2023, arXiv:2306.15595).
    record Linear(double theta, double factor) implements Rope {}

    /// A theta that grows with the sequence once that is longer than `original` ("dynamic NTK").
    ///
    /// What is read at once turns by the frequencies of its whole length; a position written later turns by those of
    /// its own length, as in the reference with a cache. So beyond `original`, and only there, generation with and
    /// without a cache are different functions.
    record Dynamic(double theta, double factor, int original) implements Rope {}

    /// The frequencies of Llama 3.1 and later: waves longer than the original context over `low` are slowed down by
    /// `factor`, waves shorter than the original context over `high` stay, in between both are mixed.
    record Llama3(double theta, double factor, double low, double high, int original) implements Rope {}

    /// YaRN (Peng et al. 2023, arXiv:2309.00071): waves that turn fewer than `slow` times in the original context are
    /// slowed down by `factor`, those that turn more than `fast` times stay, in between both are mixed; cosines and
    /// sines grow by `magnitude`.
    ///
    /// @param truncate whether the ends of the ramp are whole pairs
    record Yarn(double theta, double factor, double fast, double slow, boolean truncate, double magnitude, int original)
            implements Rope {}

    /// LongRoPE (Ding et al. 2024, arXiv:2402.13753): a factor for each pair, one list up to `original` positions and
    /// one beyond.
    record LongRope(double theta, List<Double> near, List<Double> far, double magnitude, int original) implements Rope {
        public LongRope {
            near = List.copyOf(near);
            far = List.copyOf(far);
        }
    }

    /// @return up to how many positions the frequencies do not depend on the length; 0 where they never do
    default int steadyUpTo() {
        return switch (this) {
            case Dynamic dynamic -> dynamic.original();
            case LongRope longRope -> longRope.original();
            case None ignored -> 0;
            case Plain ignored -> 0;
            case Linear ignored -> 0;
            case Llama3 ignored -> 0;
            case Yarn ignored -> 0;
        };
    }

    /// @param length of a sequence
    /// @return a length with the same frequencies, one for all that share them
    default int lengthThatCounts(int length) {
        return switch (this) {
            case Dynamic dynamic -> Math.max(length, dynamic.original());
            case LongRope longRope -> longRope.original() + (length > longRope.original() ? 1 : 0);
            case None ignored -> 0;
            case Plain ignored -> 0;
            case Linear ignored -> 0;
            case Llama3 ignored -> 0;
            case Yarn ignored -> 0;
        };
    }

    /// @return factor of cosines and sines
    default double magnitude() {
        return switch (this) {
            case Yarn yarn -> yarn.magnitude();
            case LongRope longRope -> longRope.magnitude();
            case None ignored -> 1;
            case Plain ignored -> 1;
            case Linear ignored -> 1;
            case Dynamic ignored -> 1;
            case Llama3 ignored -> 1;
        };
    }
}
