package dev.socratic.datasets.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.datasets.SharedData;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Verdicts from outside.
class AnswerConformanceTest {
    private static final List<String> MODELS =
            List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");

    /// Four models' solutions of the GSM8K test set with the verdicts of its authors (Cobbe et al. 2021,
    /// arXiv:2110.14168).
    @Test
    void everyVerdictOnTheSolutionsOfGsm8kAgrees() {
        List<String> wrong = new ArrayList<>();
        int judged = 0;
        for (ObjectNode row : rows("data/gsm8k/model_solutions.jsonl")) {
            for (String model : MODELS) {
                JsonNode solution = row.get(model);
                AnswerCheck.Result result =
                        AnswerCheck.STANDARD.check(row.get("ground_truth").textValue(), solution.get("solution")
                                .textValue());
                judged++;
                if (result.equal() != solution.get("is_correct").booleanValue()) {
                    wrong.add(model + ": " + result);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(5_276, judged);
    }

    /// Cases from the tests of Math-Verify. The three we judge otherwise:
    ///
    /// - 32 accepted: 9 between `\( \)` with line ends inside; the reference does not look there, the answer is right
    /// - 253 refused: asks for the mode in which variables may be renamed, which we do not have
    /// - 263 refused: 1 + 1/e for 1 - 1/e, a known wrong verdict of the reference
    @Test
    void theVerdictsOnMathVerifysCasesAgreeButForThree() {
        Map<Integer, String> otherwise = new TreeMap<>();
        List<ObjectNode> cases = rows("conformance/math-equivalence/cases.jsonl");
        for (ObjectNode row : cases) {
            AnswerCheck check = new AnswerCheck(new Equivalence(row.path("precision").asInt(6)));
            boolean equal = check.check(row.get("gold").textValue(), row.get("answer").textValue()).equal();
            if (equal != row.get("equal").booleanValue()) {
                otherwise.put(row.get("id").intValue(), equal ? "accepted" : "refused");
            }
        }
        assertEquals(177, cases.size());
        assertEquals(Map.of(32, "accepted", 253, "refused", 263, "refused"), otherwise);
    }

    private static List<ObjectNode> rows(String file) {
        Path path = SharedData.file(file);
        List<ObjectNode> rows = new ArrayList<>();
        try (RowReader reader = RowFiles.read(path, Quarantine.refuse())) {
            reader.forEachRemaining(row -> rows.add(row.json()));
        }
        return rows;
    }
}
