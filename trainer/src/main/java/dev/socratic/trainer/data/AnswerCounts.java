package dev.socratic.trainer.data;

import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// Answers of a row, and how many of them the chat template did not write whole: what it leaves out is not learned.
/// Some templates drop the reasoning, of earlier turns or of all.
///
/// @param all       answers
/// @param truncated those of which a part is left out
public record AnswerCounts(int all, int truncated) {
    public static final AnswerCounts NONE = new AnswerCounts(0, 0);

    /// White space does not count: many templates strip it.
    ///
    /// @param turns   of the assistant
    /// @param learned which of them
    static AnswerCounts of(List<ChatMessage> turns, Rendered rendered, IntPredicate learned) {
        List<Span> spans = rendered.assistantSpans();
        int all = 0;
        int partly = 0;
        for (int turn = 0; turn < Math.min(turns.size(), spans.size()); turn++) {
            if (learned.test(turn)) {
                String written = withoutBlanks(rendered.text()
                        .substring(spans.get(turn).start(), spans.get(turn).end()));
                all++;
                partly += contents(turns.get(turn)).map(AnswerCounts::withoutBlanks).allMatch(written::contains)
                        ? 0
                        : 1;
            }
        }
        return new AnswerCounts(all, partly);
    }

    private static Stream<String> contents(ChatMessage turn) {
        return Stream.concat(Stream.of(turn.content()), Stream.ofNullable(turn.fields().get(ChatMessage.REASONING))
                .map(text -> text.asText("")));
    }

    private static String withoutBlanks(String text) {
        StringBuilder dense = new StringBuilder(text.length());
        text.codePoints().filter(point -> !Character.isWhitespace(point)).forEach(dense::appendCodePoint);
        return dense.toString();
    }

    public AnswerCounts plus(AnswerCounts more) {
        return new AnswerCounts(all + more.all, truncated + more.truncated);
    }
}
