package dev.socratic.generator;

import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.budget.Budget;
import dev.socratic.generator.journal.AnswerJournal;
import dev.socratic.generator.journal.Answered;
import dev.socratic.generator.plan.Ask;
import dev.socratic.generator.plan.Plan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Asks the units of a plan that are not answered yet, several at a time, each by a virtual thread of its own.
///
/// Whatever stops it (budget, a refused key, a teacher that is not there), units under way are waited for and kept: they are paid for.
/// Only an interrupt breaks them off.
final class Asker {
    private static final int LEAST_FAILURES = 32;

    private final Plan plan;
    private final TextModel teacher;
    private final TeacherConfig price;
    private final AnswerJournal journal;
    private final Budget budget;
    private final Progress progress;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Optional<RuntimeException>> stop = new AtomicReference<>(Optional.empty());
    private final Map<String, Answered> passing = new ConcurrentHashMap<>();

    Asker(Plan plan, TextModel teacher, TeacherConfig price, AnswerJournal journal, Budget budget, Progress progress) {
        this.plan = plan;
        this.teacher = teacher;
        this.price = price;
        this.journal = journal;
        this.budget = budget;
        this.progress = progress;
    }

    /// @param done numbers of the units that are answered for good
    /// @return the units that failed for now, by key: they are not in the journal, so that the next run asks them again
    /// @throws RuntimeException whatever stopped it
    /// @throws InterruptedException if the calling thread was interrupted
    Map<String, Answered> askAllBut(BitSet done) throws InterruptedException {
        int parallel = Math.max(1, Math.min(teacher.card().parallel(), plan.units() - done.cardinality()));
        AskFailures failures = new AskFailures(Math.max(LEAST_FAILURES, 2 * parallel), !done.isEmpty());
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            workers.add(Thread.ofVirtual().name("ask-" + i).start(() -> work(done, failures)));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            workers.forEach(Thread::interrupt);
            for (Thread worker : workers) {
                worker.join();
            }
            throw e;
        }
        stop.get().ifPresent(e -> {
            throw e;
        });
        journal.sync();
        failures.unproven().forEach(answered -> passing.put(answered.key(), answered));
        return Map.copyOf(passing);
    }

    private void work(BitSet done, AskFailures failures) {
        try {
            while (stop.get().isEmpty()) {
                int number = next.getAndIncrement();
                if (number >= plan.units()) {
                    return;
                }
                if (!done.get(number)) {
                    ask(plan.unit(number), failures);
                }
            }
        } catch (InterruptedException e) {
            stop(new IllegalStateException("interrupted")); // the caller of askAllBut is told by its own interrupt
        } catch (RuntimeException e) {
            stop(e);
        }
    }

    private void stop(RuntimeException why) {
        stop.compareAndSet(Optional.empty(), Optional.of(why));
    }

    private void ask(List<Ask> unit, AskFailures failures) throws InterruptedException {
        Usage worst = worst(unit);
        if (!budget.reserve(worst)) {
            throw new RetryLaterException(
                    budget.limit(worst),
                    "room for one more request",
                    String.format(Locale.ROOT, "%.4f USD and %d tokens spent", budget.spent().costUsd(),
                            budget.spent().promptTokens() + budget.spent().completionTokens()),
                    "everything answered is kept: raise the budget and run the same command again");
        }
        Usage taken = Usage.NONE;
        try {
            List<GenerationOutcome> outcomes = teacher.generate(unit.stream().map(Ask::request).toList());
            Answered answered = new Answered(Plan.key(unit), outcomes);
            taken = answered.usage();
            failures.proven(answered).forEach(journal::append);
            if (!answered.forGood()) {
                passing.put(answered.key(), answered);
            }
            tell(answered);
            failures.stop(answered).ifPresent(this::stop);
        } finally {
            budget.settle(worst, taken);
        }
    }

    private Usage worst(List<Ask> unit) {
        long prompt = unit.stream().mapToLong(ask -> TokenEstimate.ofMessages(ask.messages())).sum();
        long completion = unit.stream().mapToLong(ask -> ask.draw().maxTokens()).sum();
        return new Usage(prompt, completion, price.price(prompt, completion));
    }

    private void tell(Answered answered) {
        progress.done(answered.outcomes().size());
        progress.spent(answered.usage());
        long failed = answered.outcomes().stream().filter(Failure.class::isInstance).count();
        if (failed > 0) {
            progress.failed(failed);
        }
    }
}
