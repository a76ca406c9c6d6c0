package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonLiteral;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonRandom;
import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// GPQA, MMLU-Pro and MuSR.
final class ExpertTasks {
    private static final PythonPattern BRACKETS = PythonPattern.of("\\[.*?\\]");
    private static final String LETTERS = "ABCDEFGHIJ";
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final List<String> SUBJECTS = List.of("biology", "business", "chemistry", "computer science",
            "economics", "engineering", "health", "history", "law", "math", "other", "philosophy", "physics",
            "psychology");
    private static final String ANSWER = "Answer: Let's think step by step.";

    private ExpertTasks() {}

    static Map<String, TaskFunction> all() {
        Map<String, TaskFunction> all = new HashMap<>();
        all.put("gpqa/n_shot/utils.process_docs", new Redrawn());
        // These draw from the generator that the harness seeds with 0.
        for (String kind : List.of("zeroshot", "cot_zeroshot", "cot_n_shot", "generative")) {
            all.put("gpqa/%s/utils.process_docs".formatted(kind),
                    (TaskFunction.Documents) documents -> drawn(documents, 0, 0, ExpertTasks::plain,
                            !kind.equals("zeroshot")));
        }
        all.put("leaderboard/gpqa/utils.process_docs", (TaskFunction.Documents) documents ->
                drawn(documents, 0, 0, text -> plain(text, true), false));
        all.put("mmlu_pro/utils.doc_to_text", (TaskFunction.Field) ExpertTasks::options);
        all.put("mmlu_pro/utils.fewshot_to_text", (TaskFunction.Field) ExpertTasks::options);
        all.put("mmlu_pro/utils.fewshot_to_target", (TaskFunction.Field) ExpertTasks::thought);
        all.put("leaderboard/mmlu_pro/utils.doc_to_text", (TaskFunction.Field) ExpertTasks::listed);
        all.put("leaderboard/mmlu_pro/utils.doc_to_choice", (TaskFunction.Field) document ->
                ALPHABET.chars().limit(CompletionTasks.need(document, "options").size())
                        .mapToObj(Character::toString).toList());
        SUBJECTS.forEach(subject -> all.put("mmlu_pro/utils.process_" + subject.replace(' ', '_'),
                (TaskFunction.Documents) documents -> documents.stream().filter(document ->
                        CompletionTasks.text(document, "category").equals(subject)).toList()));
        all.put("leaderboard/musr/utils.doc_to_choice", (TaskFunction.Field) ExpertTasks::choices);
        all.put("leaderboard/musr/utils.doc_to_text", (TaskFunction.Field) ExpertTasks::story);
        return all;
    }

    /// The one with a generator of its own, from which each look at the split draws anew: examples are of the first
    /// look, what is asked is of the third. Deviation: there the answers are then measured by a fourth draw, so that a
    /// right answer counts by chance; here by the one that was asked.
    private record Redrawn() implements TaskFunction.Documents {
        private static final int SEED = 42;
        private static final int LOOKS_BEFORE = 2;

        @Override
        public List<ObjectNode> of(List<ObjectNode> documents) {
            return drawn(documents, SEED, LOOKS_BEFORE, ExpertTasks::plain, false);
        }

        @Override
        public List<ObjectNode> examples(List<ObjectNode> documents) {
            return drawn(documents, SEED, 0, ExpertTasks::plain, false);
        }
    }

    private static List<ObjectNode> drawn(List<ObjectNode> documents, long seed, int before,
            UnaryOperator<String> plain, boolean listed) {
        PythonRandom random = new PythonRandom(seed);
        for (int i = 0; i < before * documents.size(); i++) {
            random.shuffle(new ArrayList<>(List.of(0, 1, 2, 3)));
        }
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode document : documents) {
            List<String> choices = new ArrayList<>();
            for (String key : List.of("Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3",
                    "Correct Answer")) {
                JsonNode value = document.path(key);
                choices.add(value.isNull() ? " " : plain.apply(CompletionTasks.text(document, key)));
            }
            String right = choices.getLast();
            random.shuffle(choices);
            ObjectNode out = document.deepCopy();
            for (int i = 0; i < choices.size(); i++) {
                out.put("choice" + (i + 1), choices.get(i));
            }
            if (listed) {
                ArrayNode list = out.putArray("choices");
                choices.forEach(list::add);
            }
            all.add(out.put("answer", "(" + LETTERS.charAt(choices.indexOf(right)) + ")"));
        }
        return all;
    }

    private static String plain(String text) {
        return plain(text, false);
    }

    private static String plain(String text, boolean withoutBrackets) {
        String left = PythonStrings.strip(text).replace(" [title]", ". ");
        return (withoutBrackets ? BRACKETS.sub("", left, 0) : left).replace("  ", " ");
    }

    private static Object options(ObjectNode document) {
        StringBuilder out = new StringBuilder("Question:\n").append(CompletionTasks.text(document, "question"))
                .append("\nOptions:\n");
        JsonNode options = CompletionTasks.need(document, "options");
        for (int i = 0; i < Math.min(options.size(), LETTERS.length()); i++) {
            out.append(LETTERS.charAt(i)).append(". ").append(PythonStrings.strip(options.get(i).asText()))
                    .append('\n');
        }
        return out.append(ANSWER).toString();
    }

    private static Object listed(ObjectNode document) {
        StringBuilder out = new StringBuilder(CompletionTasks.text(document, "question")).append('\n');
        int letter = 0;
        for (JsonNode option : CompletionTasks.need(document, "options")) {
            out.append(ALPHABET.charAt(letter++)).append(". ").append(option.asText()).append('\n');
        }
        return out.append("Answer:").toString();
    }

    private static Object thought(ObjectNode document) {
        return CompletionTasks.text(document, "cot_content").replace("A: Let's think step by step. ", "");
    }

    private static Object choices(ObjectNode document) {
        return PythonLiteral.read(CompletionTasks.text(document, "choices")).filter(List.class::isInstance)
                .orElseThrow(() -> new DataException("choices", "a list as Python prints it",
                        "'" + CompletionTasks.text(document, "choices") + "'", "mend the row"));
    }

    private static Object story(ObjectNode document) {
        StringBuilder choices = new StringBuilder();
        List<?> all = (List<?>) choices(document);
        for (int i = 0; i < all.size(); i++) {
            choices.append(i + 1).append(" - ").append(all.get(i)).append('\n');
        }
        return "%s\n\n%s\n\n%s\nAnswer:".formatted(CompletionTasks.text(document, "narrative"),
                CompletionTasks.text(document, "question"), choices);
    }
}
