package dev.socratic.review.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.step.AskedText;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Takes a row of a file apart into what is searched and shown.
public final class RowReading {
    /// Fields that hold numbers of other things than the row.
    private static final List<String> NO_NUMBERS = List.of("line", "index", "created", "timestamp", "id");
    private static final Pattern LATEX = Pattern.compile("\\$[^$\\n]+\\$|\\\\[(\\[]|\\\\(?:frac|boxed|sqrt|sum|begin)");
    private static final int MOST_NUMBERS = 64;

    private RowReading() {}

    /// How a row came: what no row says of itself.
    ///
    /// @param decision its line of `decisions.jsonl`; empty where there is none
    /// @param question the text of a question by its id, without the prompt around it
    public record Circumstances(RowStatus status, String feed, String file, long line, Optional<ObjectNode> decision,
            Function<String, Optional<String>> question) {}

    /// @param row as it stands in its file
    public static ReviewRow of(ObjectNode row, Circumstances around) {
        Exchange exchange;
        try {
            exchange = Exchange.of(row);
        } catch (DataException none) {
            return around.status() == RowStatus.FAILED ? unanswered(row, around)
                    : broken(row.toString(), "no row: " + none.getMessage(), around);
        }
        ReasoningSplit split = ReasoningSplit.of(exchange.answer());
        boolean text = exchange.example() instanceof Example.Text;
        Optional<String> asked = Optional.of(row.path("question")).filter(JsonNode::isTextual).map(JsonNode::textValue);
        String question = text ? "" : asked
                .or(() -> exchange.trace().flatMap(trace -> around.question().apply(trace.questionId())))
                .orElseGet(() -> AskedText.of(exchange));
        String questionId = text ? "" : exchange.trace().map(Trace::questionId)
                .orElseGet(() -> RowIds.question(question));
        String answer = text ? exchange.answer() : split.answer();
        Optional<String> reasoning = text ? Optional.empty() : split.reasoning();
        Map<String, Double> numbers = numbers(row, answer, reasoning, around);
        return new ReviewRow(exchange.id(), around.status(), around.feed(), around.file(), around.line(),
                dropped(row, around, "step", around.feed().equals("generate") ? "checks" : ""),
                dropped(row, around, "reason", ""), question, reasoning, answer, questionId,
                facets(row, exchange, question, answer, reasoning, around), numbers);
    }

    private static String dropped(ObjectNode row, Circumstances around, String name, String otherwise) {
        return around.status() == RowStatus.DROPPED ? row.path(name).asText(otherwise) : "";
    }

    /// A line that is no row.
    ///
    /// @param start  its beginning
    /// @param reason one line
    public static ReviewRow broken(String start, String reason, Circumstances around) {
        return new ReviewRow("broken_" + around.file() + ":" + around.line(), RowStatus.BROKEN, around.feed(),
                around.file(), around.line(), "", reason, start, Optional.empty(), "", "", Map.of(), Map.of());
    }

    private static ReviewRow unanswered(ObjectNode row, Circumstances around) {
        String questionId = row.path("question_id").asText();
        return new ReviewRow(row.path("id").asText(), RowStatus.FAILED, around.feed(), around.file(), around.line(),
                "", row.path("problem").asText(), around.question().apply(questionId).orElse(""), Optional.empty(), "",
                questionId, Map.of(), Map.of());
    }

    private static Map<String, Double> numbers(ObjectNode row, String answer, Optional<String> reasoning,
            Circumstances around) {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("length", (double) answer.codePointCount(0, answer.length()));
        all.put("words", (double) words(answer));
        reasoning.ifPresent(text -> all.put("reasoning_words", (double) words(text)));
        row.properties().forEach(field -> number(all, field.getKey(), field.getValue()));
        row.path("usage").properties().forEach(field -> number(all, field.getKey(), field.getValue()));
        number(all, "temperature", row.path("sampling").path("temperature"));
        around.decision().ifPresent(line -> {
            line.path("scores").properties().forEach(field -> number(all, field.getKey(), field.getValue()));
            line.path("evidence").properties().forEach(field -> number(all, field.getKey(), field.getValue()));
        });
        if (around.status() == RowStatus.DROPPED) {
            row.path("evidence").properties().forEach(field -> number(all, field.getKey(), field.getValue()));
        }
        return all;
    }

    private static void number(Map<String, Double> all, String name, JsonNode value) {
        boolean known = all.containsKey(name);
        if (value.isNumber() && !NO_NUMBERS.contains(name) && !known && all.size() < MOST_NUMBERS
                && name.matches("[A-Za-z_][A-Za-z0-9_.]{0,79}") && Double.isFinite(value.doubleValue())) {
            all.put(name, value.doubleValue());
        }
    }

    /// @return runs of what is no blank
    static int words(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean blank = Character.isWhitespace(text.charAt(i));
            words += !blank && !inside ? 1 : 0;
            inside = !blank;
        }
        return words;
    }

    private static Map<String, List<String>> facets(ObjectNode row, Exchange exchange, String question, String answer,
            Optional<String> reasoning, Circumstances around) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        String teacher = exchange.trace().map(trace -> trace.teacher().name())
                .orElseGet(() -> text(row, "teacher").or(() -> text(row, "model")).orElse(""));
        put(all, "teacher", teacher);
        put(all, "source", text(row, "source").or(() -> text(row, "dataset")).orElse(""));
        put(all, "licence", text(row, "licence").or(() -> text(row, "license")).orElse(""));
        List<String> tags = new ArrayList<>();
        row.path("tags").forEach(tag -> {
            if (tag.isTextual() && tags.size() < 32) {
                tags.add(tag.textValue());
            }
        });
        if (!tags.isEmpty()) {
            all.put("tag", tags);
        }
        all.put("has", has(row, exchange, question, answer, reasoning, around));
        return all;
    }

    private static List<String> has(ObjectNode row, Exchange exchange, String question, String answer,
            Optional<String> reasoning, Circumstances around) {
        List<String> has = new ArrayList<>();
        add(has, "reasoning", reasoning.isPresent());
        add(has, "answer", !answer.isBlank());
        add(has, "verdict", row.path("verdicts").size() > 0);
        add(has, "failed_verdict", exchange.trace().stream().flatMap(trace -> trace.verdicts().stream())
                .anyMatch(verdict -> !verdict.passed()));
        List<ChatMessage> messages = exchange.messages();
        add(has, "system", messages.stream().anyMatch(message -> message.role().equals(ChatMessage.SYSTEM)));
        add(has, "turns", messages.stream().filter(ChatMessage::isAssistant).count() > 1);
        add(has, "pair", exchange.example() instanceof Example.Pair);
        add(has, "text", exchange.example() instanceof Example.Text);
        add(has, "code", answer.contains("```") || question.contains("```"));
        add(has, "latex", LATEX.matcher(answer).find() || LATEX.matcher(question).find());
        add(has, "evidence", row.hasNonNull("evidence"));
        add(has, "edits", around.decision().filter(line -> line.has("edits")).isPresent());
        add(has, "gold", gold(row).isPresent());
        return has;
    }

    /// @return the right answer as the row itself has it
    public static Optional<String> gold(ObjectNode row) {
        return text(row, "gold").or(() -> text(row, "gold_answer"));
    }

    private static void add(List<String> all, String name, boolean there) {
        if (there) {
            all.add(name);
        }
    }

    private static void put(Map<String, List<String>> all, String name, String value) {
        if (!value.isBlank()) {
            all.put(name, List.of(ReviewRow.start(value, 8_000))); // a term of the index ends at 32,766 bytes
        }
    }

    private static Optional<String> text(ObjectNode row, String name) {
        JsonNode value = row.path(name);
        return value.isTextual() || value.isNumber() ? Optional.of(value.asText()).filter(text -> !text.isBlank())
                : Optional.empty();
    }
}
