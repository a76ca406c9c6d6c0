package dev.socratic.generator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.datasets.row.Rows;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.journal.Answered;
import dev.socratic.generator.plan.Ask;
import dev.socratic.generator.verify.Verifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The stage's three files, each row in one of them. They appear under their names only when all of them are whole.
final class StageFiles implements AutoCloseable {
    static final String ANSWERS = "answers.jsonl";
    static final String REJECTED = "rejected.jsonl";
    static final String FAILED = "failed.jsonl";

    private final Verifier verifier;
    private final RowWriter answers;
    private final RowWriter rejected;
    private final RowWriter failed;

    private long kept;
    private long failures;
    private long temporary;
    private final SortedMap<String, Long> dropped = new TreeMap<>();

    StageFiles(Path folder, Verifier verifier) {
        this.verifier = verifier;
        this.answers = RowFiles.writer(folder.resolve(ANSWERS), Format.JSONL);
        this.rejected = RowFiles.writer(folder.resolve(REJECTED), Format.JSONL);
        this.failed = RowFiles.writer(folder.resolve(FAILED), Format.JSONL);
    }

    void write(List<Ask> unit, Answered answered) {
        for (int i = 0; i < unit.size(); i++) {
            write(unit.get(i), answered.outcomes().get(i));
        }
    }

    private void write(Ask ask, GenerationOutcome outcome) {
        switch (outcome) {
            case Completion completion -> write(verifier.trace(ask, completion));
            case Failure failure -> {
                failures++;
                temporary += failure.temporary() ? 1 : 0;
                failed.write(row(ask, failure));
            }
        }
    }

    private void write(Trace trace) {
        Optional<Trace.Verdict> reason = trace.verdicts().stream().filter(v -> !v.passed()).findFirst();
        if (reason.isEmpty()) {
            kept++;
            answers.write(Rows.json(trace));
        } else {
            dropped.merge(reason.get().check(), 1L, Long::sum);
            rejected.write(Rows.json(trace).put("reason", reason.get().check()));
        }
    }

    private static ObjectNode row(Ask ask, Failure failure) {
        return Json.mapper().createObjectNode()
                .put("id", ask.id())
                .put("question_id", ask.question().id())
                .put("index", ask.draw().index())
                .put("problem", failure.problem())
                .put("temporary", failure.temporary());
    }

    void commit() {
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

    /// @return rejected rows by the first check they failed
    SortedMap<String, Long> dropped() {
        return dropped;
    }

    @Override
    public void close() {
        try (answers;
                rejected;
                failed) {
            // closing is all
        }
    }
}
