package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.answer.AnswerExtractor.Extracted;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Of several places where an answer could stand, the one that is believed, and where in the text it is.
class AnswerPlacesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <answer>5</answer>. No: <answer>6</answer>               | 6
            <answer>5</answer> or <answer>6</answer>                 | 5
            <answer>5</answer> as in <solution>6</solution>          | 5
            <solution>6</solution> so <answer>5</answer>             | 5
            <solution>6</solution> then <result>7</result>           | 7
            <answer>5</answer>. No: <answer>6                        | 5
            it is <answer>6                                          | 6
            <answer>5</answer> <answer></answer>                     | 5
            <answer>5</answer> <answer>   </answer>                  | 5
            <solution>x</solution> <answer>5                         | x
            <answer>5</answer>, not `<answer>6</answer>`             | 5
            <ANSWER>5</Answer>                                       | 5
            <answer>I add them. The answer is 5.</answer>            | 5
            <answer>a long way</answer>                              | a long way
            <solution>Step 4 gives 5 apples.</solution>              | 5
            """)
    void ofSeveralTagsTheLastIsBelievedThatHoldsAnAnswer(String text, String answer) {
        assertEquals(answer, AnswerExtractor.extract(text).orElseThrow().answer());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            \\boxed{1} and \\boxed{2}                                  | 1, 2
            \\boxed{x} cm wide \\boxed{y}                              | x, y
            \\boxed{1} cm wide gap \\boxed{2}                          | 2
            \\boxed{1} apples red and some ripe pears \\boxed{2}       | 1, 2
            \\boxed{1} apples red and some very ripe pears \\boxed{2}  | 2
            \\boxed{1} and then \\boxed{2}                             | 1, 2
            \\boxed{1} and so we then get \\boxed{2}                   | 2
            \\boxed{1}. \\boxed{2}                                     | 2
            \\boxed{1} + 3 - 4 / 5 \\boxed{2}                          | 1, 2
            \\boxed{} is empty, \\boxed{2} is not                      | 2
            \\fbox{3}                                                 | 3
            \\boxed{\\frac{1}{2}}                                      | \\frac{1}{2}
            \\boxed{\\{1, 2\\}}                                        | \\{1, 2\\}
            \\boxed{4                                                 | 4
            """)
    void boxesThatBelongTogetherAreOneAnswer(String text, String answer) {
        assertEquals(answer, AnswerExtractor.extract(text).orElseThrow().answer());
    }

    @Test
    void boxesAreTogetherUpToEightyCharactersAndSixteen() {
        assertEquals("1, 2", extracted("\\boxed{1}" + "-".repeat(79) + " \\boxed{2}").answer());
        assertEquals("2", extracted("\\boxed{1}" + "-".repeat(80) + " \\boxed{2}").answer());
        assertEquals("2", extracted("\\boxed{1}\n and \n\\boxed{2}".replace(" and ", "and\nb")).answer());
        String twenty = IntStream.rangeClosed(1, 20).mapToObj(i -> "\\boxed{" + i + "}")
                .collect(Collectors.joining(", "));
        assertEquals(IntStream.rangeClosed(5, 20).mapToObj(String::valueOf).collect(Collectors.joining(", ")),
                extracted(twenty).answer());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Yes: \\boxed{1} and \\boxed{22}. | \\boxed{1} and \\boxed{22}
            so <answer> 5 </answer> it is    | 5
            so <answer>  a way </answer>     | a way
            #### 12 | 12
            {"answer": "12 cm"} | 12 cm
            The final answer is 7. | 7
            Therefore there are 12 ways. | 12
            <think>9</think>The answer is \\frac{1}{2}. | \\frac{1}{2}
            """)
    void whereItStoodIsSaid(String text, String place) {
        Extracted found = extracted(text);
        assertEquals(place, text.substring(found.start(), found.end()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            #### Step 2$The answer is 7. | 7
            #### New York                | New York
            So.$#### New York$           | New York
            #### New York$Then more.     |
            """)
    void aHeadingIsNoAnswerUnlessItEndsTheText(String text, String answer) {
        Optional<String> found = AnswerExtractor.extract(text.replace("$", "\n")).map(Extracted::answer);
        assertEquals(Optional.ofNullable(answer), found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            B     | It takes 12 apples. So 12.      | false | no option in the text
            B     | The answer is (B).              | true  | the same option: B
            B     | The answer is (C).              | false | another option: C, not B
            (B)   | B                               | true  | the same option: B
            x     | \\boxed{x}                       | true  | the same text
            7     | I do not know.                  | false | no final answer in the text
            """)
    void aLetterIsJudgedAsAnOptionAndAllElseByItsValue(String gold, String text, boolean equal, String why) {
        AnswerCheck.Result result = AnswerCheck.STANDARD.check(gold, text);
        assertEquals(equal + ": " + why, result.equal() + ": " + result.why());
    }

    @Test
    void whatHasOptionsIsSearchedForOneFirst() {
        Choices choices = new Choices(List.of(new Choices.Choice("A", "3"), new Choices.Choice("B", "4")));
        assertEquals("B", AnswerCheck.find("I choose (B), for 2 + 2 = 4.", choices).orElseThrow().answer());
        assertEquals("17", AnswerCheck.find("I count 17.", choices).orElseThrow().answer());
        assertEquals("4", AnswerCheck.find("2 + 2 = 4, so 4.", Choices.NONE).orElseThrow().answer());
    }

    @Test
    void whatIsReadOfAnAnswerHasBounds() {
        assertTrue(judge("1", list(256, "1")).why().startsWith("another value: 1, 2, 3"));
        assertEquals("answer cannot be read or judged: more than 256 elements", judge("1", list(257, "1")).why());
    }

    private static String list(int n, String first) {
        return first + IntStream.rangeClosed(2, n).mapToObj(i -> ", " + i).collect(Collectors.joining());
    }

    private static Equivalence.Verdict judge(String gold, String answer) {
        return Equivalence.STANDARD.judge(gold, answer);
    }

    private static Extracted extracted(String text) {
        return AnswerExtractor.extract(text).orElseThrow();
    }
}
