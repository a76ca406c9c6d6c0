package dev.socratic.core.ask;

import dev.socratic.core.ask.AskFailures.Unit;
import dev.socratic.core.ask.AskRecord.Booking;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// The one way from a stage to a model: asks what has no final outcome yet, several units at a time, each by a
/// virtual thread of its own, and keeps what comes in the store of the run folder.
///
/// Requests that are still open are cut into units of `card().unit()` in their order, and between two that the model
/// does not take together. After a kill the open ones are
/// the units that were not kept, whole, so the units are the same again, and with them the rounding of a batch (ADR
/// 3).
///
/// Whatever stops it (budget, a refused key, a model that is not there), units under way are waited for and kept:
/// they are paid for. Only an interrupt breaks them off.
public final class Asker {
    private static final int LEAST_FAILURES = 32;

    private final Asks asks;
    private final TextModel model;
    private final AskStore store;
    private final String stage;
    private final AskBudget budget;
    private final Account account;
    private final Progress progress;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Optional<String>> stop = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Throwable>> thrown = new AtomicReference<>(Optional.empty());
    private final Map<Integer, Failure> unsettled = new ConcurrentHashMap<>();

    /// @param stage  to whose account it goes
    /// @param limits of the account
    /// @param counts the stages whose spending counts against the limits: this one, or all of its kind
    public Asker(
            Asks asks, TextModel model, AskStore store, String stage, BudgetConfig limits,
            Predicate<String> counts, Progress progress) {
        this.asks = asks;
        this.model = model;
        this.store = store;
        this.stage = stage;
        this.budget = new AskBudget(limits, store.spent(counts));
        this.account = new Account(stage, model, budget, store, progress);
        this.progress = progress;
    }

    /// @throws RuntimeException     whatever makes asking useless: a refused key, a full disk
    /// @throws InterruptedException if the calling thread was interrupted
    public AskOutcome ask() throws InterruptedException {
        model.onNote(progress::note);
        Open open = open();
        int units = open.starts().length;
        int parallel = Math.max(1, Math.min(model.card().parallel(), units));
        boolean answered = open.numbers().length < asks.size();
        AskFailures failures = new AskFailures(Math.max(LEAST_FAILURES, 2 * parallel), answered);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < parallel && units > 0; i++) {
            workers.add(Thread.ofVirtual().name("ask-" + i).start(() -> work(open, failures)));
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
        store.sync();
        rethrow();
        failures.unproven().forEach(this::leaveOpen);
        return new AskOutcome(asks, model, store, unsettled, stop.get(), store.spent(stage::equals));
    }

    /// Numbers of the requests without a final outcome, each content once: who has the same content has the same
    /// answer.
    private Open open() {
        KeyIndex seen = new KeyIndex();
        Cutter cutter = new Cutter();
        for (int number = 0; number < asks.size(); number++) {
            GenerationRequest request = asks.request(number);
            String key = RequestKey.of(model, request);
            if (!store.has(key) && seen.putIfAbsent(key, number)) {
                cutter.add(number, request);
            }
        }
        Open open = cutter.cut();
        int there = asks.size() - open.numbers().length;
        progress.total(asks.size());
        progress.done(there);
        if (there > 0) {
            progress.note(String.format(
                    Locale.ROOT, "%d of %d answers are there from earlier runs", there, asks.size()));
        }
        return open;
    }

    /// Requests that are to be asked.
    ///
    /// @param numbers of the requests, in their order
    /// @param starts  where in `numbers` each unit begins
    private record Open(int[] numbers, int[] starts) {
        int[] unit(int i) {
            return Arrays.copyOfRange(numbers, starts[i], i + 1 < starts.length ? starts[i + 1] : numbers.length);
        }
    }

    /// Cuts what is open into units: as many as the model takes together, fewer where it does not take them together.
    private final class Cutter {
        private final int most = model.card().unit();
        private final IntStream.Builder numbers = IntStream.builder();
        private final IntStream.Builder starts = IntStream.builder();
        private Optional<GenerationRequest> first = Optional.empty();
        private int inUnit;
        private int all;

        void add(int number, GenerationRequest request) {
            if (inUnit == most || first.filter(begun -> model.together(begun, request)).isEmpty()) {
                starts.add(all);
                first = Optional.of(request);
                inUnit = 0;
            }
            numbers.add(number);
            inUnit++;
            all++;
        }

        Open cut() {
            return new Open(numbers.build().toArray(), starts.build().toArray());
        }
    }

    private void work(Open open, AskFailures failures) {
        try {
            while (stop.get().isEmpty() && thrown.get().isEmpty()) {
                int unit = next.getAndIncrement();
                if (unit >= open.starts().length) {
                    return;
                }
                ask(open.unit(unit), failures);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            // An Error too: the caller must not wait for a worker that is gone.
            thrown.compareAndSet(Optional.empty(), Optional.of(e));
        }
    }

    private void stop(String why) {
        stop.compareAndSet(Optional.empty(), Optional.of(why));
    }

    private void rethrow() throws InterruptedException {
        switch (thrown.get().orElse(null)) {
            case null -> { }
            case InterruptedException stopped -> throw stopped;
            case RuntimeException problem -> throw problem;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    private void ask(int[] numbers, AskFailures failures) throws InterruptedException {
        List<GenerationRequest> requests = Arrays.stream(numbers).mapToObj(asks::request).toList();
        Attempt answers = model.metered() ? metered(requests) : booked(requests);
        if (answers.outcomes().isEmpty()) {
            return; // no room in the budget; stop says so
        }
        Unit unit = unit(numbers, requests, answers.outcomes(), outcome -> true);
        Unit settled = unit(numbers, requests, answers.outcomes(), outcome -> !passing(outcome));
        Optional<Booking> booking = answers.took().map(took -> new Booking(stage, took));
        failures.proven(unit, settled)
                .forEach(u -> store.keep(u.keys(), u.outcomes(), u == settled ? booking : Optional.empty()));
        leaveOpen(unit(numbers, requests, answers.outcomes(), Asker::passing));
        tell(unit, answers.took());
        failures.stop(unit).ifPresent(this::stop);
    }

    private Unit unit(
            int[] numbers, List<GenerationRequest> requests, List<GenerationOutcome> outcomes,
            Predicate<GenerationOutcome> which) {
        int[] chosen = IntStream.range(0, numbers.length).filter(i -> which.test(outcomes.get(i))).toArray();
        return new Unit(
                Arrays.stream(chosen).map(i -> numbers[i]).toArray(),
                Arrays.stream(chosen).mapToObj(i -> RequestKey.of(model, requests.get(i))).toList(),
                Arrays.stream(chosen).mapToObj(outcomes::get).toList());
    }

    private static boolean passing(GenerationOutcome outcome) {
        return outcome instanceof Failure failure && failure.temporary();
    }

    /// @param outcomes empty where the budget let nothing leave
    /// @param took     what it took, where the meter was not told
    private record Attempt(List<GenerationOutcome> outcomes, Optional<Usage> took) {}

    private Attempt metered(List<GenerationRequest> requests) throws InterruptedException {
        List<GenerationOutcome> outcomes = checked(requests, model.generate(requests, account));
        account.refusal().ifPresent(this::stop);
        boolean refused = account.refusal().isPresent() && outcomes.stream().allMatch(Asker::passing);
        return new Attempt(refused ? List.of() : outcomes, Optional.empty());
    }

    private Attempt booked(List<GenerationRequest> requests) throws InterruptedException {
        Usage most = requests.stream().map(model::most).reduce(Usage.NONE, Usage::plus);
        Optional<Usage> worst = budget.reserve(most);
        if (worst.isEmpty()) {
            stop(budget.refusal(most));
            return new Attempt(List.of(), Optional.empty());
        }
        Usage took = Usage.NONE;
        try {
            List<GenerationOutcome> outcomes = checked(requests, model.generate(requests));
            took = usage(outcomes);
            return new Attempt(outcomes, Optional.of(took));
        } finally {
            budget.settle(worst.get(), took, true);
        }
    }

    private static Usage usage(List<GenerationOutcome> outcomes) {
        return outcomes.stream()
                .map(o -> switch (o) {
                    case Completion c -> c.usage();
                    case Failure f -> Usage.NONE;
                })
                .reduce(Usage.NONE, Usage::plus);
    }

    private static List<GenerationOutcome> checked(List<GenerationRequest> requests, List<GenerationOutcome> outcomes) {
        List<String> asked = requests.stream().map(GenerationRequest::id).toList();
        List<String> answered = outcomes.stream().map(GenerationOutcome::requestId).toList();
        if (!asked.equals(answered)) {
            throw new IllegalStateException(
                    "a model answers every request, in order; asked %s, answered %s; this is a bug, please report it"
                            .formatted(asked, answered));
        }
        return outcomes;
    }

    private void leaveOpen(Unit unit) {
        for (int i = 0; i < unit.numbers().length; i++) {
            if (unit.outcomes().get(i) instanceof Failure f) {
                unsettled.put(unit.numbers()[i], new Failure(f.requestId(), f.problem(), true));
            }
        }
    }

    private void tell(Unit unit, Optional<Usage> took) {
        progress.done(unit.outcomes().size());
        took.ifPresent(progress::spent);
        long failed = unit.outcomes().stream().filter(Failure.class::isInstance).count();
        if (failed > 0) {
            progress.failed(failed);
        }
    }
}
