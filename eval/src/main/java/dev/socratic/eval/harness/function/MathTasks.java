package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.eval.harness.task.TaskSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// MATH in the forms of Hendrycks and of Minerva, MATH-500 and AIME.
///
/// Each has its own metric, and `math_equal` (with Minerva's tasks under their name for it, `math_verify`), which is
/// our extraction and equivalence of answers. Deviations: where theirs asks sympy whether two normalised answers
/// differ by nothing, and Math-Verify whether two texts say the same, ours asks [Equivalence].
final class MathTasks {
    private static final PythonPattern FINAL =
            PythonPattern.of("Final Answer: The final answer is(.*?). I hope it is correct.");
    private static final String UNFOUND = "[invalidanswer]";
    private static final String EQUAL = "math_equal";
    private static final String EXACT = "exact_match";

    private MathTasks() {}

    static Map<String, TaskFunction> all() {
        return Map.of("minerva_math/utils.doc_to_text", (TaskFunction.Field) MathTasks::text,
                "minerva_math/utils.process_docs", (TaskFunction.Documents) MathTasks::minerva,
                "minerva_math/utils.process_results", (TaskFunction.Results) MathTasks::minervaScores,
                "minerva_math/utils.list_fewshot_samples",
                (TaskFunction.Samples) MathTasks::samples,
                "hendrycks_math/utils.process_docs", (TaskFunction.Documents) MathTasks::hendrycks,
                "hendrycks_math/utils.process_results", (TaskFunction.Results) MathTasks::hendrycksScores,
                "aime/utils.process_results", (TaskFunction.Results) MathTasks::aimeScores);
    }

    /// The four problems of Minerva's prompt.
    private static List<ObjectNode> samples() {
        return new TaskSource.BuiltIn("minerva_math/samples.jsonl").text().lines()
                .map(line -> (ObjectNode) Json.foreign(line, "a sample")).toList();
    }

    private static Object text(ObjectNode document) {
        return "Problem:\n" + CompletionTasks.text(document, "problem") + "\n\nSolution:";
    }

    private static List<ObjectNode> minerva(List<ObjectNode> documents) {
        return withAnswers(documents, true);
    }

    private static List<ObjectNode> hendrycks(List<ObjectNode> documents) {
        return withAnswers(documents, false);
    }

    private static List<ObjectNode> withAnswers(List<ObjectNode> documents, boolean normalised) {
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode document : documents) {
            String answer = boxed(document);
            all.add(document.deepCopy().put("answer", normalised ? MinervaAnswers.normalised(answer) : answer));
        }
        return all;
    }

    private static String boxed(ObjectNode document) {
        String solution = CompletionTasks.text(document, "solution");
        return BoxedAnswers.last(solution).flatMap(BoxedAnswers::content).orElseThrow(() -> new DataException(
                "solution", "a text that ends in \\boxed{ANSWER}", "'%s'".formatted(solution.length() > 60
                        ? "..." + solution.substring(solution.length() - 60) : solution),
                "take the row out, or mend it"));
    }

    private static Map<String, Object> minervaScores(ObjectNode document, List<Object> results) {
        String written = String.valueOf(results.getFirst());
        List<List<String>> found = FINAL.findAll(written + "I hope it is correct.");
        String answer = MinervaAnswers.normalised(found.isEmpty() ? UNFOUND
                : PythonStrings.strip(found.getFirst().getFirst()));
        String gold = CompletionTasks.text(document, "answer");
        boolean equal = answer.equals(gold) && !gold.isEmpty()
                || !answer.equals(MinervaAnswers.normalised(UNFOUND))
                && Equivalence.STANDARD.judge(gold, answer).equal();
        return Map.of(EXACT, number(equal), "math_verify", verified(boxed(document), written));
    }

    private static Map<String, Object> hendrycksScores(ObjectNode document, List<Object> results) {
        String written = String.valueOf(results.getFirst());
        String gold = boxed(document);
        return Map.of(EXACT, number(HendrycksAnswers.equal(dollars(written), gold)), EQUAL, verified(gold, written));
    }

    private static Map<String, Object> aimeScores(ObjectNode document, List<Object> results) {
        String written = String.valueOf(results.getFirst());
        Optional<String> boxed = BoxedAnswers.last(written).flatMap(BoxedAnswers::content);
        String key = document.propertyStream().map(Map.Entry::getKey).filter("answer"::equalsIgnoreCase).findFirst()
                .orElse("answer");
        String gold = CompletionTasks.text(document, key);
        return Map.of(EXACT, number(HendrycksAnswers.equal(boxed.orElseGet(() -> dollars(written)), gold)),
                EQUAL, verified(gold, written));
    }

    /// What stands between the first and the last dollar, or all.
    private static String dollars(String text) {
        int first = text.indexOf('$');
        int last = text.lastIndexOf('$');
        return first == last ? text : text.substring(first + 1, last);
    }

    private static Double verified(String gold, String written) {
        return number(AnswerCheck.STANDARD.check("\\boxed{" + gold + "}", written).equal());
    }

    static Double number(boolean truth) {
        return truth ? 1.0 : 0.0;
    }
}
