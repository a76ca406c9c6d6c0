package dev.socratic.curator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.run.Counts;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import java.util.List;
import java.util.TreeMap;

/// How many rows went into each step, and what became of them.
final class Funnel {
    private final List<Step> steps;
    private final long[] in;
    private final List<TreeMap<String, Long>> dropped;
    private final List<TreeMap<String, Long>> edited;
    private final List<TreeMap<String, Long>> overruled;

    Funnel(List<Step> steps) {
        this.steps = steps;
        this.in = new long[steps.size()];
        this.dropped = steps.stream().map(step -> new TreeMap<String, Long>()).toList();
        this.edited = steps.stream().map(step -> new TreeMap<String, Long>()).toList();
        this.overruled = steps.stream().map(step -> new TreeMap<String, Long>()).toList();
    }

    void in(int step) {
        in[step]++;
    }

    void dropped(int step, String reason) {
        dropped.get(step).merge(reason, 1L, Long::sum);
    }

    void overruled(int step, String reason) {
        overruled.get(step).merge(reason, 1L, Long::sum);
    }

    void edited(int step, String reason) {
        edited.get(step).merge(reason, 1L, Long::sum);
    }

    /// @return reasons over all steps
    TreeMap<String, Long> reasons() {
        TreeMap<String, Long> all = new TreeMap<>();
        dropped.forEach(reasons -> reasons.forEach((reason, n) -> all.merge(reason, n, Long::sum)));
        return all;
    }

    /// @return `{counts, steps: [{step, in, out, dropped: {reason: n}, edited: {reason: n}, overruled: {reason: n},
    ///         thresholds, facts}]}`; edits, drops that people overruled and thresholds where there are any; no times,
    ///         so that equal runs give equal bytes
    ObjectNode json(Counts counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode all = json.putObject("counts").put("in", counts.in()).put("kept", counts.kept());
        ObjectNode reasons = all.putObject("dropped");
        counts.dropped().forEach(reasons::put);
        all.put("failed", counts.failed());
        ArrayNode list = json.putArray("steps");
        for (int i = 0; i < in.length; i++) {
            long gone = dropped.get(i).values().stream().mapToLong(Long::longValue).sum();
            ObjectNode step = list.addObject().put("step", steps.get(i).name()).put("in", in[i])
                    .put("out", in[i] - gone);
            dropped.get(i).forEach(step.putObject("dropped")::put);
            if (!edited.get(i).isEmpty()) {
                edited.get(i).forEach(step.putObject("edited")::put);
            }
            if (!overruled.get(i).isEmpty()) {
                overruled.get(i).forEach(step.putObject("overruled")::put);
            }
            if (!steps.get(i).thresholds().isEmpty()) {
                steps.get(i).thresholds().stream().map(Threshold::json).forEach(step.putArray("thresholds")::add);
            }
            step.set("facts", steps.get(i).facts());
        }
        return json;
    }
}
