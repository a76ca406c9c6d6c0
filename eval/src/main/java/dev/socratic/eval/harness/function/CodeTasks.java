package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.eval.stats.PassAtK;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// HumanEval, HumanEval+, MBPP and MBPP+: what is run of an answer, and the figures of what ran.
final class CodeTasks {
    private static final PythonPattern BLOCK = PythonPattern.of("(?s)```(?:\\w+)?\\n?(.*?)\\n?```");
    private static final String FENCE = "```";

    private CodeTasks() {}

    static Map<String, TaskFunction> all() {
        return Map.of("humaneval/utils.build_predictions", (TaskFunction.Answers) CodeTasks::completed,
                "humaneval/utils.build_predictions_instruct", (TaskFunction.Answers) CodeTasks::completedBlock,
                "humaneval/utils.pass_at_k", (TaskFunction.Programs) CodeTasks::passAtK,
                "mbpp/utils.build_predictions", (TaskFunction.Answers) CodeTasks::block,
                "mbpp/utils.list_fewshot_samples", (TaskFunction.Samples) CodeTasks::mbppExamples,
                "mbpp/utils.pass_at_1", (TaskFunction.Programs) CodeTasks::passAt1);
    }

    /// The prompt is the beginning of the program.
    static List<Object> completed(List<Object> responses, ObjectNode document) {
        return responses.stream().map(one -> (Object) (document.path("prompt").asText() + one)).toList();
    }

    /// The same of an answer in a block of code that the prompt has opened.
    static List<Object> completedBlock(List<Object> responses, ObjectNode document) {
        return completed(responses.stream().map(one -> (Object) before(String.valueOf(one))).toList(), document);
    }

    private static String before(String text) {
        int end = text.indexOf(FENCE);
        return end < 0 ? text : text.substring(0, end);
    }

    /// The first block of code, of an answer that begins inside one; an empty program where there is none.
    static List<Object> block(List<Object> responses, ObjectNode document) {
        return responses.stream().map(one -> (Object) block(FENCE + one)).toList();
    }

    private static String block(String text) {
        List<List<String>> found = BLOCK.findAll(text);
        if (found.isEmpty()) {
            // As there: once more without the language, and without the fence that stands before the answer.
            found = BLOCK.findAll(text.substring(FENCE.length()).replace(FENCE + "python", FENCE));
        }
        return found.isEmpty() ? "" : found.getFirst().getFirst();
    }

    /// `pass@k` for each k of the metric's option, by the unbiased estimator.
    static Map<String, Double> passAtK(List<Boolean> right, Map<String, Object> options) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (int k : ks(options)) {
            figures.put("pass@" + k, of(right).any(k));
        }
        return figures;
    }

    /// Which k a metric asks for.
    static List<Integer> ks(Map<String, Object> options) {
        List<Integer> ks = new ArrayList<>();
        Object given = options.getOrDefault("k", List.of());
        for (Object one : given instanceof List<?> several ? several : List.of(given)) {
            if (one instanceof Number number) {
                ks.add(number.intValue());
            }
        }
        return ks;
    }

    static Map<String, Double> passAt1(List<Boolean> right, Map<String, Object> options) {
        return Map.of("pass_at_1", of(right).any(1));
    }

    private static PassAtK of(List<Boolean> right) {
        return new PassAtK(right.size(), (int) right.stream().filter(one -> one).count());
    }

    /// The first three training problems of MBPP (CC BY 4.0, Google Research), which stand before each question.
    static List<ObjectNode> mbppExamples() {
        return List.of(
                example(2, "Write a function to find the similar elements from the given two tuple lists.",
                        """
                        def similar_elements(test_tup1, test_tup2):
                          res = tuple(set(test_tup1) & set(test_tup2))
                          return (res) \
                        """, "assert similar_elements((3, 4, 5, 6),(5, 7, 4, 10)) == (4, 5)",
                        "assert similar_elements((1, 2, 3, 4),(5, 4, 3, 7)) == (3, 4)",
                        "assert similar_elements((11, 12, 14, 13),(17, 15, 14, 13)) == (13, 14)"),
                example(3, "Write a python function to identify non-prime numbers.",
                        """
                        import math
                        def is_not_prime(n):
                            result = False
                            for i in range(2,int(math.sqrt(n)) + 1):
                                if n % i == 0:
                                    result = True
                            return result""", "assert is_not_prime(2) == False", "assert is_not_prime(10) == True",
                        "assert is_not_prime(35) == True"),
                example(4, "Write a function to find the largest integers from a given list of numbers using heap "
                        + "queue algorithm.",
                        """
                        import heapq as hq
                        def heap_queue_largest(nums,n):
                          largest_nums = hq.nlargest(n, nums)
                          return largest_nums""",
                        "assert heap_queue_largest( [25, 35, 22, 85, 14, 65, 75, 22, 58],3)==[85, 75, 65] ",
                        "assert heap_queue_largest( [25, 35, 22, 85, 14, 65, 75, 22, 58],2)==[85, 75] ",
                        "assert heap_queue_largest( [25, 35, 22, 85, 14, 65, 75, 22, 58],5)==[85, 75, 65, 58, 35]"));
    }

    /// Lines end as in the data set, with CR and LF.
    private static ObjectNode example(int id, String text, String code, String... tests) {
        ObjectNode example = Json.mapper().createObjectNode().put("task_id", id).put("text", text)
                .put("code", code.replace("\n", "\r\n"));
        for (String test : tests) {
            example.withArray("/test_list").add(test);
        }
        return example.put("is_fewshot", true);
    }
}
