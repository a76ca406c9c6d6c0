package dev.socratic.datasets.dialogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.answer.StatedNumbers;
import dev.socratic.datasets.verify.RougeL;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialogueTest {
    private static final String DUCKS = "Janet's ducks lay 16 eggs a day. She eats three for breakfast and bakes with "
            + "four. She sells the rest for $2 an egg. How much does she make every day?";
    private static final List<GoldStep> STEPS = List.of(
            new GoldStep("How many eggs does Janet sell?", "Janet sells 16 - 3 - 4 = 9 duck eggs a day."),
            new GoldStep("How much does Janet make at the farmers' market?", "She makes 9 * 2 = $18 every day."));

    @Test
    void numbersAreReadInDigitsAndInWords() {
        assertEquals(List.of("16", "9", "1250", "1/2", "3"), StatedNumbers.in(
                "16 eggs, so = $9.00, then 1,250 and 1/2 and three; no one else").stream()
                .map(StatedNumbers::value).toList());
        assertEquals(List.of(false, true), StatedNumbers.in("5 * 2 = 10").stream().skip(1)
                .map(StatedNumbers::concluding).toList());
    }

    @Test
    void aTutorLeaksWhatTheStudentHasNotSaidBefore() {
        List<DialogueTurn> dialogue = List.of(
                DialogueTurn.tutor("How many eggs are left to sell?"),
                DialogueTurn.student("16 - 3 - 4 = 9"),
                DialogueTurn.tutor("Right, 9. What do 9 eggs at $2 come to?"),
                DialogueTurn.tutor("They come to eighteen dollars."));
        assertEquals(List.of(new AnswerLeak(3, "18", true)), AnswerLeak.all(DUCKS, "18", STEPS, dialogue));
    }

    @Test
    void aStepsValueLeaksAsWell() {
        assertEquals(List.of(new AnswerLeak(0, "9", false)),
                AnswerLeak.in(DUCKS, "18", STEPS, List.of(), "There are 9 eggs left, aren't there?"));
        assertEquals(List.of(), AnswerLeak.in(DUCKS, "18", STEPS, List.of(DialogueTurn.student("I get 9.")), "9 is right."));
    }

    @Test
    void aNumberThatTheQuestionGivesLeaksOnlyAsAnAnswer() {
        String question = "Tom has 5 apples and gets 5 more, then gives away 5. How many has he?";
        assertEquals(List.of(), AnswerLeak.in(question, "5", List.of(), List.of(), "What are 5 and 5?"));
        assertEquals(1, AnswerLeak.in(question, "5", List.of(), List.of(), "So 10 - 5 = 5.").size());
        assertEquals(1, AnswerLeak.in(question, "5", List.of(), List.of(), "The answer is 5.").size());
    }

    @Test
    void anAnswerInWordsLeaksAsWholeWords() {
        assertEquals(1, AnswerLeak.in("Which city?", "Paris", List.of(), List.of(), "Think of Paris, perhaps").size());
        assertEquals(0, AnswerLeak.in("Which city?", "Paris", List.of(), List.of(), "Think of comparison").size());
    }

    @Test
    void coverageCountsQuestionsAskedAndValuesReached() {
        List<DialogueTurn> dialogue = List.of(
                DialogueTurn.tutor("Let us see. How many eggs does she sell?"),
                DialogueTurn.student("She sells 16 - 3 - 4 = 9 eggs."),
                DialogueTurn.tutor("And then?"),
                DialogueTurn.student("9 * 2 = 17"));
        Coverage coverage = Coverage.of(DUCKS, STEPS, dialogue);
        assertEquals(new Coverage(2, 1, 1), coverage);
        assertEquals(0.5, coverage.askedShare());
        assertEquals(0.5, coverage.reachedShare());
    }

    @Test
    void rougeLIsTheLongestCommonSubsequenceOfWords() {
        RougeL score = RougeL.of("police killed the gunman", "police kill the gunman");
        assertEquals(0.75, score.f1());
        assertEquals(0.5, RougeL.of("police killed the gunman", "the gunman kill police").f1()); // Lin 2004, 3.1
        assertEquals(0, RougeL.of("", "").f1());
        assertTrue(RougeL.of("a b", "a b c d").precision() < RougeL.of("a b", "a b c d").recall());
    }
}
