package dev.socratic.generator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.plan.PlannedAsk;
import dev.socratic.generator.verify.Verifier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The stage's three files, each row in one of them. They appear under their names only when all of them are whole.
///
/// Answers are judged by several threads, some hundreds ahead of the one that writes; they are written in the order of
/// the plan.
final class TraceWriter implements AutoCloseable {
    static final String ANSWERS = "answers.jsonl";
    static final String REJECTED = "rejected.jsonl";
    static final String FAILED = "failed.jsonl";

    /// Answers that may be judged before the first of them is written.
    private static final int AHEAD = 1_024;

    private final Verifier verifier;
    private final RowWriter answers;
    private final RowWriter rejected;
    private final RowWriter failed;
    private final ExecutorService judges;
    private final Queue<Future<Judged>> judged = new ArrayDeque<>();

    private long kept;
    private long failures;
    private long temporary;
    private Optional<String> firstProblem = Optional.empty();
    private final SortedMap<String, Long> dropped = new TreeMap<>();

    /// @param threads that judge
    TraceWriter(Path folder, Verifier verifier, int threads) {
        this.verifier = verifier;
        this.answers = RowFiles.writer(folder.resolve(ANSWERS), Format.JSONL);
        this.rejected = RowFiles.writer(folder.resolve(REJECTED), Format.JSONL);
        this.failed = RowFiles.writer(folder.resolve(FAILED), Format.JSONL);
        this.judges = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("judge-", 0).factory());
    }

    void write(PlannedAsk ask, GenerationOutcome outcome) {
        judged.add(judges.submit(() -> judge(ask, outcome)));
        if (judged.size() > AHEAD) {
            writeNext();
        }
    }

    private void writeNext() {
        try {
            write(judged.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException("generate", "to write what was answered", "an interrupt",
                    "run the same command: nothing is asked twice");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        }
    }

    private Judged judge(PlannedAsk ask, GenerationOutcome outcome) {
        return switch (outcome) {
            case Completion completion -> judge(verifier.trace(ask, completion));
            case Failure failure -> new Judged.Unanswered(row(ask, failure), failure.temporary());
        };
    }

    private static Judged judge(Trace trace) {
        Optional<Trace.Verdict> reason = trace.verdicts().stream().filter(v -> !v.passed()).findFirst();
        return reason.isEmpty()
                ? new Judged.Kept(RowMapper.json(trace))
                : new Judged.Rejected(RowMapper.json(trace).put("reason", reason.get().check()), reason.get().check());
    }

    private void write(Judged row) {
        switch (row) {
            case Judged.Kept good -> {
                kept++;
                answers.write(good.json());
            }
            case Judged.Rejected bad -> {
                dropped.merge(bad.reason(), 1L, Long::sum);
                rejected.write(bad.json());
            }
            case Judged.Unanswered none -> {
                failures++;
                firstProblem = firstProblem.or(() -> Optional.of(none.json().path("problem").asText()));
                temporary += none.temporary() ? 1 : 0;
                failed.write(none.json());
            }
        }
    }

    /// A row and the file it belongs to.
    private sealed interface Judged {
        record Kept(ObjectNode json) implements Judged {}

        record Rejected(ObjectNode json, String reason) implements Judged {}

        record Unanswered(ObjectNode json, boolean temporary) implements Judged {}
    }

    private static ObjectNode row(PlannedAsk ask, Failure failure) {
        return Json.mapper().createObjectNode()
                .put("id", ask.id())
                .put("question_id", ask.question().id())
                .put("index", ask.draw().index())
                .put("problem", failure.problem())
                .put("temporary", failure.temporary());
    }

    void commit() {
        while (!judged.isEmpty()) {
            writeNext();
        }
        failed.commit();
        rejected.commit();
        answers.commit(); // last: who finds answers finds the other two
    }

    long kept() {
        return kept;
    }

    long failures() {
        return failures;
    }

    /// @return failures that the next run asks again
    long temporary() {
        return temporary;
    }

    /// @return why the first request without an answer has none
    Optional<String> firstProblem() {
        return firstProblem;
    }

    /// @return rejected rows by the first check they failed
    SortedMap<String, Long> dropped() {
        return dropped;
    }

    @Override
    public void close() {
        try (answers;
                rejected;
                failed) {
            judges.shutdownNow();
        }
    }
}
