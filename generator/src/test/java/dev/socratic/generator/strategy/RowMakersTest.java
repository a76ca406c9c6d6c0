package dev.socratic.generator.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowMakersTest {
    private static final Question SUM = Scenes.question("What is 4 + 5, doubled?", "18", "4 + 5 = 9\n9 * 2 = 18");

    @SafeVarargs
    private static List<Result> play(String config, Question question, List<String>... steps) {
        Strategy strategy = Scenes.strategy(config);
        Scene scene = Scenes.scene(strategy, List.of(question), 5);
        for (List<String> texts : steps) {
            List<Query> queries = assertInstanceOf(Move.Ask.class, strategy.next(scene)).queries();
            assertEquals(texts.size(), queries.size());
            List<Reply> replies = new ArrayList<>();
            IntStream.range(0, texts.size()).forEach(i -> replies.add(Scenes.reply(queries.get(i), texts.get(i))));
            scene = scene.after(replies);
        }
        return assertInstanceOf(Move.Done.class, strategy.next(scene)).results();
    }

    private static String reason(Result result) {
        return assertInstanceOf(Result.Dropped.class, result).reason();
    }

    @Test
    void theMajoritysShortestAnswerStays() {
        Result.Answer answer = (Result.Answer) play("{best_of_n: {n: 4}}", SUM, List.of(
                "It is 9, so the answer is 17.", "First 4 + 5 = 9, and so the answer is 18.", "The answer is 18.0.",
                "Nobody knows.")).getFirst();
        assertEquals("The answer is 18.0.", answer.reply().text());
        assertEquals(0.5, answer.facts().get("agreement"));
        assertEquals("no_agreement", reason(play("{best_of_n: {n: 2, least_agreement: 0.6}}", SUM, List.of(
                "The answer is 1.", "The answer is 2.")).getFirst()));
    }

    @Test
    void aJudgesChoiceStays() {
        Result.Answer answer = (Result.Answer) play("{best_of_n: {n: 2, choose: select}}", SUM,
                List.of("The answer is 17.", "The answer is 18."), List.of("Both end alike.\nChoice: 2")).getFirst();
        assertEquals("The answer is 18.", answer.reply().text());
        assertEquals("no_choice", reason(play("{best_of_n: {n: 2, choose: select}}", SUM,
                List.of("The answer is 17.", "The answer is 18."), List.of("Choice: 3")).getFirst()));
    }

    @Test
    void adaptiveSamplingStopsAtEnoughRightOnes() {
        List<Result> results = play("{adaptive: {enough: 2, most: 8, at_once: 2}}", SUM,
                List.of("The answer is 18.", "The answer is 1."), List.of("The answer is 18.", "The answer is 2."));
        assertEquals(4, results.size());
        assertEquals(Map.of("asked", 4, "pass_rate", 0.5, "difficulty", "medium"),
                ((Result.Answer) results.getFirst()).facts());
    }

    @Test
    void pairsPutTheShortestRightAnswerFirst() {
        List<Result> results = play("{preference_pairs: {n: 3}}", SUM, List.of(
                "First we add 4 and 5, which is 9, then we double. The answer is 18.", "The answer is 18.",
                "The answer is 17."));
        assertEquals(List.of("right_wrong", "short_long"),
                results.stream().map(result -> ((Result.Pair) result).kind()).toList());
        assertTrue(results.stream().allMatch(result ->
                ((Result.Pair) result).chosen().text().equals("The answer is 18.")));
        assertEquals("no_pair", reason(play("{preference_pairs: {n: 2}}", SUM,
                List.of("The answer is 1.", "The answer is 2.")).getFirst()));
    }

    @Test
    void everyStepOfASolutionHasTheShareOfItsRolloutsThatEndRight() {
        Result.Answer answer = (Result.Answer) play("{step_labels: {rollouts: 2}}", SUM,
                List.of("4 + 5 = 9\n9 * 2 = 18\nThe answer is 18."),
                List.of("The answer is 18.", "The answer is 17.", "The answer is 18.", "So it is 18.")).getFirst();
        List<?> labels = (List<?>) answer.facts().get("step_labels");
        assertEquals(List.of(1L, 2L, 1L), labels.stream().map(label -> ((Map<?, ?>) label).get("right")).toList());
    }

    @Test
    void aForcedTraceGoesOnBehindItsOwnText() {
        Strategy strategy = Scenes.strategy("{budget_forcing: {waits: 1}}");
        Scene scene = Scenes.scene(strategy, List.of(SUM), 1);
        Query first = ((Move.Ask) strategy.next(scene)).queries().getFirst();
        scene = scene.after(List.of(Scenes.reply(first, "The answer is 17.")));
        Query second = ((Move.Ask) strategy.next(scene)).queries().getFirst();
        assertEquals("The answer is 17.\nWait,", second.parameters().prefix());
        assertEquals(first.messages(), second.messages());
        Query thinking = ((Move.Ask) strategy.next(Scenes.scene(strategy, List.of(SUM), 1).after(List.of(Scenes.reply(
                first, "<think>\n4 + 5 = 8\n</think>\nThe answer is 16."))))).queries().getFirst();
        assertEquals("<think>\n4 + 5 = 8\nWait,", thinking.parameters().prefix());
    }

    @Test
    void aTextIsTheAnswerToTheRequestWrittenForIt() {
        Result.Talk row = (Result.Talk) play("back_translation", SUM, List.of("Ask me a sum."),
                List.of("Score: 5")).getFirst();
        assertEquals(List.of("Ask me a sum.", SUM.question()),
                row.messages().stream().map(message -> message.content()).toList());
        assertTrue(row.verdicts().getFirst().passed());
        Result.Talk bad = (Result.Talk) play("back_translation", SUM, List.of("Ask me a sum."),
                List.of("Score: 2")).getFirst();
        assertEquals("2 of 5", bad.verdicts().getFirst().detail());
    }

    @Test
    void aQuestionThatLacksAFactIsAnsweredByWhatIsMissing() {
        Result.Talk row = (Result.Talk) play("refusal_data", SUM, List.of("What is 4 plus something, doubled?"),
                List.of("This cannot be answered: the second number is missing.")).getFirst();
        assertTrue(row.verdicts().getFirst().passed());
        assertEquals("What is 4 plus something, doubled?", row.messages().getFirst().content());
        assertEquals("unchanged", reason(play("refusal_data", SUM, List.of(SUM.question())).getFirst()));
    }

    @Test
    void documentsAreAskedPassageByPassageAndAnsweredAgain() {
        Question document = Question.of("# Rivers\n\nThe Elbe is 1094 km long.\n\n# Hills\n\nThe Brocken is 1141 m high.",
                Optional.empty(), Optional.empty(), "test");
        List<Result> results = play("{document_questions: {words: 30, overlap: 0, per_passage: 1}}", document,
                List.of("Question: How long is the Elbe?\nAnswer: 1094 km", "Question: How high is the Brocken?\n"
                        + "Answer: 1141 m"), List.of("1094 km", "NOT ANSWERED"));
        Result.Talk first = (Result.Talk) results.getFirst();
        assertEquals(Map.of("from", 0, "to", 35, "heading", "Rivers"), first.facts().get("passage"));
        assertTrue(first.verdicts().stream().allMatch(verdict -> verdict.passed()));
        assertEquals("not from the passage alone", ((Result.Talk) results.getLast()).verdicts().getFirst().detail());
    }

    @Test
    void passagesOverlapAndLoseNothing() {
        String text = String.join(" ", IntStream.range(0, 100).mapToObj(i -> "w" + i).toList());
        List<Passages.Passage> passages = Passages.of(text, 30, 10);
        assertEquals(5, passages.size());
        assertTrue(passages.get(1).text().startsWith("w20 "));
        assertTrue(passages.getLast().text().endsWith("w99"));
        passages.forEach(passage -> assertEquals(text.substring(passage.from(), passage.to()), passage.text()));
        assertEquals(List.of(), Passages.of(" \n\n ", 30, 10));
    }
}
