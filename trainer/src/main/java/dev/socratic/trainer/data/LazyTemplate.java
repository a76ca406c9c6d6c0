package dev.socratic.trainer.data;

import dev.socratic.models.text.ChatTemplate;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// The student's chat template, read when the first conversation asks for it: a student that learns plain text needs
/// none.
public final class LazyTemplate implements Supplier<ChatTemplate> {
    private final Path folder;
    private Optional<ChatTemplate> read = Optional.empty();

    public LazyTemplate(Path folder) {
        this.folder = folder;
    }

    /// @throws dev.socratic.core.error.DataException if the folder has no template
    @Override
    public ChatTemplate get() {
        if (read.isEmpty()) {
            read = Optional.of(ChatTemplate.of(folder));
        }
        return read.get();
    }
}
