package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Pairs of answers of every kind that is read, `equivalences.tsv`: what is equal, what only looks so, and what is
/// refused with its reason.
class EquivalenceRowsTest {
    @Test
    void everyPairIsJudgedAsItIs() throws IOException {
        List<String> otherwise = new ArrayList<>();
        for (String[] row : rows()) {
            String said = verdict(row[0], row[1]);
            if (!said.equals(row[2])) {
                otherwise.add(String.join(" | ", row) + " -> " + said);
            }
        }
        assertEquals(List.of(), otherwise);
    }

    /// What is equal is so in either order, and nothing is equal that was other.
    @Test
    void whichOfTheTwoIsGoldMakesNoDifference() throws IOException {
        List<String> otherwise = new ArrayList<>();
        for (String[] row : rows()) {
            if (row[2].equals("equal") != verdict(row[1], row[0]).equals("equal")) {
                otherwise.add(String.join(" | ", row) + " -> " + verdict(row[1], row[0]));
            }
        }
        assertEquals(List.of(), otherwise);
    }

    @Test
    void answersOfMoreThanFourThousandCharactersAreNotJudged() {
        assertEquals("equal", verdict("x".repeat(4_096), "x".repeat(4_096)));
        assertEquals("cannot be judged: an answer of more than 4096 characters", verdict("1", "x".repeat(4_097)));
        assertEquals("cannot be judged: an answer of more than 4096 characters", verdict("x".repeat(4_097), "1"));
    }

    @Test
    void longAnswersAreShownInPart() {
        String sixty = "a" + "+1".repeat(29) + "0";
        assertEquals("another value: " + sixty + ", not 7", Equivalence.STANDARD.judge("7", sixty).why());
        assertEquals("another value: " + sixty.substring(0, 57) + "..., not 7",
                Equivalence.STANDARD.judge("7", sixty + "0").why());
    }

    @Test
    void howManyDecimalsStandForAnExactNumberIsChosen() {
        assertTrue(new Equivalence(1).judge("1/3", "0.3").equal());
        assertFalse(new Equivalence(12).judge("1/3", "0.33333333333").equal());
        assertTrue(new Equivalence(12).judge("1/3", "0.333333333333").equal());
        for (int none : new int[] {0, 13}) {
            assertEquals("decimals: from 1 to 12; got " + none + "; 6 is the default",
                    assertThrows(IllegalArgumentException.class, () -> new Equivalence(none)).getMessage());
        }
    }

    @Test
    void linesThatAreNoDataAreNone() {
        List<String> lines = DataLines.of("units.txt");
        assertTrue(lines.contains("in: inch, inches, zoll"));
        assertTrue(lines.stream().noneMatch(line -> line.isBlank() || line.startsWith("#")));
    }

    private static String verdict(String gold, String answer) {
        Equivalence.Verdict verdict = Equivalence.STANDARD.judge(gold, answer);
        return verdict.equal() ? "equal" : verdict.why().startsWith("another value") ? "other" : verdict.why();
    }

    private static List<String[]> rows() throws IOException {
        try (InputStream in = EquivalenceRowsTest.class.getResourceAsStream("equivalences.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#")).map(line -> line.split("\t")).toList();
        }
    }
}
