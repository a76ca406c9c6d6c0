package dev.socratic.datasets.answer;

import static dev.socratic.datasets.answer.AnswerExtractor.Rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerExtractorTest {
    @Test
    void theLastBoxCountsAndItsBracesMatch() {
        assertFound("so \\boxed{1}. No: we get $\\boxed{\\frac{1}{\\sqrt{2}}}$.", "\\frac{1}{\\sqrt{2}}", Rule.BOXED);
        assertFound("\\boxed{12", "12", Rule.BOXED);
    }

    @Test
    void boxesSideBySideAreOneList() {
        assertFound("$\\boxed{1}$ and $\\boxed{-2}$", "1, -2", Rule.BOXED);
        assertFound("first \\boxed{1}. Then, after a long way round, \\boxed{2}", "2", Rule.BOXED);
    }

    @Test
    void theLastMarkOfItsKindCounts() {
        assertFound("#### 3\n\nQuestion: ...\n#### 1,800", "1,800", Rule.HASHES);
        assertFound("A: 3\nA: 18 apples.", "18 apples", Rule.ANSWER_LINE);
        assertFound("The answer is 3. Wait. The answer is 80.", "80", Rule.ANSWER_IS);
    }

    @Test
    void aStatedFinalAnswerBehindTheLastBoxWins() {
        assertFound("\\boxed{255} in all. The final answer is $10,455$. I hope it is correct.", "10,455",
                Rule.FINAL_ANSWER);
        assertFound("Final Answer: 12. So \\boxed{13}.", "13", Rule.BOXED);
    }

    /// Inputs on which the usual regular expressions fail.
    @Test
    void aSentenceAroundTheNumberDoesNotHideIt() {
        assertFound("The answer is $18. Hope that helps...", "$18", Rule.ANSWER_IS);
        assertFound("The answer is 18 dollars, which is 3 more than 15.", "18 dollars", Rule.ANSWER_IS);
        assertFound("So she pays 1,800.00", "1,800.00", Rule.LAST_NUMBER);
        assertFound("**Answer:** 18", "18", Rule.ANSWER_LINE);
        assertFound("The answer is **18**.", "18", Rule.ANSWER_IS);
    }

    @Test
    void aShortAnswerIsTakenWhole() {
        assertFound("(3, 4]", "(3, 4]", Rule.WHOLE);
        assertFound("28 percent", "28 percent", Rule.WHOLE);
        assertFound("x = 1/2", "x = 1/2", Rule.WHOLE);
    }

    @Test
    void onlyWhatFollowsTheReasoningCounts() {
        assertFound("<think>The answer is 3.</think>\nThe answer is 4.", "4", Rule.ANSWER_IS);
        assertEquals(Optional.empty(), AnswerExtractor.extract("<think>The answer is 3."));
        assertEquals(Optional.empty(), AnswerExtractor.extract("<think>The answer is 3.</think>  "));
        assertEquals(Optional.empty(), AnswerExtractor.extract("<think>3</think> so <think>4"));
    }

    @Test
    void digitsInsideWordsAreNoNumbers() {
        assertEquals(Optional.empty(), AnswerExtractor.extract("It is written on the door of AZYUK2A."));
        assertEquals(Optional.empty(), AnswerExtractor.extract("I cannot help with that."));
    }

    @Test
    void theSpanIsWhereTheAnswerStoodAlsoInOtherScripts() {
        String text = "<think>3</think>\n\u5171\u9700\u8981\uff14\uff12\u5143\u3002";
        Extracted found = AnswerExtractor.extract(text).orElseThrow();
        assertEquals("42 from \uff14\uff12", found.answer() + " from " + text.substring(found.start(), found.end()));
    }

    @Test
    void aRuleThatFindsLittleGivesWayToTheNext() {
        assertFound("#### Step 2\nThe answer is 7.", "7", Rule.ANSWER_IS);
        assertFound("\\boxed{7}. The final answer is positive.", "7", Rule.BOXED);
        assertFound("<answer>New York</answer>", "New York", Rule.TAG);
        assertFound("{\"answer\": 7}", "7", Rule.KEY);
        assertFound("Let $x = 3$. Therefore there are 12 ways.", "12", Rule.LAST_NUMBER);
        assertFound("We get x = \\frac{1}{2}", "x = \\frac{1}{2}", Rule.FORMULA);
    }

    @Test
    void theSpanIsWhereTheAnswerStoodInTheWholeText() {
        String text = "<think>3</think>\nThe answer is 18 dollars.";
        Extracted found = AnswerExtractor.extract(text).orElseThrow();
        assertEquals("18 dollars", text.substring(found.start(), found.end()));
    }

    @Test
    void aGoldAnswerIsTakenAsItIsUnlessItIsMarked() {
        assertEquals("12:00", AnswerExtractor.gold("12:00").orElseThrow().answer());
        assertEquals("72", AnswerExtractor.gold("48/2 = 24\n48+24 = 72\n#### 72").orElseThrow().answer());
        assertEquals("It has 3 sides", AnswerExtractor.gold("It has 3 sides.").orElseThrow().answer());
        assertTrue(AnswerExtractor.gold("  ").isEmpty());
    }

    private static void assertFound(String text, String answer, Rule rule) {
        Extracted found = AnswerExtractor.extract(text).orElseThrow();
        assertEquals(answer + " by " + rule, found.answer() + " by " + found.rule());
    }
}
