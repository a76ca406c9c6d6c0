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

    /// Granite, and harmony without its special tokens: words that count at the start of a text only.
    @Test
    void wordsThatStandForMarksCountAtTheStartAlone() {
        assertSplit("Here is my thought process: 24 + 16\nHere is my response: 40", "24 + 16", "40");
        assertSplit("Here's my thought process:\n24 + 16\nHere's my response:\n40", "24 + 16", "40");
        assertSplit("analysisWe add 24 + 16.assistantfinal40", "We add 24 + 16.", "40");
        assertSplit("assistantcommentary 24 + 16 assistantfinal 40", "24 + 16", "40");
        assertEquals(new ReasoningSplit(Optional.empty(), "40", false),
                ReasoningSplit.of("Here is my thought process:Here is my response: 40"));
        assertEquals(new ReasoningSplit(Optional.of("24 + 16"), "", true),
                ReasoningSplit.of("Here is my thought process: 24 + 16"));
        assertEquals(new ReasoningSplit(Optional.of("We add"), "", true), ReasoningSplit.of("analysisWe add"));
        for (String answer : List.of("analysis of the sum gives 40.", "It is 40. Here is my response: 40")) {
            assertEquals(new ReasoningSplit(Optional.empty(), answer, false), ReasoningSplit.of(answer));
        }
    }

    @Test
    void aMarkIsClosedByOneOfItsOwnKind() {
        assertSplit("<think>a</reasoning>b</think>c", "ab", "c");
        assertSplit("[THINK]a</think>b[/THINK]c", "ab", "c");
    }

    @Test
    void anOpeningThatIsNeverClosedMayBeAWord() {
        String answer = "I would write <think> here, and it is 40.";
        assertEquals(new ReasoningSplit(Optional.empty(), answer, false), ReasoningSplit.of(answer));
        String pair = "`<think>`/</think> around it: 40.";
        assertEquals(new ReasoningSplit(Optional.empty(), pair, false), ReasoningSplit.of(pair));
    }

    @Test
    void ofMoreMarksThanAnybodyReadsTheLastCount() {
        assertEquals("40", ReasoningSplit.of("a</think>".repeat(5_000) + "40").answer());
    }

    @Test
    void anEmptyBlockIsNoReasoning() {
        assertEquals(new ReasoningSplit(Optional.empty(), "40", false), ReasoningSplit.of("<think>\n\n</think>\n\n40"));
    }

    private static void assertSplit(String text, String reasoning, String answer) {
        assertEquals(new ReasoningSplit(Optional.of(reasoning), answer, false), ReasoningSplit.of(text));
    }
}
