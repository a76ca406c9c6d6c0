package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.config.TextPart;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.Exchange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// One answer on its way through the steps.
///
/// @param exchange   the row as it was read, `id` and `question` added where they were missing; its JSON is what is
///                   written, so that nothing of a row is lost or reordered
/// @param id         the row's own, or made of what it holds
/// @param questionId equal for answers to one question
/// @param question   the question's own text, without the prompt around it; all the user said, where that was several
///                   turns; empty for plain text
/// @param gold       the right answer, where one is known
public record Candidate(Exchange exchange, String id, String questionId, String question, Optional<String> gold) {
    public Candidate {
        Objects.requireNonNull(exchange);
        Objects.requireNonNull(id);
        Objects.requireNonNull(questionId);
        Objects.requireNonNull(question);
        Objects.requireNonNull(gold);
    }

    public ObjectNode json() {
        return exchange.json();
    }

    /// @return where a teacher's answer came from; nothing for rows that `generate` did not write
    public Optional<Trace> trace() {
        return exchange.trace();
    }

    /// @return the assistant's last message, reasoning included, as a student is to learn it, or the plain text; of a
    ///         pair the
    ///     preferred one; empty if the last message is of another role
    public String answer() {
        return exchange.answer();
    }

    /// @return all that the assistant says and a student learns, turn by turn, the last as [#answer]; plain text is
    ///         one turn
    public List<String> turns() {
        return switch (exchange.example()) {
            case Example.Text text -> List.of(text.text());
            case Example.Chat ignored -> turns(exchange.messages());
            case Example.Pair ignored -> turns(exchange.messages());
        };
    }

    /// @return all the assistant's turns
    public String said() {
        return String.join("\n", turns());
    }

    /// @return that part of the row
    public String text(TextPart part) {
        return switch (part) {
            case QUESTION -> question;
            case ANSWER -> said();
            case BOTH -> question + "\n" + said();
        };
    }

    private List<String> turns(List<ChatMessage> messages) {
        int last = messages.size() - 1;
        return IntStream.rangeClosed(0, last)
                .filter(i -> messages.get(i).isAssistant() && (i == last || messages.get(i).isLearned()))
                .mapToObj(i -> i == last ? answer() : messages.get(i).content())
                .toList();
    }

    /// @return what a leak or a copy is looked for in: the question, or the plain text
    public String subject() {
        return isText() ? answer() : question;
    }

    /// @return whether it is plain text, without a question
    public boolean isText() {
        return exchange.example() instanceof Example.Text;
    }
}
