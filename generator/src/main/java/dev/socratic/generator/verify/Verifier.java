package dev.socratic.generator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.sandbox.check.CodeVerdict;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.datasets.verify.Refusals;
import dev.socratic.generator.plan.PlannedAsk;
import dev.socratic.generator.verify.code.CodeChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a row out of an answer: reasoning and answer apart, the final answer taken out, every wanted check made.
///
/// All checks are made, also after one has failed, so that whoever looks at a rejected row sees everything that is
/// wrong with it.
public final class Verifier {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private final List<Check> checks;
    private final Trace.Teacher teacher;
    private final Trace.Prompt prompt;
    private final Price price;
    private final Optional<CodeChecker> code;

    /// The price of one answer in USD.
    @FunctionalInterface
    public interface Price {
        double of(long promptTokens, long completionTokens);
    }

    /// @param checks what to check
    /// @param price  list price: a row says what its answer costs, whether this run paid it or found it in the cache
    public Verifier(List<Check> checks, Trace.Teacher teacher, Trace.Prompt prompt, Price price) {
        this(checks, teacher, prompt, price, Optional.empty());
    }

    /// @param code runs answers that are programs; closed by whoever opened it
    public Verifier(List<Check> checks, Trace.Teacher teacher, Trace.Prompt prompt, Price price,
            Optional<CodeChecker> code) {
        this.code = code;
        this.checks = checks.stream().sorted().toList();
        this.teacher = teacher;
        this.prompt = prompt;
        this.price = price;
    }

    /// @return the row; its verdicts are in the order of [Check]
    public Trace trace(PlannedAsk ask, Completion completion) {
        String learned = learned(completion);
        ReasoningSplit split = ReasoningSplit.of(learned);
        Optional<String> finalAnswer = AnswerCheck.find(split.answer(), choices(ask))
                .map(AnswerExtractor.Extracted::answer);
        List<Verdict> verdicts = new ArrayList<>();
        for (Check check : checks) {
            verdict(check, ask, completion, split).ifPresent(verdicts::add);
        }
        Optional<CodeVerdict> ran = code.filter(some -> !split.answer().isBlank())
                .flatMap(checker -> checker.check(ask.question(), split.answer()));
        ran.ifPresent(verdict -> verdicts.add(new Verdict(CodeChecker.CHECK,
                verdict.isRight() || !code.orElseThrow().rejects(), said(verdict))));
        List<ChatMessage> messages = new ArrayList<>(ask.messages());
        messages.add(ChatMessage.assistant(learned));
        Usage usage = completion.usage();
        return new Trace(
                ask.id(),
                ask.question().id(),
                messages,
                split.reasoning(),
                split.answer(),
                finalAnswer,
                teacher,
                prompt,
                ask.draw(),
                new Usage(usage.promptTokens(), usage.completionTokens(),
                        price.of(usage.promptTokens(), usage.completionTokens())),
                completion.finish(),
                verdicts,
                Optional.empty(),
                ran.<Map<String, JsonNode>>map(verdict -> Map.of(CodeChecker.CHECK, CodeChecker.label(verdict)))
                        .orElse(Map.of()));
    }

    private static String said(CodeVerdict verdict) {
        return verdict.isRight() ? "" : "%s: %s".formatted(verdict.outcome().id(), verdict.detail());
    }

    private static Choices choices(PlannedAsk ask) {
        return Choices.of(ask.question().extra(), ask.question().question());
    }

    /// The text a student is to learn: reasoning in `<think>` marks before the answer, whether it came in a field of
    /// its own, in the text, in other marks, or in the text without the opening mark (which the templates of some
    /// teachers put into the prompt).
    public static String learned(Completion completion) {
        String text = completion.text();
        return completion.reasoning()
                .map(reasoning -> OPEN + "\n" + reasoning.strip() + "\n" + CLOSE + "\n" + text.stripLeading())
                .orElseGet(() -> inThinkMarks(text));
    }

    private static String inThinkMarks(String text) {
        if (text.stripLeading().startsWith(OPEN)) {
            return text;
        }
        ReasoningSplit split = ReasoningSplit.of(text);
        return split.reasoning()
                .map(reasoning -> OPEN + "\n" + reasoning
                        + (split.unclosed() ? "" : "\n" + CLOSE + "\n" + split.answer()))
                .orElse(split.unclosed() || split.answer().isBlank() || ReasoningSplit.wrongMarks(text).isEmpty()
                        ? text : split.answer());
    }

    private static Optional<Verdict> verdict(Check check, PlannedAsk ask, Completion completion, ReasoningSplit split) {
        return switch (check) {
            case TRUNCATED -> Optional.of(verdict(check, truncated(ask, completion, split)));
            case REFUSAL -> Optional.of(verdict(check, refusal(completion, split)));
            case REPETITION -> Optional.of(
                    verdict(check, Repetition.find(split.reasoning().orElse("") + "\n" + split.answer())));
            case FORMAT -> Optional.of(
                    verdict(check, split.answer().isBlank() ? Optional.of("no answer") : Optional.empty()));
            case FINAL_ANSWER -> ask.question().answer().map(gold -> verdict(check, wrong(gold, split, choices(ask))));
        };
    }

    private static Verdict verdict(Check check, Optional<String> problem) {
        return new Verdict(check.id(), problem.isEmpty(), problem.orElse(""));
    }

    private static Optional<String> truncated(PlannedAsk ask, Completion completion, ReasoningSplit split) {
        if (completion.finish() == FinishReason.LENGTH) {
            return Optional.of("stopped at %s tokens".formatted(ask.draw().maxTokens()));
        }
        return split.unclosed() ? Optional.of("the reasoning has no end") : Optional.empty();
    }

    private static Optional<String> refusal(Completion completion, ReasoningSplit split) {
        if (completion.finish() == FinishReason.CONTENT_FILTER) {
            return Optional.of("withheld by the endpoint");
        }
        return Refusals.find(split.answer()).map(phrase -> "begins with \"%s\"".formatted(phrase));
    }

    private static Optional<String> wrong(String gold, ReasoningSplit split, Choices choices) {
        AnswerCheck.Result result = AnswerCheck.STANDARD.check(gold, split.answer(), choices);
        return result.equal() ? Optional.empty() : Optional.of(result.why());
    }
}
