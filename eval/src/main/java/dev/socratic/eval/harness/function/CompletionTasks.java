package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.python.PythonPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// HellaSwag, WinoGrande and TruthfulQA.
final class CompletionTasks {
    private static final PythonPattern BRACKETS = PythonPattern.of("\\[.*?\\]");

    private CompletionTasks() {}

    static Map<String, TaskFunction> all() {
        return Map.of("hellaswag/utils.process_docs", (TaskFunction.Documents) CompletionTasks::hellaswag,
                "winogrande/preprocess_winogrande.doc_to_text", (TaskFunction.Field) CompletionTasks::winograndeText,
                "winogrande/preprocess_winogrande.doc_to_target",
                (TaskFunction.Field) CompletionTasks::winograndeTarget,
                "winogrande/preprocess_winogrande.doc_to_choice",
                (TaskFunction.Field) CompletionTasks::winograndeChoice,
                "truthfulqa/utils.process_results_mc2", (TaskFunction.Results) CompletionTasks::truthfulMass);
    }

    /// Question and endings without the marks of WikiHow.
    static List<ObjectNode> hellaswag(List<ObjectNode> documents) {
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode document : documents) {
            ObjectNode out = document.deepCopy();
            String context = text(document, "ctx_a") + " " + capitalized(text(document, "ctx_b"));
            out.put("query", plain(text(document, "activity_label") + ": " + context));
            ArrayNode choices = out.putArray("choices");
            need(document, "endings").forEach(ending -> choices.add(plain(ending.asText())));
            out.put("gold", Integer.parseInt(text(document, "label").strip()));
            all.add(out);
        }
        return all;
    }

    private static String plain(String text) {
        return BRACKETS.sub("", text.strip().replace(" [title]", ". "), 0).replace("  ", " ");
    }

    private static String capitalized(String text) {
        int first = text.isEmpty() ? 0 : Character.charCount(text.codePointAt(0));
        return text.substring(0, first).toUpperCase(Locale.ROOT) + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /// The sentence goes on alike behind either option: which of the two beginnings is likelier to be gone on with.
    static Object winograndeText(ObjectNode document) {
        return Long.parseLong(text(document, "answer")) - 1;
    }

    static Object winograndeTarget(ObjectNode document) {
        String sentence = text(document, "sentence");
        return sentence.substring(gap(sentence) + 1).strip();
    }

    static Object winograndeChoice(ObjectNode document) {
        String sentence = text(document, "sentence");
        String before = sentence.substring(0, gap(sentence));
        return List.of(before + text(document, "option1"), before + text(document, "option2"));
    }

    private static int gap(String sentence) {
        int gap = sentence.indexOf('_');
        if (gap < 0) {
            throw new DataException("sentence", "a sentence with a gap, '_'", "'" + sentence + "'",
                    "take the row out, or mend it");
        }
        return gap;
    }

    /// The share of the true answers' probability among all.
    static Map<String, Object> truthfulMass(ObjectNode document, List<Object> results) {
        JsonNode labels = need((ObjectNode) need(document, "mc2_targets"), "labels");
        double all = 0;
        double right = 0;
        for (int i = 0; i < results.size(); i++) {
            double p = Math.exp(((TaskFunction.Likelihood) results.get(i)).logProbability());
            all += p;
            right += labels.path(i).asInt() == 1 ? p : 0;
        }
        return Map.of("acc", right / all);
    }

    static String text(ObjectNode document, String field) {
        return need(document, field).asText();
    }

    static JsonNode need(ObjectNode document, String field) {
        JsonNode value = document.get(field);
        if (value == null || value.isNull()) {
            throw new DataException("document", "a field '%s'".formatted(field),
                    "one with " + String.join(", ", (Iterable<String>) document::fieldNames),
                    "check that the file is of this data set");
        }
        return value;
    }
}
