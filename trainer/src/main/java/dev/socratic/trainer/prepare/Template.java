package dev.socratic.trainer.prepare;

import dev.socratic.models.text.ChatTemplate;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;

/// The student's chat template, read when the first conversation asks for it: a student that learns plain text needs none.
public final class Template implements Supplier<ChatTemplate> {
    /// Some templates print today's date. A run must give the same student whenever it is made, so it is always this day, the one that
    /// Llama 3's own template falls back to.
    private static final Clock DAY = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);

    private final Path folder;
    private Optional<ChatTemplate> read = Optional.empty();

    public Template(Path folder) {
        this.folder = folder;
    }

    /// @throws dev.socratic.core.error.DataException if the folder has no template
    @Override
    public ChatTemplate get() {
        if (read.isEmpty()) {
            read = Optional.of(ChatTemplate.of(folder, DAY));
        }
        return read.get();
    }
}
