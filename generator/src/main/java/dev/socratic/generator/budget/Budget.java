package dev.socratic.generator.budget;

import dev.socratic.core.text.Usage;
import java.util.Optional;

/// An account with a limit that is kept: before anything is sent, the most it can cost is set aside, and what it did cost is booked after.
///
/// So the limit is not passed, however many requests are under way (up to the estimate of the prompt's tokens, which is on the high side).
/// When the rest is too small for the next request but requests are under way, the caller waits for what they give back.
/// Safe to call from any thread.
public final class Budget {
    private final Optional<Double> maxUsd;
    private final Optional<Long> maxTokens;
    private Usage spent;
    private double reservedUsd;
    private long reservedTokens;
    private int open;

    /// @param spent booked already, by the runs before
    public Budget(Optional<Double> maxUsd, Optional<Long> maxTokens, Usage spent) {
        this.maxUsd = maxUsd;
        this.maxTokens = maxTokens;
        this.spent = spent;
    }

    /// Sets the worst case aside, waiting for requests under way where that may help.
    ///
    /// @return whether it may be sent; false is for good: nothing under way can give enough back
    public synchronized boolean reserve(Usage worst) throws InterruptedException {
        while (!fits(worst)) {
            if (open == 0) {
                return false;
            }
            wait();
        }
        reservedUsd += worst.costUsd();
        reservedTokens += tokens(worst);
        open++;
        return true;
    }

    /// Books what a reserved request took; [Usage#NONE] where it took nothing.
    public synchronized void settle(Usage worst, Usage taken) {
        open--;
        reservedTokens -= tokens(worst);
        reservedUsd = open == 0 ? 0 : reservedUsd - worst.costUsd(); // no rounding error outlives the last request
        spent = spent.plus(taken);
        notifyAll();
    }

    public synchronized Usage spent() {
        return spent;
    }

    /// @return `budget.max_usd` or `budget.max_tokens` with the limit, whichever stops this request
    public synchronized String limit(Usage worst) {
        return usdFits(worst) ? "budget.max_tokens: %s tokens".formatted(maxTokens.orElse(0L))
                : "budget.max_usd: %s USD".formatted(maxUsd.orElse(0.0));
    }

    private boolean fits(Usage worst) {
        return usdFits(worst) && maxTokens.map(max -> tokens(spent) + reservedTokens + tokens(worst) <= max).orElse(true);
    }

    private boolean usdFits(Usage worst) {
        return maxUsd.map(max -> spent.costUsd() + reservedUsd + worst.costUsd() <= max).orElse(true);
    }

    private static long tokens(Usage usage) {
        return usage.promptTokens() + usage.completionTokens();
    }
}
