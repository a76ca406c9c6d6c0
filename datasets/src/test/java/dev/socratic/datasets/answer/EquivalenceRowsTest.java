package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
