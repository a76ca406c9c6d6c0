package dev.socratic.models.text;

import dev.socratic.core.error.DataException;
import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// What a chat template writes behind the assistant's text to end its turn.
public sealed interface TurnEnd {
    /// A conversation that every template takes.
    List<ChatMessage> CHAT = List.of(ChatMessage.user("What is two and two"), ChatMessage.assistant("It is four"),
            ChatMessage.user("And three and three"), ChatMessage.assistant("It is six"));

    /// An added token, last of the mark: the model can stop by it.
    record Token(long id) implements TurnEnd {}

    /// Ordinary text, whose tokens stand inside of answers too.
    record Text(String mark) implements TurnEnd {}

    /// Nothing, or white space alone.
    record None() implements TurnEnd {}

    /// @param chat    rendered
    /// @param turn    number among its turns of the assistant
    /// @param content what the assistant said there
    static TurnEnd of(Rendered chat, int turn, String content, Tokenizer tokenizer) {
        Span span = chat.assistantSpans().get(turn);
        String written = chat.text().substring(span.start(), span.end());
        int behind = span.start() + Math.max(0, written.lastIndexOf(content)) + content.length();
        String mark = behind < span.end() ? chat.text().substring(behind, span.end()).strip() : "";
        if (mark.isEmpty()) {
            return new None();
        }
        int last = chat.text().lastIndexOf(mark, span.end()) + mark.length();
        Encoded encoded = tokenizer.encodeWithOffsets(chat.text());
        OptionalInt end = IntStream.range(0, encoded.size()).filter(token -> encoded.holds(token, last - 1, last))
                .findFirst();
        return end.isPresent() && tokenizer.isAdded(encoded.ids()[end.getAsInt()])
                ? new Token(encoded.ids()[end.getAsInt()])
                : new Text(mark);
    }

    /// @return the tokens that end a turn in this template, that of the last turn first; none where it ends them by
    ///         text, or takes no plain chat
    static List<Long> tokens(ChatTemplate template, Tokenizer tokenizer) {
        Set<Long> ids = new LinkedHashSet<>();
        try {
            Rendered chat = template.render(CHAT, false);
            for (int turn = chat.assistantSpans().size() - 1; turn >= 0; turn--) {
                if (of(chat, turn, CHAT.get(2 * turn + 1).content(), tokenizer) instanceof Token(long id)) {
                    ids.add(id);
                }
            }
        } catch (DataException refused) {
            return List.of();
        }
        return List.copyOf(ids);
    }
}
