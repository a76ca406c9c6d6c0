package dev.socratic.curator.judge;

import dev.socratic.core.run.Progress;
import dev.socratic.core.text.Usage;
import java.util.concurrent.atomic.AtomicLong;

/// Tells how far a judge is beside how far the curation is, whose rows are another count.
///
/// @param stage of the curation
/// @param rows  to be judged
/// @param done  of them
record JudgeProgress(Progress stage, long rows, AtomicLong done) implements Progress {
    JudgeProgress(Progress stage, long rows) {
        this(stage, rows, new AtomicLong());
    }

    @Override
    public void total(long items) {}

    @Override
    public void done(long items) {
        stage.state("judge: %s of %s rows".formatted(done.addAndGet(items), rows));
    }

    @Override
    public void spent(Usage usage) {
        stage.spent(usage);
    }

    @Override
    public void failed(long items) {
        stage.failed(items);
    }

    @Override
    public void note(String line) {
        stage.note(line);
    }
}
