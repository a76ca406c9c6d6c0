package dev.socratic.core.ask;

import dev.socratic.core.config.Effort;
import java.util.Locale;
import java.util.Optional;

/// What may be spent; nothing more leaves the machine when the rest is too small for the worst case of one more
/// attempt.
///
/// The account is the run folder's: it counts every attempt that was ever sent from there, and no change of a config
/// begins it anew.
///
/// @param maxUsd    US dollars, over all runs in this folder
/// @param maxTokens tokens read and written, over all runs in this folder
public record BudgetConfig(@Effort Optional<Double> maxUsd, @Effort Optional<Long> maxTokens) {
    public static final BudgetConfig NONE = new BudgetConfig(Optional.empty(), Optional.empty());

    public BudgetConfig {
        maxUsd.filter(usd -> !(usd >= 0)).ifPresent(usd -> {
            throw new IllegalArgumentException("max_usd: at least 0; got %s".formatted(usd));
        });
        maxTokens.filter(tokens -> tokens < 0).ifPresent(tokens -> {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "max_tokens: at least 0; got %d", tokens));
        });
    }

    /// @return whether anything is limited
    public boolean limits() {
        return maxUsd.isPresent() || maxTokens.isPresent();
    }
}
