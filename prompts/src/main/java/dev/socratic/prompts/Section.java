package dev.socratic.prompts;

import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One turn of a template.
///
/// @param role    `system`, `user` or `assistant`
/// @param example whether it is told once for each example
/// @param parts   text and slots, in order
public record Section(String role, boolean example, List<Part> parts) {
    public Section {
        parts = List.copyOf(parts);
    }

    /// A piece of a section.
    public sealed interface Part {}

    /// Said as it is.
    public record Text(String text) implements Part {}

    /// Replaced by a value.
    public record Slot(String name) implements Part {}

    ChatMessage fill(Map<String, String> values) {
        return new ChatMessage(role, parts.stream().map(part -> switch (part) {
            case Text text -> text.text();
            case Slot slot -> values.get(slot.name());
        }).collect(Collectors.joining()));
    }
}
