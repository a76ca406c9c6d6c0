package dev.socratic.eval.harness.prompt;

import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A part of a prompt, which is a turn of a chat or a stretch of text.
///
/// @param role      `system`, `user` or `assistant`
/// @param content   the text
/// @param delimiter what stands behind it where turns are joined to one text
record Turn(String role, String content, String delimiter) {
    Turn(String role, String content) {
        this(role, content, "");
    }

    static String text(List<Turn> turns) {
        return turns.stream().map(turn -> turn.content + turn.delimiter).collect(Collectors.joining());
    }

    static List<ChatMessage> chat(List<Turn> turns) {
        return turns.stream().map(turn -> new ChatMessage(turn.role, turn.content)).toList();
    }

    /// Examples and question as one turn of the user; the system's turn before it, and a begun answer behind it, stay.
    static List<ChatMessage> single(List<Turn> turns) {
        List<ChatMessage> chat = new ArrayList<>();
        List<Turn> rest = new ArrayList<>(turns);
        if (rest.getFirst().role.equals(ChatMessage.SYSTEM)) {
            chat.add(ChatMessage.system(rest.removeFirst().content));
        }
        List<ChatMessage> begun = rest.getLast().role.equals(ChatMessage.ASSISTANT)
                ? List.of(ChatMessage.assistant(rest.removeLast().content)) : List.of();
        Turn last = rest.removeLast();
        rest.add(new Turn(last.role, last.content));
        chat.add(ChatMessage.user(text(rest)));
        chat.addAll(begun);
        return chat;
    }
}
