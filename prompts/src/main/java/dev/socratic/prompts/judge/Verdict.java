package dev.socratic.prompts.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.socratic.core.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what a judge wrote: every criterion has a number on its scale, or one of its labels, or there is no verdict at
/// all. Thoughts before `</think>` are not read.
public final class Verdict {
    private static final String THOUGHT = "</think>";

    /// What a judge says behind its object does no harm.
    private static final ObjectReader OBJECT = Json.foreign().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Verdict() {}

    /// @return values by criterion, the weighted mean of several first as `overall`; empty where one is missing, no
    ///         number, outside of its scale or none of its labels
    public static Optional<Map<String, Double>> read(Rubric rubric, String written) {
        String text = written.substring(written.lastIndexOf(THOUGHT) + (written.contains(THOUGHT)
                ? THOUGHT.length() : 1));
        Optional<JsonNode> object = lastObject(text);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(Rubric.OVERALL, 0.0);
        double sum = 0;
        double weights = 0;
        for (Map.Entry<String, Rubric.Criterion> entry : rubric.criteria().entrySet()) {
            Rubric.Criterion criterion = entry.getValue();
            Optional<Double> value = criterion.regex().map(regex -> matched(regex, text))
                    .orElseGet(() -> object.flatMap(node -> scalar(node.path(entry.getKey()))))
                    .flatMap(said -> criterion.labels().isEmpty() ? number(said)
                            : Optional.ofNullable(criterion.labels().get(said.strip())));
            if (value.isEmpty() || !(value.get() >= criterion.least() && value.get() <= criterion.most())) {
                return Optional.empty();
            }
            values.put(entry.getKey(), value.get());
            sum += criterion.weight() * value.get();
            weights += criterion.weight();
        }
        values.put(Rubric.OVERALL, sum / weights);
        if (rubric.criteria().size() == 1) {
            values.remove(Rubric.OVERALL);
        }
        return Optional.of(values);
    }

    private static Optional<String> matched(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        Optional<String> last = Optional.empty();
        while (matcher.find()) {
            last = Optional.ofNullable(matcher.group(1));
        }
        return last;
    }

    private static Optional<String> scalar(JsonNode node) {
        return node.isNumber() || node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }

    private static Optional<Double> number(String text) {
        return text.strip().matches("-?[0-9]+([.][0-9]+)?") ? Optional.of(Double.parseDouble(text.strip()))
                : Optional.empty();
    }

    /// The object that begins last and can be read to its end.
    private static Optional<JsonNode> lastObject(String text) {
        for (int at = text.lastIndexOf('{'); at >= 0; at = text.lastIndexOf('{', at - 1)) {
            try {
                JsonNode node = OBJECT.readTree(text.substring(at));
                if (node.isObject()) {
                    return Optional.of(node);
                }
            } catch (JsonProcessingException unreadable) {
                // the one before it may be whole
            }
        }
        return Optional.empty();
    }
}
