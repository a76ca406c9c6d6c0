package dev.socratic.generator.engine;

import dev.socratic.core.run.Progress;
import dev.socratic.core.text.Usage;
import java.util.HashSet;
import java.util.Set;

/// What one step's asking says, told in conversations: each step has a total of its own, the stage has one. A line
/// that every step would say again is said once.
final class StepProgress implements Progress {
    private final Progress stage;
    private final Set<String> said = new HashSet<>();

    StepProgress(Progress stage) {
        this.stage = stage;
    }

    @Override
    public void total(long items) {}

    @Override
    public void done(long items) {}

    @Override
    public void spent(Usage usage) {
        stage.spent(usage);
    }

    @Override
    public void failed(long items) {
        stage.failed(items);
    }

    @Override
    public synchronized void note(String line) {
        if (said.add(line)) {
            stage.note(line);
        }
    }
}
