package dev.socratic.curator.duplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.json.Json;
import dev.socratic.curator.config.StepConfig.ExactDuplicates;
import dev.socratic.curator.config.StepConfig.NearDuplicates;
import dev.socratic.curator.config.StepConfig.NearDuplicates.Agreement;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.TextStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuplicateStepsTest {
    private static final String TOM =
            "Tom has 24 apples and buys 16 more at the market. How many apples does Tom have now?";
    private static final String LEFT = TOM.replace("now?", "left?");
    private static final String WORK =
            "first there are 24 apples and then 16 more, so in all there are 24 + 16 = 40 apples";

    @TempDir
    Path scratch;

    @Test
    void onQuestionTheAnswersToOneQuestionShareOneFate() {
        Candidate[] rows = {Answers.row(TOM, 0, WORK, "40"), Answers.row(TOM, 1, WORK, "40"),
                Answers.row(" " + TOM, 0, "x", "1"), Answers.row(" " + TOM, 1, "y", "2")};
        assertEquals("keep keep drop drop",
                said(new ExactDuplicatesStep(new ExactDuplicates(TextPart.QUESTION), scratch),
                rows));
        Candidate[] near = {Answers.row(TOM, 0, WORK, "40"), Answers.row(TOM, 1, WORK, "40"),
                Answers.row(LEFT, 0, "x", "1"),
                Answers.row(LEFT, 1, "y", "2")};
        assertEquals("keep keep drop drop", said(near(TextPart.QUESTION, Agreement.ANY), near));
    }

    @Test
    void onAnswerOnlyAnswersToTheSameQuestionAreCompared() {
        Candidate[] rows = {Answers.row(TOM, 0, WORK, "40"), Answers.row(TOM, 1, WORK, "40"),
                Answers.row("Another one?", 0, WORK, "40")};
        assertEquals("keep drop keep",
                said(new ExactDuplicatesStep(new ExactDuplicates(TextPart.ANSWER), scratch), rows));
        assertEquals("keep drop keep", said(near(TextPart.ANSWER, Agreement.ANY), rows));
    }

    @Test
    void onBothARowGoesOnlyIfQuestionAndAnswerAreAlike() {
        Candidate[] rows = {Answers.row(TOM, 0, WORK, "40"), Answers.row(LEFT, 0, WORK, "40"),
                Answers.row(TOM, 1, "totally different reasoning here", "8")};
        assertEquals("keep keep keep",
                said(new ExactDuplicatesStep(new ExactDuplicates(TextPart.BOTH), scratch), rows));
        assertEquals("keep drop keep", said(near(TextPart.BOTH, Agreement.ANY), rows));
    }

    @Test
    void everyWhiteSpaceOfUnicodeIsABlankAndNothingElseIs() {
        try (ExactDuplicatesStep step = new ExactDuplicatesStep(new ExactDuplicates(TextPart.QUESTION), scratch)) {
            step.judge(Answers.row("a b"));
            for (char c = 0; c < 0xD800; c++) {
                String text = "a" + c + " b";
                boolean blank = text.matches("(?U)a\\s+b");
                if (blank || Character.isWhitespace(c) || Character.isSpaceChar(c) || c % 499 == 0) {
                    assertEquals(blank, step.judge(Answers.row(text)) instanceof Decision.Drop, "" + (int) c);
                }
            }
        }
    }

    @Test
    void textsWithOtherNumbersAreDuplicatesOnlyWhereNumbersMayDiffer() {
        String longer = "On his way home from school " + TOM;
        Candidate[] rows = {Answers.row(longer), Answers.row(longer.replace("24", "25")),
                Answers.row(longer.replace("now?", "left?"))};
        assertEquals("keep drop drop", said(near(TextPart.QUESTION, Agreement.ANY), rows));
        assertEquals("keep keep drop", said(near(TextPart.QUESTION, Agreement.SAME), rows));
    }

    @Test
    void aNegationOrAnotherRightAnswerMakesAnotherQuestion() {
        String fact = "Which of these statements about the moons of the large planets is true in the light of the "
                + "text that you have read?";
        Candidate[] denied = {Answers.row(fact), Answers.row(fact.replace("is true", "is not true")),
                Answers.row(fact.replace("read?", "seen?"))};
        assertEquals("keep drop drop", said(near(TextPart.QUESTION, Agreement.ANY), denied));
        assertEquals("keep keep drop", said(near(TextPart.QUESTION, Agreement.SAME), denied));
        Candidate[] answered = {Answers.chat(fact, "The answer is 4."), Answers.chat(fact.replace("large", "huge"),
                "The answer is 5."),
                Answers.chat(fact.replace("large", "big"), "The answer is 4.")};
        assertEquals("keep drop drop", said(near(TextPart.QUESTION, Agreement.ANY), answered));
        assertEquals("keep keep drop", said(near(TextPart.QUESTION, Agreement.SAME), answered));
    }

    @Test
    void pairsThatDifferInTheRejectedAnswerOnlyAreTwoPairs() {
        String pair = "{\"prompt\": \"Name a bird.\", \"chosen\": \"A robin.\", \"rejected\": \"%s\"}";
        Candidate[] rows = {Answers.imported(pair.formatted("A cat.")), Answers.imported(pair.formatted("A dog.")),
                Answers.imported(pair.formatted("A cat."))};
        assertEquals("keep keep drop",
                said(new ExactDuplicatesStep(new ExactDuplicates(TextPart.BOTH), scratch), rows));
    }

    @Test
    void caseAndPunctuationCountForExactDuplicatesBlanksDoNot() {
        assertEquals("keep keep keep drop drop",
                said(new ExactDuplicatesStep(new ExactDuplicates(TextPart.QUESTION), scratch), Answers.row("5 - 3?"),
                        Answers.row("5 + 3?"), Answers.row("caf\u00e9"),
                        Answers.row("5 \u00a0+\t3?\n"), Answers.row("cafe\u0301")));
    }

    @Test
    void textsWithoutWordsAreNeverNearDuplicates() {
        assertEquals("keep keep", said(near(TextPart.QUESTION, Agreement.ANY), Answers.row("?!"), Answers.row("...")));
    }

    @Test
    void factsStateTheBandingItsExpectedRecallAndTheMemory() {
        try (Step step = near(TextPart.QUESTION, Agreement.ANY)) {
            said(step, Answers.row(TOM));
            assertEquals(
                    "{\"answers\":\"any\",\"bands\":21,\"chains\":\"keep\",\"clusters\":0,"
                            + "\"compared\":0,"
                            + "\"expected_recall\":{\"0.80\":0.998312,\"0.85\":0.999952,\"0.90\":1.0,\"0.95\":1.0},"
                            + "\"index_bytes\":364,\"keep\":\"first\",\"negation\":\"any\",\"not_compared\":0,"
                            + "\"numbers\":\"any\",\"on\":\"question\",\"rows\":6,\"seed\":1,\"shingle\":2,\"texts\":1,\"threshold\":0.8}",
                    Json.canonical(step.facts()));
        }
    }

    @Test
    void longTextsComeBackFromTheStoreAsTheyWere() {
        try (TextStore store = new TextStore(scratch.resolve("texts"))) {
            List<String> texts = List.of("a", "", "\u00fc".repeat(70_000), "b", "\ud83d\ude00");
            texts.forEach(store::add);
            for (int i = texts.size() - 1; i >= 0; i--) {
                assertEquals(texts.get(i), store.get(i));
            }
            store.add("c");
            assertEquals("c", store.get(5));
        }
    }

    private NearDuplicatesStep near(TextPart on, Agreement numbers) {
        return new NearDuplicatesStep(new NearDuplicates(on, 0.8, 2, numbers, numbers, numbers, 0.99, 128, 1), scratch);
    }

    private static String said(Step step, Candidate... rows) {
        if (step.looksAhead()) {
            Arrays.stream(rows).forEach(row -> step.look(row, RowScores.NONE));
        }
        return String.join(" ",
                Arrays.stream(rows).map(row -> step.judge(row) instanceof Decision.Keep ? "keep" : "drop").toList());
    }
}
