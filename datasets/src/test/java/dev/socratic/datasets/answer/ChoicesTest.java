package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoicesTest {
    private static final Choices CITIES =
            choices("[\"Rome\", \"the city of Paris\", \"12 apples\", \"Rome and Bonn\"]");

    private static Choices choices(String json) {
        return Choices.in(Map.of("choices", Json.read(json, JsonNode.class, "choices")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "[\"x\", \"y\"]", "{\"text\": [\"x\", \"y\"], \"label\": [\"A\", \"B\"]}", "{\"text\": [\"x\", \"y\"]}",
            "[{\"label\": \"A\", \"text\": \"x\"}, {\"label\": \"B\", \"text\": \"y\"}]",
            "[{\"key\": \"A\", \"value\": \"x\"}, {\"key\": \"B\", \"value\": \"y\"}]",
            "{\"A\": \"x\", \"B\": \"y\", \"note\": \"z\", \"C\": [1]}",
                    "{\"A\": \"x\", \"B\": \"y\"}"})
    void choicesComeInManyLayouts(String json) {
        assertEquals(List.of(new Choices.Choice("A", "x"), new Choices.Choice("B", "y")), choices(json).all());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[1]", "{}", "\"A\"", "[null, null]"})
    void whatIsNoListOfTwoAndMoreIsNone(String json) {
        assertTrue(choices(json).isEmpty());
    }

    @Test
    void theFieldThatHoldsSomeIsReadAndThenTheQuestion() {
        JsonNode none = Json.read("[]", JsonNode.class, "choices");
        JsonNode two = Json.read("[\"x\", \"y\"]", JsonNode.class, "options");
        assertEquals(2, Choices.in(Map.of("choices", none, "options", two)).all().size());
        assertEquals("x", Choices.of(Map.of("options", two), "A) 3\nB) 4\nC) 5").all().getFirst().text());
        assertEquals(3, Choices.of(Map.of("choices", none), "A) 3\nB) 4\nC) 5").all().size());
    }

    @Test
    void tenAreLetteredAndMoreAreNumbered() {
        assertEquals(List.of("A", "J", "11"), Stream.of(0, 9, 10)
                .map(i -> choices("[1,2,3,4,5,6,7,8,9,10,11]").all().get(i).label()).toList());
        String ten = "ABCDEFGHIJ".chars().mapToObj(c -> "(" + (char) c + ") " + c).collect(Collectors.joining(" "));
        assertEquals(10, Choices.listedIn("Which? " + ten + " (A) once more").all().size());
    }

    @Test
    void aLabelIsBelievedBeforeWords() {
        Choices crossed = choices("{\"A\": \"B\", \"B\": \"A\"}");
        assertEquals(Optional.of("A"), crossed.labelOf("A"));
        Choices numbered = choices("{\"text\": [\"x\", \"y\"], \"label\": [\"1\", \"2\"]}");
        assertEquals(Optional.empty(), numbered.labelOf("0"), "no place where labels are numbers");
        assertEquals(Optional.empty(), choices("[\"no\", \"it is so\"]").labelOfBeginning("no one knows"));
        assertEquals(Optional.of("B"), choices("[\"no\", \"it is so\"]").labelOfBeginning("it is so, no doubt"));
    }

    @Test
    void aQuestionMayListItsChoicesItself() {
        assertEquals(
                List.of(new Choices.Choice("A", "3"), new Choices.Choice("B", "four legs")),
                Choices.listedIn("How many?\nA) 3\nB) four legs\n").all());
        assertEquals(2, Choices.listedIn("How many? (A) 3 (B) four legs").all().size());
        assertTrue(Choices.listedIn("B) 3\nC) 4").isEmpty(), "not from A on");
        assertTrue(Choices.listedIn("A. Smith has 3 apples.").isEmpty());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', value = {
            "A | Rome", "A | The answer is Rome.", "A | The answer is A.", "B | Paris is the city of Paris",
                    "C | The answer is 12.",
            "C | \\boxed{12}", "D | Answer: Rome and Bonn", "B | <answer>The City of Paris</answer>", "B | (B) Rome"})
    void anOptionIsSaidByItsLetterOrInItsWords(String label, String text) {
        boolean whole = text.startsWith("Paris is");
        assertEquals(!whole, AnswerCheck.STANDARD.check(label, text, CITIES).equal(), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bonn", "The answer is Berlin.", "Rome or 12 apples", "The answer is (B).", "I don't know",
            "13"})
    void whatSaysNoOptionOrAnotherIsWrong(String text) {
        assertFalse(AnswerCheck.STANDARD.check("A", text, CITIES).equal(), text);
    }

    @Test
    void theGoldAnswerMayBeWordsOrAPlace() {
        assertTrue(AnswerCheck.STANDARD.check("Rome", "The answer is A.", CITIES).equal());
        assertFalse(AnswerCheck.STANDARD.check("Rome", "The answer is B.", CITIES).equal());
        assertEquals(Optional.of("C"), CITIES.labelOf("2"), "counted from 0, as MMLU does");
        assertEquals(Optional.of("B"), CITIES.labelOf("(B)"));
        assertEquals(Optional.empty(), CITIES.labelOf("7"));
        Choices numbered = choices("{\"text\": [\"x\", \"y\", \"z\"], \"label\": [\"1\", \"2\", \"3\"]}");
        assertTrue(AnswerCheck.STANDARD.check("2", "The answer is (2).", numbered).equal());
        assertFalse(AnswerCheck.STANDARD.check("2", "The answer is 3.", numbered).equal());
    }

    @Test
    void theWordsOfOneOptionCountWhereASentenceBeginsWithThem() {
        assertEquals(Optional.of("A"), CITIES.labelOfBeginning("Rome, since it is old"));
        assertEquals(Optional.empty(), CITIES.labelOfBeginning("Rome and 12 apples"));
        assertEquals(Optional.empty(), CITIES.labelOfBeginning("old Rome"));
        assertEquals(Optional.of("B"), CITIES.labelOf("b"));
        assertEquals(Optional.of("D"), CITIES.labelOf("3"));
        assertEquals(Optional.empty(), CITIES.labelOf("4"));
    }

    @Test
    void theVerdictSaysWhichOptionWasFound() {
        assertEquals("the same option: B", AnswerCheck.STANDARD.check("B", "Option B is correct.").why());
        assertEquals("another option: C, not B", AnswerCheck.STANDARD.check("B", "(C)").why());
        assertEquals("no option in the text", AnswerCheck.STANDARD.check("A", "The answer is 7.", CITIES).why());
        assertEquals(Optional.of("B"), AnswerCheck.find("(B) Rome", CITIES).map(AnswerExtractor.Extracted::answer));
    }
}
