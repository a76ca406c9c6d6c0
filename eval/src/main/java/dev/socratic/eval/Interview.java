package dev.socratic.eval;

import dev.socratic.core.run.Progress;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Asks a model unit by unit, as many at once as it allows, and never what it has answered before.
///
/// @param model    who is asked
/// @param answers  what it answered before, and where new answers go
/// @param progress told of every answer
record Interview(TextModel model, Answers answers, Progress progress) {

    /// @return one outcome per request, in order
    List<GenerationOutcome> ask(List<GenerationRequest> requests) throws InterruptedException {
        int size = model.card().unit();
        Semaphore slots = new Semaphore(model.card().parallel());
        List<GenerationOutcome> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<GenerationOutcome>>> running = new ArrayList<>();
            for (int at = 0; at < requests.size(); at += size) {
                List<GenerationRequest> unit = requests.subList(at, Math.min(requests.size(), at + size));
                running.add(threads.submit(() -> {
                    slots.acquire();
                    try {
                        return unit(unit);
                    } finally {
                        slots.release();
                    }
                }));
            }
            try {
                for (Future<List<GenerationOutcome>> unit : running) {
                    all.addAll(unit.get());
                }
            } catch (ExecutionException e) {
                throw unwrapped(e.getCause());
            } finally {
                threads.shutdownNow(); // after a failure the other units are not worth waiting for; else nothing runs any more
            }
        }
        return all;
    }

    private List<GenerationOutcome> unit(List<GenerationRequest> unit) throws InterruptedException {
        String key = Answers.key(model.card(), unit);
        Optional<List<GenerationOutcome>> before = answers.find(key);
        List<GenerationOutcome> outcomes = before.isPresent() ? before.get() : checked(unit, model.generate(unit));
        if (before.isEmpty()) {
            answers.keep(key, outcomes);
        }
        for (GenerationOutcome outcome : outcomes) {
            switch (outcome) {
                case GenerationOutcome.Completion done -> progress.spent(done.usage());
                case GenerationOutcome.Failure failed -> progress.failed(1);
            }
        }
        progress.done(unit.size());
        return outcomes;
    }

    private static List<GenerationOutcome> checked(List<GenerationRequest> unit, List<GenerationOutcome> outcomes) {
        List<String> asked = unit.stream().map(GenerationRequest::id).toList();
        List<String> answered = outcomes.stream().map(GenerationOutcome::requestId).toList();
        if (!asked.equals(answered)) {
            throw new IllegalStateException(
                    "a model answers every request, in order; asked %s, answered %s; this is a bug, please report it".formatted(asked, answered));
        }
        return outcomes;
    }

    private static RuntimeException unwrapped(Throwable cause) throws InterruptedException {
        return switch (cause) {
            case RuntimeException problem -> problem;
            case InterruptedException stopped -> throw stopped;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }
}
