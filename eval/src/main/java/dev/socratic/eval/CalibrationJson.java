package dev.socratic.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.eval.stats.Calibration;

/// A reliability table as JSON: `{"n", "ece", "ece_stderr"?, "brier", "bins": [{"from", "to", "n", "confidence",
/// "right", "ci95"}]}`.
public final class CalibrationJson {
    private CalibrationJson() {}

    public static ObjectNode of(Calibration calibration) {
        ObjectNode json = Json.mapper().createObjectNode().put("n", calibration.n()).put("ece", calibration.ece());
        calibration.error().ifPresent(error -> json.put("ece_stderr", error.error()));
        json.put("brier", calibration.brier());
        ArrayNode bins = json.putArray("bins");
        calibration.bins().forEach(bin -> bins.addObject().put("from", bin.low()).put("to", bin.high())
                .put("n", bin.n()).put("confidence", bin.confidence()).put("right", bin.right())
                .putArray("ci95").add(bin.ci95().low()).add(bin.ci95().high()));
        return json;
    }
}
