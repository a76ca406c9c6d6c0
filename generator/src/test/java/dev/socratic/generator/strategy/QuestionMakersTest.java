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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuestionMakersTest {
    private static final Question DUCKS = Scenes.question(
            "Janet's ducks lay 16 eggs. She eats three, bakes with 4 and sells the rest at $2 each. What does she make?",
            "18", "She sells 16 - 3 - 4 = 9 eggs.\nShe makes 9 * 2 = $18.");

    /// Each step is told the texts of its queries, in their order.
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

    private static Question made(Result result) {
        return assertInstanceOf(Result.Made.class, result).question();
    }

    private static String reason(Result result) {
        return assertInstanceOf(Result.Dropped.class, result).reason();
    }

    @Test
    void aRephrasedQuestionKeepsItsNumbersAndItsAnswer() {
        List<Result> results = play("{rephrase: {n: 2}}", DUCKS, List.of(
                "Question: \"Of 16 eggs, 3 are eaten and four baked; the others go at $2. What do they bring?\"",
                "Of 16 eggs 5 are eaten."));
        assertEquals(Optional.of("18"), made(results.getFirst()).answer());
        assertTrue(made(results.getFirst()).question().startsWith("Of 16 eggs, 3"));
        assertEquals("numbers_changed", reason(results.getLast()));
        assertEquals(DUCKS.id(), made(results.getFirst()).extra().get("made_by").path("parent").asText());
    }

    @Test
    void aNumericVariantIsComputedAnew() {
        List<Result> results = play("{numeric_variants: {n: 5}}", DUCKS);
        assertEquals(5, results.size());
        for (Result result : results) {
            Question question = made(result);
            Map<String, Integer> numbers = new HashMap<>();
            question.extra().get("made_by").path("numbers").properties()
                    .forEach(entry -> numbers.put(entry.getKey(), entry.getValue().asInt()));
            int left = numbers.get("16") - numbers.get("3") - numbers.get("4");
            assertEquals(Optional.of(Integer.toString(left * numbers.get("2"))), question.answer());
            assertTrue(question.question().contains("lay " + numbers.get("16") + " eggs"), question.question());
            assertTrue(question.question().contains("eats " + numbers.get("3") + ","), question.question());
            assertTrue(question.solution().orElseThrow().contains("= " + left + " eggs"),
                    question.solution().toString());
        }
    }

    @Test
    void aSolutionThatCannotBeTracedHasNoVariant() {
        assertEquals("not_traceable", reason(play("numeric_variants", Scenes.question(
                "Tom has 7 apples.", "42", "He has 7 * 6 = 43.")).getFirst()));
        assertEquals("not_traceable", reason(play("numeric_variants", Scenes.question(
                "Tom has 7 apples and 7 pears.", "14", "He has 7 + 7 = 14.")).getFirst()));
        assertEquals("not_traceable", reason(play("numeric_variants", Scenes.question(
                "A robe takes 2 bolts of blue and half that much white.", "3", "It takes 2/2=1 bolt.\n2+1=3"))
                .getFirst()), "2 is the bolts or the half");
        assertEquals("not_traceable", reason(play("numeric_variants", Scenes.question(
                "Mike scores 4 points and then 25% more.", "5", "He scored 4*.25=1 more.\n4+1=5")).getFirst()));
        assertEquals("not_traceable", reason(play("numeric_variants", Scenes.question(
                "Their ages are as 7 to 11 and sum to 162.", "99", "7+11=18, so it is 11/18.\n162/18=9\n11*9=99"))
                .getFirst()), "11/18 in its prose would be stale");
        assertEquals("no_solution", reason(play("numeric_variants", Question.of("What?", Optional.empty(),
                Optional.empty(), "test")).getFirst()));
    }

    @Test
    void selfInstructTakesWhatIsNewAndSaysWhyTheRestIsNot() {
        List<Result> results = play("{self_instruct: {n: 2, rounds: 1, per_round: 1}}", DUCKS, List.of(
                "Write a poem about the sea in spring.\n9. Write a poem about the sea in spring!\n10. Draw a picture "
                        + "of a small house.\n11. Sum up.\n12. Explain why leaves turn red.\n13. Name three rivers of "
                        + "Asia and their lengths."));
        assertEquals(List.of("Write a poem about the sea in spring.", "Explain why leaves turn red."),
                results.subList(0, 2).stream().map(result -> made(result).question()).toList());
        assertEquals(List.of("alike", "unfit", "length", "enough"),
                results.subList(2, 6).stream().map(QuestionMakersTest::reason).toList());
    }

    @Test
    void selfInstructShowsSeedsAndWhatWasMadeBefore() {
        Strategy strategy = Scenes.strategy("{self_instruct: {rounds: 2, per_round: 1}}");
        List<Question> seeds = IntStream.range(0, 20)
                .mapToObj(i -> Scenes.question("Seed number %s asks for something.".formatted(i), "x", "x")).toList();
        Scene scene = Scenes.scene(strategy, seeds, 1);
        Query first = ((Move.Ask) strategy.next(scene)).queries().getFirst();
        assertTrue(first.messages().getLast().content().contains("6. Seed"), first.messages().toString());
        assertTrue(first.messages().getLast().content().endsWith("7."));
        scene = scene.after(List.of(Scenes.reply(first, "Paint a red house on a hill.\n8. Sing a song of old times.")));
        String second = ((Move.Ask) strategy.next(scene)).queries().getFirst().messages().getLast().content();
        assertTrue(second.contains("Paint a red house") && second.contains("Sing a song") && second.endsWith("9."),
                second);
    }

    @Test
    void evolInstructEliminatesWhatAsksForNothingNew() {
        List<Result> results = play("{evol_instruct: {rounds: 2}}", DUCKS,
                List.of("What does she make in a week?"), List.of("Equal"),
                List.of("What does she make in a week, with half the eggs broken?"), List.of("Different"));
        assertEquals("nothing_new", reason(results.getFirst()));
        assertTrue(made(results.getLast()).question().contains("broken"));
        assertEquals("speaks_of_prompt", reason(play("evol_instruct", DUCKS,
                List.of("Here the given prompt is harder now.")).getFirst()));
    }

    @Test
    void magpieWritesBehindTheOpeningOfAUsersTurn() {
        Strategy strategy = Scenes.strategy("{magpie: {n: 2}}");
        Scene scene = Scenes.scene(strategy, List.of(DUCKS), 1);
        List<Query> queries = ((Move.Ask) strategy.next(scene)).queries();
        assertEquals(List.of("text", "text"), queries.stream().map(q -> q.messages().getFirst().role()).toList());
        assertEquals("<user>", queries.getFirst().messages().getFirst().content());
        List<Result> results = play("{magpie: {n: 2}}", DUCKS, List.of("What is rain?", "Do the following:"));
        assertEquals("What is rain?", made(results.getFirst()).question());
        assertEquals("unfit", reason(results.getLast()));
    }

    @Test
    void sampledPropertiesHangOnOneAnother() {
        String columns = "{topic: {category: {values: [money, time], weights: [1, 0]}}, steps: {number: {from: 2, to: "
                + "3}}, unit: {conditional: {on: topic, cases: {money: [euros], time: [hours]}}}}";
        Question question = made(play("{sampled_questions: {columns: %s}}".formatted(columns), DUCKS,
                List.of("How many euros?")).getFirst());
        assertEquals("money", question.extra().get("made_by").path("drawn").path("topic").asText());
        assertEquals("euros", question.extra().get("made_by").path("drawn").path("unit").asText());
    }

    @Test
    void distractorsMakeAMultipleChoiceWhoseAnswerIsALetter() {
        Question question = made(play("{distractors: {n: 2}}", DUCKS, List.of("1. 20\n2. $18.00\n3. 9\n4. 7"))
                .getFirst());
        assertTrue(question.question().contains("\n" + question.answer().orElseThrow() + ". 18"),
                question.question());
        assertEquals("too_few", reason(play("{distractors: {n: 2}}", DUCKS, List.of("18\n20")).getFirst()));
    }

    @Test
    void variantsSayWhatTheyAre() {
        Question question = made(play("{vary: {kinds: [easier]}}", DUCKS, List.of("What is 2 + 2?")).getFirst());
        assertEquals("easier", question.extra().get("made_by").path("kind").asText());
        assertEquals(Optional.empty(), question.answer());
    }
}
