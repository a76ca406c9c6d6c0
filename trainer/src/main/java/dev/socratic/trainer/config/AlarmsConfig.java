package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;

/// Signs that a student which learns from its own text goes wrong while its loss falls, and what is done then.
///
/// All are read of the *written steps*, those whose text the student wrote: `now` is the mean over the last `steps` of
/// them, `first` that over the first `steps`. Nothing is judged before there are as many, and an answer that was
/// shortened begins the count of `now` anew.
///
/// | alarm | when |
/// |---|---|
/// | `cut_off` | share of answers without an end, now > `above` |
/// | `length_explosion` | mean length of answers, now > `factor` x first |
/// | `collapse` | mean length now < `length` x first, or entropy now < `entropy` x first |
///
/// @param steps           written steps that are looked at together
/// @param cutOff          answers that `max_new_tokens` or `max_seq` cut off
/// @param lengthExplosion answers that grow
/// @param collapse        answers that shrink, or are all alike
public record AlarmsConfig(
        @Default("20") int steps,
        @Default("{}") CutOff cutOff,
        @Default("{}") LengthExplosion lengthExplosion,
        @Default("{}") Collapse collapse) {
    public static final AlarmsConfig DEFAULT = new AlarmsConfig(20, new CutOff(0.5, Act.WARN),
            new LengthExplosion(3, Act.WARN), new Collapse(0.1, 0.1, Act.WARN));

    public AlarmsConfig {
        Limits.atLeast("steps", steps, 1);
    }

    /// What an alarm does.
    public enum Act {
        /// A line, once until it is over.
        WARN,
        /// The run ends with a checkpoint, and says what to change (exit code 1).
        STOP,
        /// `max_new_tokens` of the text written from now on is halved, down to 16 at least; part of the checkpoint.
        SHORTEN
    }

    /// @param above share of a step's answers, from 0 to 1
    public record CutOff(@Default("0.5") double above, @Default("warn") Act then) {
        public CutOff {
            Limits.share("above", above);
        }
    }

    /// @param factor of the first answers' mean length, above 1
    public record LengthExplosion(@Default("3") double factor, @Default("warn") Act then) {
        public LengthExplosion {
            if (!(factor > 1)) {
                throw new IllegalArgumentException(
                        "factor must be above 1; got %s; 3 is thrice the first length".formatted(factor));
            }
        }
    }

    /// @param entropy share of the first steps' mean entropy, from 0 to 1; 0 for never
    /// @param length  share of the first answers' mean length, likewise
    public record Collapse(@Default("0.1") double entropy, @Default("0.1") double length,
            @Default("warn") Act then) {
        public Collapse {
            Limits.share("entropy", entropy);
            Limits.share("length", length);
            if (then == Act.SHORTEN) {
                throw new IllegalArgumentException(
                        "then: warn or stop, for a collapse is not mended by shorter answers; got shorten");
            }
        }
    }
}
