package dev.socratic.core.ask;

import dev.socratic.core.text.Usage;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps what is spent below its limits, whatever the order in which answers come. Safe to call from any thread.
///
/// Before an attempt leaves, its worst case is reserved; when it is over, what it took is booked. So the limits hold
/// even if every attempt under way takes the most it may.
///
/// Servers that count more than was asked for (reasoning beyond `max_tokens`) break that bound, so reservations
/// learn: the worst case is scaled by the largest share of it that any attempt has taken. Until the first one is
/// counted, a limited budget sends one alone.
public final class AskBudget {
    private final BudgetConfig limits;
    // A lock and a condition: before JDK 24 a virtual thread that waits in a monitor keeps its carrier from those it
    // waits for.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private Usage spent;
    private Usage reserved = Usage.NONE;
    private int open;
    private boolean counted;
    private double scale = 1;

    /// @param spent booked already, by the runs before
    public AskBudget(BudgetConfig limits, Usage spent) {
        this.limits = limits;
        this.spent = spent;
    }

    /// Sets the worst case aside, waiting for attempts under way where that may help.
    ///
    /// @param most what the attempt may take by what is asked of the server
    /// @return what was set aside, for [#settle]; empty is for good: nothing under way can give enough back
    Optional<Usage> reserve(Usage most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Usage worst = scaled(most);
                boolean alone = limits.limits() && !counted && open > 0;
                if (!alone && fits(worst)) {
                    reserved = reserved.plus(worst);
                    open++;
                    return Optional.of(worst);
                }
                if (open == 0) {
                    return Optional.empty();
                }
                settled.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Books what an attempt took.
    ///
    /// @param worst what was set aside for it
    /// @param taken [Usage#NONE] where it took nothing
    /// @param known whether a server counted it
    void settle(Usage worst, Usage taken, boolean known) {
        lock.lock();
        try {
            open--;
            // No rounding error outlives the last attempt.
            reserved = open == 0 ? Usage.NONE : reserved.plus(negative(worst));
            spent = spent.plus(taken);
            if (known && tokens(taken) > 0) {
                counted = true;
                double share = Math.max(share(taken.costUsd(), worst.costUsd()), share(tokens(taken), tokens(worst)));
                scale = Math.max(scale, scale * share);
            }
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// @return everything booked so far
    public Usage spent() {
        lock.lock();
        try {
            return spent;
        } finally {
            lock.unlock();
        }
    }

    /// @return `budget.max_usd: 10.0 USD: room for one more request; got 0.0198 USD and 4,210 tokens spent`,
    ///         whichever limit stops this attempt
    String refusal(Usage most) {
        lock.lock();
        try {
            String limit = usdFits(scaled(most))
                    ? String.format(Locale.ROOT, "budget.max_tokens: %d tokens", limits.maxTokens().orElse(0L))
                    : "budget.max_usd: %s USD".formatted(limits.maxUsd().orElse(0.0));
            return String.format(
                    Locale.ROOT,
                    "%s: room for one more request; got %.4f USD and %d tokens spent",
                    limit, spent.costUsd(), tokens(spent));
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(Usage worst) {
        long tokens = tokens(spent) + tokens(reserved) + tokens(worst);
        return usdFits(worst) && limits.maxTokens().map(max -> tokens <= max).orElse(true);
    }

    private boolean usdFits(Usage worst) {
        return limits.maxUsd().map(max -> spent.costUsd() + reserved.costUsd() + worst.costUsd() <= max).orElse(true);
    }

    private Usage scaled(Usage most) {
        return scale == 1
                ? most
                : new Usage(times(most.promptTokens()), times(most.completionTokens()), most.costUsd() * scale);
    }

    private long times(long tokens) {
        return (long) Math.ceil(tokens * scale);
    }

    private static double share(double taken, double worst) {
        return worst > 0 ? taken / worst : 0;
    }

    private static Usage negative(Usage usage) {
        return new Usage(-usage.promptTokens(), -usage.completionTokens(), -usage.costUsd());
    }

    private static long tokens(Usage usage) {
        return usage.promptTokens() + usage.completionTokens();
    }
}
