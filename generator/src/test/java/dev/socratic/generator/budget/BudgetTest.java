package dev.socratic.generator.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.Usage;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Usage WORST = new Usage(10, 90, 1);

    @Test
    void whatIsUnderWayCountsWithItsWorstCase() throws Exception {
        Budget budget = new Budget(Optional.of(2.5), Optional.empty(), Usage.NONE);
        assertTrue(budget.reserve(WORST));
        assertTrue(budget.reserve(WORST));
        budget.settle(WORST, new Usage(10, 10, 0.2));
        assertTrue(budget.reserve(WORST)); // 0.2 spent, 1 under way, 1 more
        budget.settle(WORST, new Usage(10, 90, 1));
        budget.settle(WORST, new Usage(10, 90, 1));
        assertFalse(budget.reserve(WORST)); // 2.2 spent
        assertEquals("budget.max_usd: 2.5 USD", budget.limit(WORST));
        assertTrue(budget.reserve(new Usage(1, 1, 0.25)));
    }

    @Test
    void aRequestThatMayNotFitWaitsForWhatThoseUnderWayGiveBack() throws Exception {
        Budget budget = new Budget(Optional.of(2.5), Optional.of(250L), Usage.NONE);
        budget.reserve(WORST);
        budget.reserve(WORST);
        AtomicReference<Optional<Boolean>> third = new AtomicReference<>(Optional.empty());
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                third.set(Optional.of(budget.reserve(WORST)));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (waiting.getState() != Thread.State.WAITING && waiting.isAlive()) {
            Thread.onSpinWait();
        }
        assertEquals(Optional.empty(), third.get(), "it did not wait");
        budget.settle(WORST, new Usage(10, 10, 0.2));
        waiting.join();
        assertEquals(Optional.of(true), third.get());
    }

    @Test
    void countsWhatEarlierRunsSpent() throws Exception {
        Budget budget = new Budget(Optional.empty(), Optional.of(150L), new Usage(30, 30, 0));
        assertFalse(budget.reserve(WORST));
        assertEquals("budget.max_tokens: 150 tokens", budget.limit(WORST));
        assertTrue(budget.reserve(new Usage(10, 80, 0)));
    }

    @Test
    void theLimitIsNeverPassedAndAlmostReachedHoweverManySpendAtOnce() throws Exception {
        Budget budget = new Budget(Optional.of(20.0), Optional.empty(), Usage.NONE);
        try (ExecutorService spenders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                SplittableRandom random = new SplittableRandom(i);
                spenders.submit(() -> {
                    while (budget.reserve(WORST)) {
                        budget.settle(WORST, new Usage(1, 1, random.nextDouble()));
                    }
                    return 0;
                });
            }
        }
        double spent = budget.spent().costUsd();
        assertTrue(spent <= 20 && spent > 19, "spent " + spent);
    }
}
