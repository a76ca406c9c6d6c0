package dev.socratic.datasets.tutoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.tutoring.SubQuestions.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TutoringTest {
    private static final List<Step> DUCKS = List.of(
            new Step("How many eggs does Janet sell?", "16 - 3 - 4 = 9"),
            new Step("How much does Janet make at the farmers' market?", "9 * 2 = 18"));

    @Test
    void anAnswerLeaksInWhateverFormItHasItsValue() {
        assertEquals("$1,000.00", said("#### 1000", "That makes $1,000.00, right?"));
        assertEquals("0.5", said("1/2", "So it is 0.5 of it."));
        assertEquals("18", said("18", "What is 9 * 2 = 18?"));
        assertEquals("\\frac{1}{2}", said("1/2", "Then \\boxed{\\frac{1}{2}}."));
        assertEquals("Twelve", said("12", "Twelve of them."));
        assertEquals("-3", said("-3", "It is -3."));
        assertEquals("new york", said("New York", "is it new york or not").toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void theFirstPlaceIsNamed() {
        assertEquals(Optional.of(new AnswerLeak.Place(8, 10, "18")), AnswerLeak.find("18", "Then 9, 18 and 18."));
    }

    @Test
    void whatOnlyLooksLikeTheAnswerIsNoLeak() {
        for (String text : List.of("What is 180 / 10?", "What is 36/2?", "version 1.18", "It is 18.5.", "x18", "",
                "How many are left?")) {
            assertEquals(Optional.empty(), AnswerLeak.find("18", text), text);
        }
        assertEquals(Optional.empty(), AnswerLeak.find("Yorkshire", "New York"));
        assertEquals(Optional.empty(), AnswerLeak.find("B", "A bee and B are letters. What do you think of them?"));
        assertEquals("B", said("B", "The answer is B."));
        assertEquals(Optional.empty(), AnswerLeak.find("", "anything 1"));
    }

    @Test
    void aSentenceThatEndsInAQuestionMarkAsks() {
        assertEquals(List.of("What is 2.5 * 2?", "And then?"), Asking.sentences(
                "Good. What is 2.5 * 2? Think about it. And then? Try it!"));
        assertEquals(List.of("**How many are left?**"), Asking.sentences("Step 1.\n**How many are left?**\nGo on."));
        assertEquals(1, Asking.sentences("\u600e\u4e48\u7b97\uff1f\u597d\u3002").size());
        assertTrue(!Asking.asks("Tell me how many are left."));
    }

    @Test
    void eachSentenceCoversTheOneStepItIsNearestTo() {
        assertEquals(List.of(Optional.of(1), Optional.of(2)), Coverage.of(DUCKS, List.of("Let us read it again.",
                "How many eggs are left for Janet to sell?", "What does she, Janet, make at the farmers market?")));
        assertEquals(List.of(Optional.empty(), Optional.empty()), Coverage.of(DUCKS,
                List.of("Janet sells eggs. She makes money at the farmers' market.", "Do you like eggs?")));
        assertEquals(1, Coverage.of(DUCKS, List.of("How many eggs does Janet sell and how much does Janet make at the "
                + "farmers' market?")).stream().filter(Optional::isPresent).count());
    }

    private static String said(String gold, String text) {
        return AnswerLeak.find(gold, text).map(AnswerLeak.Place::said).orElse("nothing");
    }
}
