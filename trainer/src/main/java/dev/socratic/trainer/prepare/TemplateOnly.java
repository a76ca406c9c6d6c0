package dev.socratic.trainer.prepare;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Example;
import java.util.Set;
import java.util.TreeSet;

/// What of a row only a chat template can read, but for what a row is left out for where it does not.
final class TemplateOnly {
    private static final Set<String> WATCHED = Set.of(
            "content", ChatMessage.WEIGHT, ChatMessage.REASONING, ChatMessage.TOOL_CALLS, "tools", "documents");

    private TemplateOnly() {}

    static Set<String> of(Example row) {
        return switch (row) {
            case Example.Text ignored -> Set.of();
            case Example.Chat chat -> of(chat.conversation());
            case Example.Pair pair -> of(pair.preferred());
        };
    }

    private static Set<String> of(Conversation conversation) {
        Set<String> names = new TreeSet<>(conversation.variables().keySet());
        conversation.messages().forEach(message -> names.addAll(message.fields().keySet()));
        names.removeAll(WATCHED);
        return names;
    }
}
