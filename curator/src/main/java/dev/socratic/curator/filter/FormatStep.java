package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.row.Trace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Drops rows a student could not learn the right form from: no answer, an answer cut off, marks of reasoning that do
/// not match, what belongs to the prompt and not to the answer, no reasoning or no final answer where one is
/// required.
public final class FormatStep implements Step {
    private static final String THINK = "<think>";

    private final StepConfig.Format config;

    public FormatStep(StepConfig.Format config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "format";
    }

    @Override
    public Decision judge(Candidate row) {
        String answer = row.answer();
        if (answer.isBlank()) {
            List<ChatMessage> messages = row.exchange().messages();
            return drop("no_answer", "last_message", messages.isEmpty() ? "no message" : messages.getLast().role());
        }
        Optional<FinishReason> finish = row.trace().map(Trace::finishReason)
                .filter(reason -> reason != FinishReason.STOP);
        if (config.requireEnd() && finish.isPresent()) {
            return drop("unfinished", "finish_reason", finish.get().name().toLowerCase(Locale.ROOT));
        }
        if (!row.isText()) {
            for (String turn : row.turns()) {
                Optional<String> marks = ReasoningSplit.wrongMarks(turn).or(() -> nested(turn));
                if (marks.isPresent()) {
                    return drop("think_marks", "found", marks.get());
                }
            }
        }
        return PromptLeaks.find(row)
                .map(leak -> drop(leak.reason(), leak.what(), leak.found()))
                .or(() -> missing(row))
                .or(() -> openEnd(row))
                .orElse(Decision.KEEP);
    }

    /// Thoughts that begin within thoughts: a mark that was written twice.
    private static Optional<String> nested(String turn) {
        int first = turn.indexOf(THINK);
        int second = first < 0 ? -1 : turn.indexOf(THINK, first + THINK.length());
        return second > 0 && second < turn.indexOf("</think>", first) ? Optional.of("<think> within <think>")
                : Optional.empty();
    }

    private Optional<Decision> missing(Candidate row) {
        if (row.isText()) {
            return Optional.empty();
        }
        Optional<String> reasoning =
                row.trace().map(Trace::reasoning).orElseGet(() -> ReasoningSplit.of(row.answer()).reasoning());
        if (config.requireReasoning() && reasoning.filter(text -> !text.isBlank()).isEmpty()) {
            return Optional.of(drop("no_reasoning", "reasoning", ""));
        }
        if (!config.requireFinalAnswer().orElse(row.trace().isPresent())) {
            return Optional.empty();
        }
        Optional<String> found = row.trace().map(Trace::finalAnswer)
                .orElseGet(() -> AnswerExtractor.extract(row.answer()).map(AnswerExtractor.Extracted::answer));
        return found.filter(text -> !text.isBlank()).isPresent()
                ? Optional.empty()
                : Optional.of(drop("no_final_answer", "answer_text", row.trace().map(Trace::answerText)
                        .orElse(row.answer())));
    }

    private Optional<Decision> openEnd(Candidate row) {
        return config.requireEnd() && !row.isText()
                ? OpenEnd.find(row.answer()).map(end -> drop("unfinished", "ends_with", end))
                : Optional.empty();
    }

    private static Decision drop(String reason, String what, String value) {
        return new Decision.Drop(reason, Evidence.object().put(what, value));
    }

    @Override
    public ObjectNode facts() {
        return Evidence.object()
                .put("require_reasoning", config.requireReasoning())
                .put("require_final_answer", config.requireFinalAnswer().map(String::valueOf)
                        .orElse("of_generated_rows"))
                .put("require_end", config.requireEnd());
    }
}
