package dev.socratic.curator.decontaminate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.config.StepConfig.Decontaminate.Retrieval;
import dev.socratic.curator.duplicate.Edits;
import dev.socratic.curator.duplicate.SharedData;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.text.NumberMultiset;
import dev.socratic.curator.text.Words;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.datasets.wordproblems.WordProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecontaminateStepTest {
    private static final String LEAK =
            "Tom has 24 apples and buys 16 more at the market. How many apples does Tom have now?";
    private static final Retrieval OFF = new Retrieval(0, 0.4, 0.8);
    private static final Retrieval ON = new Retrieval(5, 0.4, 0.8);

    @Test
    void theSameProblemGoesWithTheRunOfWordsAndTheEvaluationQuestionAsEvidence() {
        JsonNode evidence = drop(step(8, 0.75, OFF, LEAK), "Listen: " + LEAK.toUpperCase(Locale.ROOT),
                "evaluation_ngram");
        assertEquals("tom has 24 apples and buys 16 more at the market how many apples does tom have now",
                evidence.get("ngram").textValue());
        assertEquals(LEAK, evidence.get("evaluation_question").textValue());
        assertEquals(question(LEAK).id(), evidence.get("evaluation_id").textValue());
        assertEquals(1, evidence.get("shared_numbers").doubleValue());
    }

    @Test
    void theSameSentencesWithOtherNumbersAreAnotherProblem() {
        String other = LEAK.replace("24", "31").replace("16", "12");
        assertEquals(Decision.KEEP, step(8, 0.75, ON, LEAK).judge(other));
        drop(step(8, 0, OFF, LEAK), other, "evaluation_ngram");
    }

    @Test
    void theSameProblemInOtherWordsIsFoundByRetrieval() {
        String reworded = "At the market Tom buys 16 apples; 24 apples he has already. Now how many apples has Tom?";
        assertEquals(Decision.KEEP, step(8, 0.75, OFF, LEAK, "How many legs have 3 dogs?").judge(reworded));
        JsonNode evidence = drop(step(8, 0.75, ON, LEAK, "How many legs have 3 dogs?"), reworded,
                "evaluation_retrieval");
        assertTrue(evidence.get("cosine").doubleValue() > 0.4, evidence.toString());
        assertTrue(evidence.get("bm25").doubleValue() > 0, evidence.toString());
    }

    @Test
    void anotherProblemWithTheSameNumbersStays() {
        assertEquals(Decision.KEEP,
                step(8, 0.75, ON, LEAK)
                        .judge("A train with 24 wagons carries 16 tons of coal in each. How much coal is that?"));
    }

    @Test
    void oneRunOfCommonWordsIsNoLeak() {
        DecontaminateStep step = step(8, 0.8, ON,
                "Mia walks 5 dogs, and each of them walks for 2 miles. How many miles a week does she walk in all "
                + "with the dogs?", "How many legs have 3 dogs?");
        String other = "Leo writes 5 pages about 2 cities every morning before breakfast. How many miles a week does "
                + "she walk in all, he asks of Ann.";
        assertEquals(Decision.KEEP, step.judge(other));
        drop(step, "Mia walks 5 dogs, and each of them walks for 2 miles. How many miles a week does she walk?",
                "evaluation_ngram");
    }

    @Test
    void aLongStoryThatHasTheSmallNumbersOfAShortOneIsAnotherProblem() {
        DecontaminateStep step = step(8, 0.8, ON,
                "It snowed 2 inches on Monday and 3 inches on Tuesday. How many inches of snow fell?",
                "How many legs has a dog?");
        assertEquals(Decision.KEEP,
                step.judge("On Monday it snowed 2 inches, on Tuesday 3 inches, and on Wednesday 7 inches before 9 "
                + "inches "
                + "melted within 4 hours. How many inches of snow are left?"));
    }

    @Test
    void aDifferentRightAnswerMakesAnotherProblemAndAnEqualOneConfirmsALeak() {
        Question leak = RowMapper.question(Json.mapper().createObjectNode().put("question", LEAK).put("answer", "40"));
        Question dogs = question("How many legs have 3 dogs?");
        DecontaminateStep step = new DecontaminateStep(Decontaminate.STANDARD, List.of(leak, dogs));
        String taken = "Tom has 24 apples and sells 16 of them at the market. How many apples are left to Tom?";
        assertTrue(step.judge(taken) instanceof Decision.Drop, "without answers the words and numbers decide");
        assertEquals(Decision.KEEP, step.judge(taken, "8"));
        assertTrue(step.judge(LEAK, "41") instanceof Decision.Drop, "the same text is a leak whatever the answer");
        String reworded = "Tom owns 24 fruits. He adds 16 apples to them at the market. What is his count?";
        assertEquals(Decision.KEEP, step.judge(reworded));
        assertTrue(step.judge(reworded, "40") instanceof Decision.Drop, "the answers are equal");
    }

    @Test
    void questionsWithoutNumbersAreToldByMoreOfTheirWords() {
        DecontaminateStep step = step(8, 0.8, ON,
                "Which of the following is most likely a learned behavior of a young fox?", "Why is the sky blue?");
        assertEquals(Decision.KEEP, step.judge("Which of the following is most likely an inherited trait of a fox?"));
        assertTrue(step.judge(
                "A learned behavior of a young fox is most likely which of the following?") instanceof Decision.Drop);
    }

    @Test
    void aShortEvaluationQuestionMustStandInTheRowWhole() {
        DecontaminateStep step = step(8, 0.75, OFF, "What is 7 + 5?", "");
        drop(step, "Tell me: what is 7 + 5?", "evaluation_ngram");
        assertEquals(Decision.KEEP, step.judge("What is 7 + 6?"));
        assertEquals(Decision.KEEP, step.judge("What is 5?"));
        assertEquals(Decision.KEEP, step.judge(""));
    }

    @Test
    void withoutAnEvaluationEveryRowStaysAndTheFactsSayThatNothingWasChecked() {
        DecontaminateStep step = step(8, 0.75, ON);
        assertEquals(Decision.KEEP, step.judge(LEAK));
        assertEquals(0, step.facts().get("evaluation_questions").intValue());
    }

    @Test
    void aSourceWithoutAQuestionIsRefusedWithTheReasonOfItsFirstRow(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("test.jsonl"), "{\"problem\": \"1 + 1\"}\n");
        Decontaminate config = new Decontaminate(List.of(QuestionSource.File.of(file)), 8, 0.5, 0.8, ON, 0);
        String message = assertThrows(ConfigException.class, () -> DecontaminateStep.of(config,
                StepContext.of(List.of(), folder))).getMessage();
        assertTrue(message.startsWith("decontaminate, questions of 'against': at least one evaluation question; got "
                + "none; the first row: row: a field question"), message);
        assertTrue(message.endsWith("mend the path or the fields of that source"), message);
    }

    @Test
    void theQuestionsOfTheRecipesEvaluationAreCheckedToo(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("test.jsonl"), "{\"question\": \"" + LEAK + "\"}\n");
        DecontaminateStep step = DecontaminateStep.of(
                Decontaminate.STANDARD, StepContext.of(
                        List.of(new EvaluationQuestions("market", QuestionSource.File.of(file), 0)), folder));
        drop(step, LEAK, "evaluation_ngram");
        assertEquals(Decision.KEEP, step.judge("How many legs have 3 dogs?"));
    }

    @Test
    void factsNameTheRuleAndItsLimits() {
        assertEquals(
                "{\"coverage\":0.5,\"evaluation_questions\":1,\"ngram\":8,\"numbers\":0.75,\"questions\":0,"
                        + "\"retrieval\":{\"cosine\":0.4,\"cosine_without_numbers\":0.8,\"top\":5}}",
                Json.canonical(step(8, 0.75, ON, LEAK).facts()));
    }

    @Test
    void problemsFromTheTemplatesOfTheEvaluationStayWhereNumbersMustAllAgree() {
        List<Question> evaluation = problems(Split.HELD_OUT_NUMBERS, 100, 1);
        DecontaminateStep step = new DecontaminateStep(new Decontaminate(List.of(), 8, 0.5, 1, ON, 0), evaluation);
        List<Question> train = problems(Split.TRAIN, 500, 2);
        long flagged = train.stream().filter(question -> step.judge(question.question()) != Decision.KEEP).count();
        assertTrue(flagged <= 10, "flagged " + flagged);
        assertTrue(evaluation.stream().noneMatch(question -> step.judge(question.question()) == Decision.KEEP));
    }

    @Test
    @Tag("slow")
    void leakedGsm8kTestQuestionsWithEditedWordsAreFoundAndTrainingQuestionsStay() {
        List<Question> test = SharedData.gsm8k("test.jsonl");
        DecontaminateStep step = new DecontaminateStep(Decontaminate.STANDARD, test);
        SplittableRandom random = new SplittableRandom(1);
        long found = test.stream()
                .filter(question -> step.judge(withEditedWords(question.question(), 8, random)) != Decision.KEEP)
                .count();
        List<Question> train = SharedData.gsm8k("train.jsonl");
        long flagged = train.stream().filter(question -> step.judge(question.question()) != Decision.KEEP).count();
        assertTrue(found >= 0.99 * test.size(), "found %s of %s".formatted(found, test.size()));
        assertTrue(flagged <= 0.01 * train.size(), "flagged %s of %s".formatted(flagged, train.size()));
    }

    private static String withEditedWords(String text, int edits, SplittableRandom random) {
        String edited = text;
        for (int i = 0; i < edits; i++) {
            for (int tries = 0; tries < 50; tries++) {
                String next = Edits.edit(edited, 1, random);
                if (NumberMultiset.of(Words.of(next)).equals(NumberMultiset.of(Words.of(text)))) {
                    edited = next;
                    break;
                }
            }
        }
        return edited;
    }

    private static List<Question> problems(Split split, int count, long seed) {
        return new WordProblems(split, count, seed, new Form.Direct("")).questions().toList();
    }

    private static JsonNode drop(DecontaminateStep step, String question, String reason) {
        return switch (step.judge(question)) {
            case Decision.Keep keep -> throw new AssertionError("kept: " + question);
            case Decision.Edit edit -> throw new AssertionError("edited: " + question);
            case Decision.Drop drop -> {
                assertEquals(reason, drop.reason());
                yield drop.evidence();
            }
        };
    }

    private static DecontaminateStep step(int ngram, double numbers, Retrieval retrieval, String... evaluation) {
        List<Question> questions = Arrays.stream(evaluation).map(DecontaminateStepTest::question).toList();
        return new DecontaminateStep(new Decontaminate(List.of(), ngram, 0.5, numbers, retrieval, 0), questions);
    }

    private static Question question(String text) {
        return RowMapper.question(Json.mapper().createObjectNode().put("question", text));
    }
}
