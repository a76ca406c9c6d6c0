package dev.socratic.trainer.run.card;

import dev.socratic.core.json.JsonLines;
import dev.socratic.trainer.loss.ObjectiveLoss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// `metrics.jsonl`, read back.
///
/// @param losses  loss of each step that was taken, nats a counting token
/// @param heldOut held-out losses in order
/// @param hits    held-out token accuracies, one a held-out loss
/// @param written what the lines of steps whose text a model wrote say of it, by name
public record MetricsFile(List<Double> losses, List<Double> heldOut, List<Double> hits,
        List<Map<String, Double>> written) {
    /// What is told of written text, of all that a line may say.
    private static final List<String> OF_TEXT = List.of("answer_tokens", "unfinished_answers", ObjectiveLoss.ENTROPY,
            ObjectiveLoss.KL_TO_START);

    /// Single steps scatter; the end of training is told as the mean over so many.
    private static final int LAST = 50;
    private static final int LONGEST_LINE = 1 << 20;

    public MetricsFile {
        losses = List.copyOf(losses);
        heldOut = List.copyOf(heldOut);
        hits = List.copyOf(hits);
        written = List.copyOf(written);
    }

    public static MetricsFile read(Path file) {
        return read(file, Long.MAX_VALUE);
    }

    /// @param last step whose evaluation counts as the last: later ones are of weights the student does not have
    public static MetricsFile read(Path file, long last) {
        List<Double> losses = new ArrayList<>();
        List<Double> heldOut = new ArrayList<>();
        List<Double> hits = new ArrayList<>();
        List<Map<String, Double>> written = new ArrayList<>();
        JsonLines.each(file, LONGEST_LINE, line -> {
            if (line.has("loss")) {
                losses.add(line.get("loss").asDouble());
            }
            if (line.has(OF_TEXT.getFirst())) {
                Map<String, Double> said = new LinkedHashMap<>();
                OF_TEXT.stream().filter(line::has).forEach(name -> said.put(name, line.get(name).asDouble()));
                written.add(said);
            }
            if (line.has("eval_loss") && line.get("step").asLong() <= last) {
                heldOut.add(line.get("eval_loss").asDouble());
                hits.add(line.get("eval_token_accuracy").asDouble());
            }
        });
        return new MetricsFile(losses, heldOut, hits, written);
    }

    /// @return means over the last 50 written steps, by name; nothing where there was none
    Map<String, Double> lastWritten() {
        List<Map<String, Double>> last = written.subList(Math.max(0, written.size() - LAST), written.size());
        Map<String, Double> means = new LinkedHashMap<>();
        OF_TEXT.forEach(name -> last.stream().filter(step -> step.containsKey(name)).mapToDouble(step -> step.get(name))
                .average().ifPresent(mean -> means.put(name, mean)));
        return means;
    }

    /// @return mean loss of the last 50 steps, or of all if there were fewer
    OptionalDouble lastLoss() {
        return losses.subList(Math.max(0, losses.size() - LAST), losses.size()).stream()
                .mapToDouble(Double::doubleValue)
                .average();
    }
}
