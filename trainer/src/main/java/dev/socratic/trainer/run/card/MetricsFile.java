package dev.socratic.trainer.run.card;

import dev.socratic.core.json.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// `metrics.jsonl`, read back.
///
/// @param losses  loss of each step that was taken, nats a counting token
/// @param heldOut held-out losses in order
/// @param hits    held-out token accuracies, one a held-out loss
public record MetricsFile(List<Double> losses, List<Double> heldOut, List<Double> hits) {
    /// Single steps scatter; the end of training is told as the mean over so many.
    private static final int LAST = 50;
    private static final int LONGEST_LINE = 1 << 20;

    public MetricsFile {
        losses = List.copyOf(losses);
        heldOut = List.copyOf(heldOut);
        hits = List.copyOf(hits);
    }

    public static MetricsFile read(Path file) {
        List<Double> losses = new ArrayList<>();
        List<Double> heldOut = new ArrayList<>();
        List<Double> hits = new ArrayList<>();
        JsonLines.each(file, LONGEST_LINE, line -> {
            if (line.has("loss")) {
                losses.add(line.get("loss").asDouble());
            }
            if (line.has("eval_loss")) {
                heldOut.add(line.get("eval_loss").asDouble());
                hits.add(line.get("eval_token_accuracy").asDouble());
            }
        });
        return new MetricsFile(losses, heldOut, hits);
    }

    /// @return mean loss of the last 50 steps, or of all if there were fewer
    OptionalDouble lastLoss() {
        return losses.subList(Math.max(0, losses.size() - LAST), losses.size()).stream()
                .mapToDouble(Double::doubleValue)
                .average();
    }
}
