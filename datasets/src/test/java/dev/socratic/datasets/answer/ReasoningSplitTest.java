package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningSplitTest {
    @Test
    void aBlockIsCutOffTheAnswer() {
        assertSplit("<think>\n24 + 16 = 40\n</think>\nThe answer is 40.", "24 + 16 = 40", "The answer is 40.");
    }

    @Test
    void theOpeningTagMayHaveStoodInThePrompt() {
        assertSplit("24 + 16 = 40\n</think>\nThe answer is 40.", "24 + 16 = 40", "The answer is 40.");
    }

    @Test
    void everythingUpToTheLastClosingTagIsReasoning() {
        assertSplit("<think>a<think>b</think>c</think>d", "abc", "d");
        assertSplit("<think>a</think> so <think>b</think> d", "a so b", "d");
    }

    @Test
    void reasoningThatNeverEndsHasNoAnswer() {
        assertEquals(new ReasoningSplit(Optional.of("24 + 16"), "", true), ReasoningSplit.of("<think>24 + 16"));
        assertEquals(new ReasoningSplit(Optional.of("a b"), "", true), ReasoningSplit.of("<think>a</think> <think>b"));
    }

    @Test
    void aTextWithoutTagsIsAllAnswer() {
        assertEquals(new ReasoningSplit(Optional.empty(), "The answer is 40.", false),
                ReasoningSplit.of(" The answer is 40.\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "[THINK];[/THINK]", "<Reasoning>;</Reasoning>", "<seed:think>;</seed:think>",
                    "\u25c1think\u25b7;\u25c1/think\u25b7",
            "<|channel|>analysis<|message|>;<|end|><|start|>assistant<|channel|>final<|message|>",
                    "<|channel>thought;<channel|>"})
    void theMarksOfOtherModelsAreMarks(String open, String close) {
        assertSplit(open + "24 + 16 = 40" + close + "The answer is 40.", "24 + 16 = 40", "The answer is 40.");
        assertEquals(new ReasoningSplit(Optional.of("24 + 16"), "", true), ReasoningSplit.of(open + "24 + 16"));
    }

    @Test
    void aMarkThatIsOnlySpokenOfCutsNothing() {
        for (String answer : List.of(
                "It is 40. (Between `<think>` and `</think>` stands how.)",
                        "It is 40. My notes stood after a <think> mark.",
                "It is 40, after the </think> tag.",
                        "Write \"<think>\" first:\n```\n<think>\n7\n</think>\n```\nIt is 40.")) {
            assertSplit("<think>\n24 + 16\n</think>\n" + answer, "24 + 16", answer);
            assertEquals(new ReasoningSplit(Optional.empty(), answer, false), ReasoningSplit.of(answer));
        }
    }

    @Test
    void aClosingMarkThatTheReasoningSpeaksOfEndsItOnlyIfNoOtherDoes() {
        assertSplit("<think>I end with </think> later\n</think>\n40", "I end with  later", "40");
        assertSplit("<think>I end with </think> 40", "I end with", "40");
    }

    @Test
    void tokensOfATemplateAreNoPartOfTheAnswer() {
        assertEquals("40", ReasoningSplit.of(
                "<think>7</think><|im_start|>assistant\n40<|im_end|>\n<|im_start|>user\nand 5?").answer());
    }

    @Test
    void whatAStudentCannotLearnTheFormFromIsNamed() {
        assertEquals(Optional.empty(), ReasoningSplit.wrongMarks("40"));
        assertEquals(Optional.empty(), ReasoningSplit.wrongMarks("[THINK]a[/THINK]40"));
        assertEquals(Optional.of("an opening mark without a closing one"), ReasoningSplit.wrongMarks("<thought>a"));
        assertEquals(Optional.of("a closing mark without an opening one"), ReasoningSplit.wrongMarks("a</think>40"));
        assertEquals(Optional.of("text before the opening mark"),
                ReasoningSplit.wrongMarks("Well. <think>a</think>40"));
        assertEquals(Optional.of("more than one pair of marks"),
                ReasoningSplit.wrongMarks("<think>a</think><think>b</think>40"));
        assertEquals(Optional.of("nothing after the closing mark"), ReasoningSplit.wrongMarks("<think>a</think> "));
    }

    @Test
    void anEmptyBlockIsNoReasoning() {
        assertEquals(new ReasoningSplit(Optional.empty(), "40", false), ReasoningSplit.of("<think>\n\n</think>\n\n40"));
    }

    private static void assertSplit(String text, String reasoning, String answer) {
        assertEquals(new ReasoningSplit(Optional.of(reasoning), answer, false), ReasoningSplit.of(text));
    }
}
