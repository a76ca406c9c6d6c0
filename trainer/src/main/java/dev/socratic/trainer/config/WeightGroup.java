package dev.socratic.trainer.config;

import dev.socratic.core.config.Aka;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Weights that learn otherwise than the rest: `{matching: 'embed_tokens|lm_head', factor: 0.1}`. A weight belongs to
/// the first group that matches it. Warm-up and decay of the learning rate are those of all.
///
/// @param matching     regular expression; a weight whose name it is found in belongs to the group
/// @param learningRate peak of these weights
/// @param factor       or how many times that of all their peak is; 0 leaves them as they are
/// @param weightDecay  of these weights; those with one axis have none whatever is written
public record WeightGroup(@Aka({"params", "pattern"}) String matching, @Aka("lr") Optional<Double> learningRate,
        Optional<Double> factor, Optional<Double> weightDecay) {
    public WeightGroup {
        try {
            Pattern.compile(matching);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException("matching: a regular expression; got '%s' (%s); mend it".formatted(
                    matching, wrong.getDescription()));
        }
        if (learningRate.isPresent() && factor.isPresent()) {
            throw new IllegalArgumentException("learning_rate or factor of a group; got both; leave one out");
        }
        if (learningRate.isEmpty() && factor.isEmpty() && weightDecay.isEmpty()) {
            throw new IllegalArgumentException("a group says what is other about its weights; got '%s' alone; add "
                    .formatted(matching) + "learning_rate, factor or weight_decay");
        }
        learningRate.ifPresent(value -> notNegative("learning_rate", value));
        factor.ifPresent(value -> notNegative("factor", value));
        weightDecay.ifPresent(value -> notNegative("weight_decay", value));
    }

    /// @return whether a weight of this name belongs to it
    public boolean matches(String name) {
        return Pattern.compile(matching).matcher(name).find();
    }

    /// @param peak learning rate of all
    /// @return how many times that theirs is
    public double times(double peak) {
        return learningRate.map(own -> own / peak).or(() -> factor).orElse(1.0);
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0) || !Double.isFinite(value)) {
            throw new IllegalArgumentException("%s must not be negative; got %s".formatted(name, value));
        }
    }
}
