package dev.socratic.core.ask;

import dev.socratic.core.run.Progress;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The account of one stage: a budget that lets attempts leave, and the store that remembers each. What leaves is on
/// record before it leaves, so that a process that is killed while a server works has booked the worst case.
final class Account implements Meter {
    private final String stage;
    private final TextModel model;
    private final AskBudget budget;
    private final AskStore store;
    private final Progress progress;
    private final Map<String, Attempt> open = new ConcurrentHashMap<>();
    private volatile Optional<String> refusal = Optional.empty();

    /// @param worst what was set aside for it
    private record Attempt(long number, Usage worst) {}

    Account(String stage, TextModel model, AskBudget budget, AskStore store, Progress progress) {
        this.stage = stage;
        this.model = model;
        this.budget = budget;
        this.store = store;
        this.progress = progress;
    }

    @Override
    public boolean leave(List<GenerationRequest> together) throws InterruptedException {
        Usage most = model.most(together);
        Optional<Usage> worst = budget.reserve(most);
        if (worst.isEmpty()) {
            refusal = Optional.of(budget.refusal(most));
            return false;
        }
        boolean recorded = false;
        try {
            open.put(together.getFirst().id(), new Attempt(store.out(stage, worst.get()), worst.get()));
            recorded = true;
        } finally {
            if (!recorded) { // the disk is full: it does not leave
                budget.settle(worst.get(), Usage.NONE, false);
            }
        }
        return true;
    }

    @Override
    public void back(List<GenerationRequest> together, Optional<Usage> taken) {
        Attempt attempt = open.remove(together.getFirst().id());
        if (attempt == null) {
            throw new IllegalStateException(
                    "request %s came back without having left; this is a bug, please report it"
                            .formatted(together.getFirst().id()));
        }
        Usage booked = taken.orElse(attempt.worst());
        budget.settle(attempt.worst(), booked, taken.isPresent());
        store.back(attempt.number(), stage, booked);
        progress.spent(booked);
    }

    /// @return which limit let an attempt leave no more; empty while there is room
    Optional<String> refusal() {
        return refusal;
    }
}
