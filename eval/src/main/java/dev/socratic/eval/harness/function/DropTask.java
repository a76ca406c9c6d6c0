package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.python.PythonPattern;
import dev.socratic.core.python.PythonStrings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// DROP, Dua et al. 2019, arXiv:1903.00161: exact match and F1 over bags of words, the best of several golds.
final class DropTask {
    private static final PythonPattern ARTICLES = PythonPattern.of("\\b(a|an|the)\\b");
    private static final Pattern TOKENS = Pattern.compile("[ -]");
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private DropTask() {}

    static Map<String, TaskFunction> all() {
        return Map.of("drop/utils.process_docs", (TaskFunction.Documents) DropTask::documents,
                "drop/utils.process_results", (TaskFunction.Results) DropTask::scores);
    }

    private static List<ObjectNode> documents(List<ObjectNode> documents) {
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode document : documents) {
            ObjectNode out = document.deepCopy().put("id", CompletionTasks.text(document, "query_id"));
            Set<List<String>> golds = new LinkedHashSet<>();
            golds.add(gold(CompletionTasks.need(document, "answer")));
            JsonNode others = CompletionTasks.need(document, "validated_answers");
            for (int i = 0; i < others.path("number").size(); i++) {
                golds.add(gold(others.path("number").path(i), others.path("spans").path(i),
                        others.path("date").path(i)));
            }
            ArrayNode answers = out.putArray("answers");
            golds.forEach(gold -> {
                ArrayNode one = answers.addArray();
                gold.forEach(one::add);
            });
            all.add(out);
        }
        return all;
    }

    private static List<String> gold(JsonNode answer) {
        return gold(answer.path("number"), answer.path("spans"), answer.path("date"));
    }

    private static List<String> gold(JsonNode number, JsonNode spans, JsonNode date) {
        if (!number.asText().isEmpty()) {
            return List.of(number.asText());
        }
        if (!spans.isEmpty()) {
            return spans.valueStream().map(JsonNode::asText).toList();
        }
        return List.of(PythonStrings.strip("%s %s %s".formatted(date.path("day").asText(),
                date.path("month").asText(), date.path("year").asText())));
    }

    private static Map<String, Object> scores(ObjectNode document, List<Object> results) {
        List<String> written = results.stream().map(String::valueOf).toList();
        double exact = 0;
        double f1 = 0;
        for (JsonNode answer : CompletionTasks.need(document, "answers")) {
            List<String> gold = answer.valueStream().map(JsonNode::asText).toList();
            if (!PythonStrings.strip(gold.getFirst()).isEmpty()) {
                exact = Math.max(exact, exact(written, gold));
                f1 = Math.max(f1, f1(written, gold));
            }
        }
        return Map.of("em", exact, "f1", f1);
    }

    private static double exact(List<String> written, List<String> gold) {
        List<String> a = written.stream().map(DropTask::normalised).toList();
        List<String> b = gold.stream().map(DropTask::normalised).toList();
        return a.size() == b.size() && Set.copyOf(a).equals(Set.copyOf(b)) ? 1 : 0;
    }

    /// Each gold is given an answer of its own so that the sum is greatest; the model gives one answer, so one gold
    /// has it.
    private static double f1(List<String> written, List<String> gold) {
        double best = 0;
        for (String one : written) {
            for (String other : gold) {
                best = Math.max(best, overlap(bag(one), bag(other)));
            }
        }
        return Math.rint(best / Math.max(gold.size(), written.size()) * 100) / 100;
    }

    private static Set<String> bag(String text) {
        return new HashSet<>(PythonStrings.split(normalised(text)));
    }

    private static double overlap(Set<String> written, Set<String> gold) {
        Predicate<String> number = word -> PythonStrings.number(word).isPresent();
        boolean numbered = gold.stream().anyMatch(number);
        if (numbered && gold.stream().filter(number).noneMatch(written::contains)) {
            return 0;
        }
        double both = gold.stream().filter(written::contains).count();
        double precision = written.isEmpty() ? 1 : both / written.size();
        double recall = gold.isEmpty() ? 1 : both / gold.size();
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    private static String normalised(String text) {
        return TOKENS.splitAsStream(text).map(token -> token.toLowerCase(Locale.ROOT)).map(DropTask::plain)
                .map(token -> PythonStrings.number(token).isPresent()
                        ? PythonStrings.repr(PythonStrings.number(token).getAsDouble()) : token)
                .map(token -> String.join(" ", PythonStrings.split(ARTICLES.sub(" ", token, 0))))
                .filter(token -> !token.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String plain(String token) {
        return PythonStrings.number(token).isPresent() ? token : token.chars().filter(c -> PUNCTUATION.indexOf(c) < 0)
                .collect(StringBuilder::new, (out, c) -> out.append((char) c), StringBuilder::append).toString();
    }
}
