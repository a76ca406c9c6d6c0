package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Texts that would take for ever, by processor time. Mutation testing leaves such classes out (`*ClockTest`): every
/// change that nothing else finds would pay for them.
class HostileTextsClockTest {
    /// Texts on which a careless regular expression takes quadratic time or runs out of stack.
    @Test
    void hostileTextsAreSearchedInLinearTime() {
        List<String> hostile = List.of(
                "\n".repeat(125_000), " ".repeat(125_000) + "x", "* ".repeat(75_000), "A: \n".repeat(37_000),
                        "1 / ".repeat(50_000),
                "$".repeat(125_000), "$ ".repeat(75_000), "$" + "a".repeat(125_000), "$" + "a".repeat(125_000) + "$",
                "\\( ".repeat(50_000), "\\[ ".repeat(50_000), "$1$, ".repeat(25_000), "\\boxed{".repeat(20_000),
                        "\\boxed{1}".repeat(15_000),
                "final answer" + " is".repeat(50_000), "final answer is ".repeat(10_000), "answer is ".repeat(15_000),
                        "9".repeat(200_000) + "x",
                "1,000".repeat(25_000), "#### ".repeat(30_000), "<think>".repeat(20_000) + "</think>",
                        "<answer>".repeat(15_000), "```\n".repeat(25_000),
                "\u7b54\u6848\u662f".repeat(37_000), "<|im_end|>".repeat(20_000), "{\"answer\": \"".repeat(12_000),
                        "'".repeat(125_000),
                "`<think>`".repeat(12_000), "Therefore 5. ".repeat(12_000), "\\text{".repeat(20_000),
                        "\\color{".repeat(20_000));
        for (String text : hostile) {
            assertQuick(text, () -> {
                AnswerExtractor.extract(text);
                AnswerExtractor.extract("The answer is " + text);
                AnswerExtractor.extract("The final answer is\n" + text + " z");
            });
        }
    }

    @Test
    void longAndDeepAnswersAreRefusedAtOnce() {
        List<String> hostile = List.of(
                "(".repeat(4_000), "((".repeat(1_000) + "1" + "))".repeat(1_000), "9".repeat(4_000),
                        "9".repeat(2_000_000), "1+".repeat(2_000) + "1",
                "\\pm 1".repeat(800), "1,".repeat(2_000) + "1", "-".repeat(4_000) + "1", "\\sqrt".repeat(800) + "2",
                        "x^".repeat(2_000) + "2",
                "{".repeat(4_000), "|".repeat(4_000), "\\frac1".repeat(600), "1!".repeat(1) + "!".repeat(4_000),
                        "=1".repeat(2_000));
        for (String answer : hostile) {
            assertQuick(answer, () -> {
                assertFalse(judge("7", answer).equal());
                judge(answer, answer + " ");
                AnswerExtractor.extract(answer);
                AnswerExtractor.extract("The answer is " + answer);
                AnswerExtractor.extract("\\boxed{" + answer);
            });
        }
    }

    /// A guard against what never ends, not a measure of speed: each takes less than a second, and what is quadratic in
    /// these lengths takes minutes. Processor time and not time on the clock, so that a busy machine makes no difference.
    private static void assertQuick(String what, Runnable work) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
        assertTrue(millis < 30_000,
                () -> "%s ms for %s".formatted(millis, what.substring(0, Math.min(40, what.length()))));
    }

    private static Equivalence.Verdict judge(String gold, String answer) {
        return Equivalence.STANDARD.judge(gold, answer);
    }
}
