package dev.socratic.trainer;

import dev.socratic.core.run.Progress;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.List;

/// What a stage found worth telling, but for the memory it takes, which every training tells.
public class Notes implements Progress {
    public final List<String> lines = new ArrayList<>();

    @Override
    public void total(long items) {}

    @Override
    public void done(long items) {}

    @Override
    public void spent(Usage usage) {}

    @Override
    public void failed(long items) {}

    @Override
    public void note(String line) {
        if (!line.startsWith("memory: ")) {
            lines.add(line);
        }
    }
}
