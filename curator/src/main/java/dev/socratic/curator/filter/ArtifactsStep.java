package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.Artifacts;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import java.util.List;
import java.util.Optional;

/// Drops rows with what a broken export left in their question or answer: letters decoded by the wrong table
/// ([Mojibake]) and remnants of web pages ([WebRemnants]).
public final class ArtifactsStep implements Step {
    private final Artifacts config;

    public ArtifactsStep(Artifacts config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "artifacts";
    }

    @Override
    public Decision judge(Candidate row) {
        String said = row.said();
        for (String text : List.of(row.question(), said)) {
            Optional<Mojibake.Found> broken = config.mojibake() ? Mojibake.find(text) : Optional.empty();
            if (broken.isPresent()) {
                return new Decision.Drop(
                        "mojibake", Evidence.object().put("found", broken.get().text())
                                .put("meant", broken.get().meant()));
            }
        }
        return config.html()
                ? WebRemnants.find(row.question(), said)
                        .<Decision>map(found -> new Decision.Drop("html", Evidence.object().put("found", found)))
                        .orElse(Decision.KEEP)
                : Decision.KEEP;
    }

    @Override
    public ObjectNode facts() {
        return Evidence.object().put("mojibake", config.mojibake()).put("html", config.html());
    }
}
