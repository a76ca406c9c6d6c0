package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.FinishReason;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Row;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.row.Trace;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Drops rows a student could not learn the right form from: no answer, an answer cut off, `<think>` marks that do not match, tokens of a
/// chat template left in the text, no reasoning or no final answer where one is required.
public final class FormatStep implements Step {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    /// The marks of the usual chat templates: `<|im_end|>`, `<|user|>`, `[INST]`, `<start_of_turn>`, `</s>`.
    private static final Pattern TEMPLATE_TOKEN =
            Pattern.compile("<\\|[a-z0-9_]{1,40}\\|>|\\[/?INST]|<(?:start|end)_of_turn>|</s>");

    private final StepConfig.Format config;

    public FormatStep(StepConfig.Format config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "format";
    }

    @Override
    public Decision judge(Row row) {
        Trace trace = row.trace();
        String answer = row.answer();
        if (answer.isBlank()) {
            String last = trace.messages().isEmpty() ? "no message" : trace.messages().getLast().role();
            return drop("no_answer", "last_message", last);
        }
        if (config.requireEnd() && trace.finishReason() != FinishReason.STOP) {
            return drop("unfinished", "finish_reason", trace.finishReason().name().toLowerCase(Locale.ROOT));
        }
        Optional<String> marks = wrongMarks(answer);
        if (marks.isPresent()) {
            return drop("think_marks", "found", marks.get());
        }
        Matcher token = TEMPLATE_TOKEN.matcher(answer);
        if (token.find()) {
            return drop("template_token", "token", token.group());
        }
        if (config.requireReasoning() && trace.reasoning().filter(text -> !text.isBlank()).isEmpty()) {
            return drop("no_reasoning", "reasoning", "");
        }
        if (config.requireFinalAnswer() && trace.finalAnswer().filter(text -> !text.isBlank()).isEmpty()) {
            return drop("no_final_answer", "answer_text", trace.answerText());
        }
        return Decision.KEEP;
    }

    /// Right are no marks at all, or one opening mark at the start, one closing mark after it, and text after that.
    private static Optional<String> wrongMarks(String answer) {
        int open = answer.indexOf(OPEN);
        int close = answer.indexOf(CLOSE);
        if (open < 0 && close < 0) {
            return Optional.empty();
        }
        if (close < 0) {
            return Optional.of("an opening mark without a closing one");
        }
        if (open < 0 || close < open) {
            return Optional.of("a closing mark without an opening one");
        }
        if (!answer.substring(0, open).isBlank()) {
            return Optional.of("text before the opening mark");
        }
        if (answer.indexOf(OPEN, open + 1) >= 0 || answer.indexOf(CLOSE, close + 1) >= 0) {
            return Optional.of("more than one pair of marks");
        }
        return answer.substring(close + CLOSE.length()).isBlank() ? Optional.of("nothing after the closing mark") : Optional.empty();
    }

    private static Decision drop(String reason, String what, String value) {
        return new Decision.Drop(reason, Evidence.object().put(what, value));
    }

    @Override
    public ObjectNode facts() {
        return Evidence.object()
                .put("require_reasoning", config.requireReasoning())
                .put("require_final_answer", config.requireFinalAnswer())
                .put("require_end", config.requireEnd());
    }
}
