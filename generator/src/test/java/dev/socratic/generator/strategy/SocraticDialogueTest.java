package dev.socratic.generator.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SocraticDialogueTest {
    private static final Question DUCKS = Scenes.question(
            "Janet's ducks lay 16 eggs. She eats 3, bakes with 4 and sells the rest at $2 each. What does she make?",
            "18", "She sells 16 - 3 - 4 = 9 eggs.\nShe makes 9 * 2 = 18.");
    private final Strategy socratic = Scenes.strategy("{socratic_dialogue: {student: small, turns: 4, retries: 1}}");

    private Move play(String... texts) {
        return play(socratic, DUCKS, texts);
    }

    private static Move play(Strategy strategy, Question question, String... texts) {
        Scene scene = Scenes.scene(strategy, List.of(question), 1);
        for (String text : texts) {
            Query query = ((Move.Ask) strategy.next(scene)).queries().getFirst();
            scene = scene.after(List.of(Scenes.reply(query, text)));
        }
        return strategy.next(scene);
    }

    private static Query asked(Move move) {
        return assertInstanceOf(Move.Ask.class, move).queries().getFirst();
    }

    @Test
    void aSolvedDialogueIsARowForTutorsAndARowForStudents() {
        Move.Done done = assertInstanceOf(Move.Done.class, play(
                "How many eggs are left?", "16 - 3 - 4 = 9", "Right. What do 9 eggs come to?", "9 * 2 = 18"));
        Result.Talk tutor = (Result.Talk) done.results().get(0);
        Result.Talk student = (Result.Talk) done.results().get(1);
        assertEquals(List.of("system", "user", "assistant", "user", "assistant"),
                tutor.messages().stream().map(ChatMessage::role).toList());
        assertEquals("Right. What do 9 eggs come to?", tutor.messages().getLast().content());
        assertEquals("9 * 2 = 18", student.messages().getLast().content());
        assertTrue(tutor.verdicts().stream().allMatch(verdict -> verdict.passed()));
        assertEquals(2L, done.figures().get("gold_steps_reached"));
        assertTrue(tutor.messages().stream().noneMatch(message -> message.content().contains("She sells 16")),
                "what the tutor alone knew is not learned");
    }

    @Test
    void aTurnThatGivesTheAnswerAwayIsHeldBackAndTheTutorToldWhy() {
        Query again = asked(play("They make 9 * 2 = 18, don't they?"));
        assertEquals("tutor", again.role());
        assertTrue(again.messages().getFirst().content().contains("it gave away the result 18"),
                again.messages().getFirst().content());
        Move.Done done = assertInstanceOf(Move.Done.class, play(
                "They make 18, don't they?", "Is it not 18?"));
        Result.Dropped dropped = (Result.Dropped) done.results().getFirst();
        assertEquals("leak", dropped.reason());
        assertEquals(2L, done.figures().get("held_back_leak"));
    }

    @Test
    void hintsEscalateWhileTheStudentFindsNothing() {
        String calm = asked(play("How many eggs are left?", "16 - 3 - 4 = 9")).messages().getFirst().content();
        assertTrue(!calm.contains("stuck") && !calm.contains("lost"), calm);
        String first = asked(play("How many eggs are left?", "Five?")).messages().getFirst().content();
        assertTrue(first.contains("which numbers of the problem"), first);
        String third = asked(play("A?", "x", "B?", "y", "C?", "z")).messages().getFirst().content();
        assertTrue(third.contains("write down the calculation"), third);
    }

    @Test
    void aTurnOfTheStudentThatFoundNothingIsReadAndNotLearned() {
        Move.Done done = assertInstanceOf(Move.Done.class, play(
                "How many eggs are left?", "Five?", "Which numbers are there?", "9 * 2 = 18"));
        Result.Talk student = (Result.Talk) done.results().get(1);
        assertEquals(List.of(false, true), student.messages().stream().filter(ChatMessage::isAssistant)
                .map(ChatMessage::isLearned).toList());
    }

    @Test
    void anUnsolvedDialogueIsRejected() {
        Move.Done done = assertInstanceOf(Move.Done.class,
                play("A?", "x", "B?", "y", "C?", "z", "D?", "w"));
        Result.Talk tutor = (Result.Talk) done.results().getFirst();
        assertEquals("no answer after 4 turns", tutor.verdicts().getLast().detail());
    }

    @Test
    void aQuestionWithoutAnAnswerIsFirstSolvedByTheTutor() {
        Question open = Question.of("What is 9 * 2?", Optional.empty(), Optional.empty(), "test");
        Scene scene = Scenes.scene(socratic, List.of(open), 1);
        assertEquals("solve", asked(socratic.next(scene)).step());
        assertEquals("tutor", asked(play(socratic, open, "The answer is 18.")).step());
        Result.Dropped none = (Result.Dropped) assertInstanceOf(Move.Done.class,
                play(socratic, open, "I cannot say.")).results().getFirst();
        assertEquals("no_answer", none.reason());
    }
}
