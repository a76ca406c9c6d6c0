package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.Length;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import dev.socratic.curator.text.Words;
import java.util.List;
import java.util.Locale;

/// Drops rows whose text is shorter than `min` or longer than `max`; both limits themselves stay.
public final class LengthStep implements Step {
    private final Length config;

    public LengthStep(Length config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "length";
    }

    @Override
    public Decision judge(Candidate row) {
        String text = row.text(config.of());
        int length = switch (config.unit()) {
            case WORDS -> Words.of(text).size();
            case CHARACTERS -> text.codePointCount(0, text.length());
        };
        RowScores scores = RowScores.of(unit(), length);
        if (length < config.min()) {
            return drop("too_short", length, "min", config.min(), scores);
        }
        return length > config.max() ? drop("too_long", length, "max", config.max(), scores)
                : new Decision.Keep(scores);
    }

    private Decision drop(String reason, int length, String limit, int value, RowScores scores) {
        return new Decision.Drop(
                reason,
                Evidence.object().put("of", config.of().spelled()).put("unit", unit()).put("length", length)
                        .put(limit, value), scores);
    }

    @Override
    public List<Threshold> thresholds() {
        return List.of(Threshold.least(unit(), config.min(), "too_short"),
                Threshold.most(unit(), config.max(), "too_long"));
    }

    @Override
    public ObjectNode facts() {
        return Evidence.object()
                .put("of", config.of().spelled())
                .put("unit", unit())
                .put("min", config.min())
                .put("max", config.max());
    }

    private String unit() {
        return config.unit().name().toLowerCase(Locale.ROOT);
    }
}
