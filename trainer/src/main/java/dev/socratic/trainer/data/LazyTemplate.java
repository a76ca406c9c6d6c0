package dev.socratic.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.models.text.ChatTemplate;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A model's chat template, read when the first conversation asks for it: a student that learns plain text needs none.
public final class LazyTemplate implements Supplier<ChatTemplate> {
    private final Path folder;
    private final Map<String, JsonNode> variables;
    private Optional<ChatTemplate> read = Optional.empty();

    public LazyTemplate(Path folder) {
        this(folder, Map.of());
    }

    /// @param variables of the template, for conversations that do not say otherwise
    public LazyTemplate(Path folder, Map<String, JsonNode> variables) {
        this.folder = folder;
        this.variables = Map.copyOf(variables);
    }

    /// @throws dev.socratic.core.error.DataException   if the folder has no template
    /// @throws dev.socratic.core.error.ConfigException if it does not read one of the variables
    @Override
    public ChatTemplate get() {
        if (read.isEmpty()) {
            read = Optional.of(ChatTemplate.of(folder).with(variables));
        }
        return read.get();
    }
}
