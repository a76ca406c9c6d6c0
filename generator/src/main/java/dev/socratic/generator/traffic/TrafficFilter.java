package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Which calls become rows. What is empty chooses nothing.
///
/// @param models    patterns of the model's name, `*` for any text; one of them fits
/// @param metadata  patterns by name; all of them fit
/// @param since     asked at that moment or later; a call whose log has no time does not fit
/// @param until     asked before
/// @param text      is found in what was said, by anybody
/// @param status    of HTTP; 200 to 299 where empty
/// @param labels    of feedback; one of them was given
/// @param leastScore at least the mean of the scores given
/// @param truncated whether answers that were cut at their limit are rows too
public record TrafficFilter(
        List<String> models, Map<String, String> metadata, Optional<Instant> since, Optional<Instant> until,
        Optional<Pattern> text, Set<Integer> status, Set<String> labels, Optional<Double> leastScore,
        boolean truncated) {
    /// Every call that was answered whole.
    public static final TrafficFilter NONE = new TrafficFilter(List.of(), Map.of(), Optional.empty(), Optional.empty(),
            Optional.empty(), Set.of(), Set.of(), Optional.empty(), false);

    public TrafficFilter {
        models = List.copyOf(models);
        metadata = Map.copyOf(metadata);
        status = Set.copyOf(status);
        labels = Set.copyOf(labels);
    }

    /// @return the first filter that does not let it through: `status`, `model`, `metadata`, `date`, `label`, `score`
    Optional<String> refuses(CapturedCall call) {
        boolean fine = status.isEmpty() ? call.status() >= 200 && call.status() < 300 : status.contains(call.status());
        if (!fine) {
            return Optional.of("status");
        }
        if (!models.isEmpty() && models.stream().noneMatch(pattern -> fits(pattern, call.model()))) {
            return Optional.of("model");
        }
        if (!metadata.entrySet().stream().allMatch(one -> call.metadata().containsKey(one.getKey())
                && fits(one.getValue(), call.metadata().get(one.getKey())))) {
            return Optional.of("metadata");
        }
        boolean early = since.filter(from -> call.at().filter(at -> !at.isBefore(from)).isEmpty()).isPresent();
        boolean late = until.filter(to -> call.at().filter(at -> at.isBefore(to)).isEmpty()).isPresent();
        if (early || late) {
            return Optional.of("date");
        }
        if (!labels.isEmpty() && labels(call).stream().noneMatch(labels::contains)) {
            return Optional.of("label");
        }
        OptionalDouble score = score(call);
        boolean low = leastScore.filter(least -> score.isEmpty() || score.getAsDouble() < least).isPresent();
        return low ? Optional.of("score") : Optional.empty();
    }

    /// @param said every text of the call, one behind the other, made only where a text is looked for
    boolean says(Supplier<String> said) {
        return text.map(pattern -> pattern.matcher(said.get()).find()).orElse(true);
    }

    private static boolean fits(String pattern, String value) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(value).matches();
    }

    private static Set<String> labels(CapturedCall call) {
        Set<String> labels = new TreeSet<>();
        call.feedback().stream().map(said -> said.path("label")).filter(JsonNode::isTextual)
                .forEach(label -> labels.add(label.textValue()));
        return labels;
    }

    private static OptionalDouble score(CapturedCall call) {
        return call.feedback().stream().map(said -> said.path("score")).filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::doubleValue).average();
    }
}
