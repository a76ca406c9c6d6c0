package dev.socratic.trainer.logits.capture;

import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.ModelCard;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.Offload;
import dev.socratic.trainer.logits.Provenance;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Where a teacher's distributions come from.
public sealed interface TeacherSource {
    /// @return whose distributions they are
    Provenance provenance();

    /// @param talk is told on one line where layers stay on disk
    /// @return the same, once it is decided whether they do
    default TeacherSource placed(Compute compute, Consumer<String> talk) {
        return switch (this) {
            case Weights weights -> new Weights(weights.folder(),
                    weights.offload().decided(weights.folder(), compute, talk));
            case Served served -> served;
        };
    }

    /// Weights in a folder, read here.
    ///
    /// @param offload whether its layers stay on disk; changes no bit of what it says
    record Weights(Path folder, Offload offload) implements TeacherSource {
        public Weights(Path folder) {
            this(folder, Offload.AUTO);
        }

        @Override
        public Provenance provenance() {
            return Provenance.of(folder);
        }
    }

    /// A model that is asked for them; it stays its owner's, who closes it.
    ///
    /// @param tokenizer folder with the model's `tokenizer.json` and chat template: rows become tokens here
    record Served(DistributionModel model, Path tokenizer) implements TeacherSource {
        @Override
        public Provenance provenance() {
            ModelCard card = model.card();
            String revision = card.revision().isEmpty() ? "" : "@" + card.revision();
            return new Provenance("%s %s%s".formatted(card.place(), card.name(), revision),
                    Provenance.tokenizer(tokenizer), Provenance.template(tokenizer));
        }
    }
}
