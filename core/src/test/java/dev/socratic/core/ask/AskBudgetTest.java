package dev.socratic.core.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.Usage;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AskBudgetTest {
    private static final Usage WORST = new Usage(10, 90, 1);

    @Test
    void whatIsUnderWayCountsWithItsWorstCase() throws Exception {
        AskBudget budget = counted(usd(2.5), Usage.NONE);
        assertEquals(Optional.of(WORST), budget.reserve(WORST));
        assertEquals(Optional.of(WORST), budget.reserve(WORST));
        budget.settle(WORST, new Usage(10, 10, 0.2), true);
        assertEquals(Optional.of(WORST), budget.reserve(WORST)); // 0.2 spent, 1 under way, 1 more
        budget.settle(WORST, new Usage(10, 90, 1), true);
        budget.settle(WORST, new Usage(10, 90, 1), true);
        assertEquals(Optional.empty(), budget.reserve(WORST)); // 2.2 spent
        assertEquals(
                "budget.max_usd: 2.5 USD: room for one more request; got 2.2000 USD and 220 tokens spent",
                budget.refusal(WORST));
        assertTrue(budget.reserve(new Usage(1, 1, 0.25)).isPresent());
    }

    @Test
    void aRequestThatMayNotFitWaitsForWhatThoseUnderWayGiveBack() throws Exception {
        AskBudget budget = counted(new BudgetConfig(Optional.of(2.5), Optional.of(250L)), Usage.NONE);
        budget.reserve(WORST);
        budget.reserve(WORST);
        AtomicReference<Optional<Usage>> third = waiting(budget);
        assertEquals(Optional.empty(), third.get(), "it did not wait");
        budget.settle(WORST, new Usage(10, 10, 0.2), true);
        await(third);
        assertEquals(Optional.of(WORST), third.get());
    }

    @Test
    void countsWhatEarlierRunsSpent() throws Exception {
        AskBudget budget = counted(new BudgetConfig(Optional.empty(), Optional.of(150L)), new Usage(30, 30, 0));
        assertEquals(Optional.empty(), budget.reserve(WORST));
        assertEquals(
                "budget.max_tokens: 150 tokens: room for one more request; got 0.0000 USD and 60 tokens spent",
                budget.refusal(WORST));
        assertTrue(budget.reserve(new Usage(10, 80, 0)).isPresent());
    }

    /// A server that counts ten times what was asked for must be found out by one request, not by all that may be on
    /// their way.
    @Test
    void theFirstAttemptUnderALimitGoesAlone() throws Exception {
        AskBudget budget = new AskBudget(usd(100), Usage.NONE);
        budget.reserve(WORST);
        AtomicReference<Optional<Usage>> second = waiting(budget);
        assertEquals(Optional.empty(), second.get(), "99 dollars are left, and it did not wait");
        budget.settle(WORST, new Usage(10, 900, 10), true);
        await(second);
        assertEquals(Optional.of(new Usage(100, 900, 10)), second.get(), "the worst case has learned");
    }

    @Test
    void anAttemptThatNobodyCountedTeachesNothing() throws Exception {
        AskBudget budget = new AskBudget(usd(100), Usage.NONE);
        budget.reserve(WORST);
        budget.settle(WORST, WORST, false);
        budget.reserve(WORST);
        AtomicReference<Optional<Usage>> second = waiting(budget);
        assertEquals(Optional.empty(), second.get());
        budget.settle(WORST, Usage.NONE, true); // refused: nothing was counted either
        await(second);
        assertEquals(Optional.of(WORST), second.get());
    }

    @Test
    void theLimitIsNeverPassedAndAlmostReachedHoweverManySpendAtOnce() throws Exception {
        AskBudget budget = new AskBudget(usd(20), Usage.NONE);
        try (ExecutorService spenders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                SplittableRandom random = new SplittableRandom(i);
                spenders.submit(() -> {
                    Optional<Usage> worst = budget.reserve(WORST);
                    while (worst.isPresent()) {
                        budget.settle(worst.get(), new Usage(1, 1, random.nextDouble()), true);
                        worst = budget.reserve(WORST);
                    }
                    return 0;
                });
            }
        }
        double spent = budget.spent().costUsd();
        assertTrue(spent <= 20 && spent > 19, "spent " + spent);
    }

    private static BudgetConfig usd(double most) {
        return new BudgetConfig(Optional.of(most), Optional.empty());
    }

    /// A budget that has seen what its server counts.
    private static AskBudget counted(BudgetConfig limits, Usage spent) throws InterruptedException {
        AskBudget budget = new AskBudget(limits, spent.plus(new Usage(0, -1, 0)));
        budget.reserve(Usage.NONE);
        budget.settle(Usage.NONE, new Usage(0, 1, 0), true);
        return budget;
    }

    private static AtomicReference<Optional<Usage>> waiting(AskBudget budget) {
        AtomicReference<Optional<Usage>> result = new AtomicReference<>(Optional.empty());
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                result.set(budget.reserve(WORST));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (waiting.getState() != Thread.State.WAITING && waiting.isAlive()) {
            Thread.onSpinWait();
        }
        return result;
    }

    private static void await(AtomicReference<Optional<Usage>> result) throws InterruptedException {
        while (result.get().isEmpty()) {
            Thread.sleep(1);
        }
    }
}
