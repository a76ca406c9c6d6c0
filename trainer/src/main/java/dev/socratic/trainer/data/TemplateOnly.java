package dev.socratic.trainer.data;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Example;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A field of messages, or a variable, that only a chat template can read, but for those for which a row is left out
/// where it does not.
///
/// @param rows  that have it
/// @param first of them
record TemplateOnly(long rows, Conversation first) {
    private static final Set<String> WATCHED = Set.of(
            "content", ChatMessage.WEIGHT, ChatMessage.REASONING, ChatMessage.TOOL_CALLS, "tools", "documents");

    /// @param known receives those of a row, by name
    static void add(Example row, Map<String, TemplateOnly> known) {
        Optional<Conversation> conversation = switch (row) {
            case Example.Text ignored -> Optional.empty();
            case Example.Chat chat -> Optional.of(chat.conversation());
            case Example.Pair pair -> Optional.of(pair.preferred());
        };
        conversation.ifPresent(said -> names(said).forEach(name -> known.merge(
                name, new TemplateOnly(1, said), (old, more) -> new TemplateOnly(old.rows() + 1, old.first()))));
    }

    private static Set<String> names(Conversation conversation) {
        Set<String> names = new TreeSet<>(conversation.variables().keySet());
        conversation.messages().forEach(message -> names.addAll(message.fields().keySet()));
        names.removeAll(WATCHED);
        return names;
    }
}
