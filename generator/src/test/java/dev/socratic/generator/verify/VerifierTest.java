package dev.socratic.generator.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.generator.plan.PlannedAsk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifierTest {
    private static final Question QUESTION =
            new Question("q", "40 * 2?", Optional.of("80"), Optional.empty(), "test", Optional.empty(), List.of(),
                    Map.of());
    private static final PlannedAsk ASK = new PlannedAsk(
            "t", QUESTION, List.of(ChatMessage.user("40 * 2?")), new Trace.Draw(new Sampling(0.7, 1), 64, 5, 0),
            GenerationParameters.greedy(8));

    private static Trace trace(List<Check> checks, String text, Optional<String> reasoning, FinishReason finish) {
        Verifier verifier = new Verifier(
                checks, new Trace.Teacher("m", "endpoint:x", ""), new Trace.Prompt("plain", "1", "h"), (in, out) ->
                        (in + 2 * out) / 1e6);
        return verifier.trace(ASK, new Completion("t", text, reasoning, finish, new Usage(10, 20, 0)));
    }

    private static Optional<Verdict> failed(String text, FinishReason finish) {
        return trace(List.of(Check.values()), text, Optional.empty(), finish).verdicts().stream()
                .filter(v -> !v.passed()).findFirst();
    }

    @Test
    void aRightAnswerPassesEveryCheck() {
        assertEquals(Optional.empty(),
                failed("<think>\n40 * 2 = 80\n</think>\nThe answer is $80.00.", FinishReason.STOP));
    }

    @Test
    void saysWhatIsWrongAndInWhichOrder() {
        assertEquals(Optional.of(new Verdict("truncated", false, "stopped at 64 tokens")),
                failed("<think>\n40 *", FinishReason.LENGTH));
        assertEquals(Optional.of(new Verdict("truncated", false, "the reasoning has no end")),
                failed("<think>\n40 * 2 = 80", FinishReason.STOP));
        assertEquals(
                Optional.of(new Verdict("refusal", false, "begins with \"I can't help\"")),
                failed("<think>hm</think>I can't help with that.", FinishReason.STOP));
        assertEquals(Optional.of(new Verdict("refusal", false, "withheld by the endpoint")),
                failed("no", FinishReason.CONTENT_FILTER));
        assertEquals(
                Optional.of(new Verdict("repetition", false, "\"again\" again and again")),
                failed("<think>" + "again ".repeat(50) + "</think>80", FinishReason.STOP));
        assertEquals(Optional.of(new Verdict("format", false, "no answer")),
                failed("<think>\n40 * 2 = 80\n</think>\n", FinishReason.STOP));
        assertEquals("final_answer", failed("The answer is 81.", FinishReason.STOP).orElseThrow().check());
    }

    @Test
    void makesOnlyTheChecksThatAreWanted() {
        Trace trace = trace(List.of(Check.FINAL_ANSWER, Check.TRUNCATED), "The answer is 81.", Optional.empty(),
                FinishReason.STOP);
        assertEquals(List.of("truncated", "final_answer"), trace.verdicts().stream().map(Verdict::check).toList());
    }

    @Test
    void aStudentLearnsTheReasoningInThinkMarksWhereverItCameFrom() {
        String learned = "<think>\n40 * 2 = 80\n</think>\nThe answer is 80.";
        for (Trace trace : List.of(
                trace(List.of(), learned, Optional.empty(), FinishReason.STOP),
                trace(List.of(), "The answer is 80.", Optional.of("40 * 2 = 80\n"), FinishReason.STOP),
                trace(List.of(), "40 * 2 = 80\n</think>\nThe answer is 80.", Optional.empty(), FinishReason.STOP))) {
            assertEquals(List.of(ChatMessage.user("40 * 2?"), ChatMessage.assistant(learned)), trace.messages());
            assertEquals(Optional.of("40 * 2 = 80"), trace.reasoning());
            assertEquals("The answer is 80.", trace.answerText());
            assertEquals(Optional.of("80"), trace.finalAnswer());
        }
    }

    @Test
    void reasoningInOtherMarksIsLearnedInThinkMarks() {
        for (String text : List.of(
                "[THINK]40 * 2 = 80[/THINK]The answer is 80.", "<thought>\n40 * 2 = 80\n</thought>\nThe answer is 80.",
                "<|channel|>analysis<|message|>40 * 2 = 80<|end|><|start|>assistant<|channel|>final<|message|>The"
                        + " answer is 80.<|return|>",
                "analysisAdd: 40 * 2 = 80assistantfinalThe answer is 80.")) {
            Trace trace = trace(List.of(Check.values()), text, Optional.empty(), FinishReason.STOP);
            assertEquals(Optional.of("80"), trace.finalAnswer(), text);
            assertEquals("The answer is 80.", trace.answerText());
            assertEquals(true, trace.messages().getLast().content().startsWith("<think>\n"), trace.messages().getLast()
                    .content());
            assertEquals(true, trace.messages().getLast().content()
                    .endsWith("40 * 2 = 80\n</think>\nThe answer is 80."));
            assertEquals(List.of(), trace.verdicts().stream().filter(v -> !v.passed()).toList());
        }
        assertEquals(
                Optional.of(new Verdict("truncated", false, "the reasoning has no end")),
                        failed("<thinking>\nthe answer is 80", FinishReason.STOP));
    }

    @Test
    void anAnswerThatQuotesTheMarksIsLeftAsItIs() {
        String text = "<think>\n40 * 2 = 80\n</think>\nThe answer is 80. (Between `<think>` and `</think>` stands"
                + " how.)";
        Trace trace = trace(List.of(Check.values()), text, Optional.empty(), FinishReason.STOP);
        assertEquals(text, trace.messages().getLast().content());
        assertEquals(Optional.of("80"), trace.finalAnswer());
        assertEquals(Optional.of("40 * 2 = 80"), trace.reasoning());
    }

    @Test
    void theChoicesOfAQuestionAreKnown() {
        Question which = new Question(
                "q", "Which?\nA) 40\nB) 80", Optional.of("B"), Optional.empty(), "test", Optional.empty(), List.of(),
                        Map.of());
        PlannedAsk ask = new PlannedAsk("t", which, List.of(ChatMessage.user("Which?")), ASK.draw(), ASK.parameters());
        Verifier verifier = new Verifier(
                List.of(Check.FINAL_ANSWER), new Trace.Teacher("m", "endpoint:x", ""),
                        new Trace.Prompt("plain", "1", "h"), (in, out) -> 0);
        for (String text : List.of("The answer is 80.", "B", "Option B is correct.")) {
            Trace trace = verifier.trace(ask,
                    new Completion("t", text, Optional.empty(), FinishReason.STOP, new Usage(1, 1, 0)));
            assertEquals(Optional.of("B"), trace.finalAnswer(), text);
            assertEquals(true, trace.verdicts().getFirst().passed(), text);
        }
    }

    @Test
    void aRowSaysTheListPriceThoughTheCachePaid() {
        assertEquals(new Usage(10, 20, 50e-6), trace(List.of(), "80", Optional.empty(), FinishReason.STOP).usage());
    }
}
