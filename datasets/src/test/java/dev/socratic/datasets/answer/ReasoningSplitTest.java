package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

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
        assertEquals(new ReasoningSplit(Optional.empty(), "The answer is 40.", false), ReasoningSplit.of(" The answer is 40.\n"));
    }

    @Test
    void anEmptyBlockIsNoReasoning() {
        assertEquals(new ReasoningSplit(Optional.empty(), "40", false), ReasoningSplit.of("<think>\n\n</think>\n\n40"));
    }

    private static void assertSplit(String text, String reasoning, String answer) {
        assertEquals(new ReasoningSplit(Optional.of(reasoning), answer, false), ReasoningSplit.of(text));
    }
}
