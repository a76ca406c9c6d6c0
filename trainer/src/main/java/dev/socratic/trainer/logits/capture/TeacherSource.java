package dev.socratic.trainer.logits.capture;

import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.ModelCard;
import dev.socratic.trainer.logits.Provenance;
import java.nio.file.Path;

/// Where a teacher's distributions come from.
public sealed interface TeacherSource {
    /// @return whose distributions they are
    Provenance provenance();

    /// Weights in a folder, read here.
    record Weights(Path folder) implements TeacherSource {
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
