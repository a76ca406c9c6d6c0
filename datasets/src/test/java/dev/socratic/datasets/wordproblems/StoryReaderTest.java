package dev.socratic.datasets.wordproblems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryReaderTest {
    private static final String PEOPLE = "people: Anna she her her, Ben he him his\n";
    private static final String GOOD = """
            == shelves (held out)
            numbers: shelves 2..9, each 3..12, k 2..4
            pick item/items: book/books, toy car/toy cars
            story: {name} has {shelves} shelves with {each} {items} on each.
            or: {each} {items} are on each of {shelves} shelves. {he} counts {k times}.
            """;

    @Test
    void aStoryIsReadAsWritten() {
        StoryBook book = StoryReader.read(PEOPLE + """
                # a comment

                aside 7..14: {name} is {x} years old.
                == shelves (held out)
                numbers: shelves 2..9, each 3..12
                pick item/items: book/books, toy car/toy cars
                story: {name} has {shelves} shelves with {each} {items} on each.
                or: There are {each} {items} on each of {shelves} shelves.
                step: all = shelves * each | How many {items}?
                step: half = all / 2
                ask: How many {items} are half of them?
                """, "book.txt");
        Story story = book.stories().getFirst();
        assertEquals("shelves", story.name());
        assertEquals(true, story.heldOut());
        assertEquals(List.of(new Story.Range("shelves", 2, 9), new Story.Range("each", 3, 12)), story.numbers());
        assertEquals(List.of(List.of("book", "books"), List.of("toy car", "toy cars")),
                story.picks().getFirst().choices());
        assertEquals(2, story.sentences().getFirst().wordings().size());
        assertEquals(new Story.Aside(7, 14, "{name} is {x} years old."), book.asides().getFirst());
        assertEquals(Operation.DIVIDED_BY, story.rules().getLast().operation());
    }

    @Test
    void aWordingThatTellsOtherNumbersIsRefused() {
        assertEquals("""
                book.txt:2: story 'shelves': the same numbers in every wording of a sentence; got '{each} {items} are on each of {shelves} shelves. {he} counts {k times}.'; use {each} {shelves}
                book.txt:2: story 'shelves': every number told in a sentence and used in a step; got 'k'; use it or drop it; a number that does not matter is an aside""",
                problems(GOOD + """
                        step: all = shelves * each | How many {items}?
                        step: two = all * k
                        ask: How many {items} twice?
                        """));
    }

    @Test
    void stepsAreMadeOfWhatIsKnownAndAllOfItIsUsed() {
        assertEquals("""
                book.txt:2: story 'x': steps made of numbers and earlier results; got 'c'; define it above this step
                book.txt:2: story 'x': a question after '|' for every step but the last; got step 'all'; add ' | How many ...?'
                book.txt:2: story 'x': a question after '|' for every step but the last; got step 'two'; drop it: the last step's question is the story's own
                book.txt:2: story 'x': every result used by a later step; got 'all'; use it or drop the step""",
                problems("""
                        == x
                        numbers: a 2..9, b 2..9
                        story: {name} has {a} and {b}.
                        step: all = a + c
                        step: two = a * b | How many?
                        ask: How many?
                        """));
    }

    @Test
    void slotsMustBeDefinedAndMannersBeSayable() {
        assertEquals("""
                book.txt:2: story 'x': 'times' or 'part' of a number within 2..5; got {a times}; write {k times} with k 2..5
                book.txt:2: story 'x': a slot that is a number, a pick or one of name, he, him, his, friend; got {nobody}; define it or correct its name
                book.txt:2: story 'x': every pick used in a sentence; got 'items'; use it or drop it""",
                problems("""
                        == x
                        numbers: a 2..9, b 2..9
                        pick items: nuts, eggs
                        story: {name} has {a times} and {b}.
                        step: all = a + b | How many has {nobody}?
                        step: two = all * 2
                        ask: How many?
                        """));
    }

    @Test
    void linesThatAreNotUnderstoodAreNamedWithTheirLine() {
        assertEquals("""
                book.txt:2: '== name' before the first 'step'; got none; name the story
                book.txt:3: a line 'key: text' with a known key; got 'stories: no'; known: people, numbers, pick, story, or, aside, step, ask, and '== name' for a new story
                book.txt:5: a range as 'name 2..9'; got 'a 9..2'; write a name and two rising numbers
                book.txt:6: a step as 'result = left op right | Question?'; got 'all = a ^ b'; op is one of + - * /
                book.txt:7: 'story' or 'ask' before 'or'; got none; move it below the sentence that it says otherwise
                book.txt:4: story 'x': at least one 'story' sentence and an 'ask'; got none; write both
                book.txt:4: story 'x': 2 to 4 steps; got 0; add or merge steps""",
                problems("step: a = b + c\nstories: no\n== x\nnumbers: a 9..2\nstep: all = a ^ b\nor: what\n"));
    }

    @Test
    void twoStoriesOfOneNameAndABookWithoutPeopleAreRefused() {
        String story = """
                == x
                numbers: a 2..9, b 2..9
                story: {name} has {a} and {b}.
                step: all = a + b | How many?
                step: two = all * 2
                ask: How many?
                """;
        assertEquals("""
                b:7: a name no other story has; got 'x'; rename one of them
                b: at least two people; got 0; write people: Anna she her her, Ben he him his""",
                assertThrows(DataException.class, () -> StoryReader.read(story + story, "b")).getMessage());
    }

    private static String problems(String stories) {
        return assertThrows(DataException.class, () -> StoryReader.read(PEOPLE + stories, "book.txt")).getMessage();
    }
}
