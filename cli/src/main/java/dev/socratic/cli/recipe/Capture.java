package dev.socratic.cli.recipe;

import dev.socratic.core.config.Default;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.store.CaptureConfig;
import java.util.Optional;

/// A store of a teacher's distributions that a recipe captures; students name it as `captured`.
///
/// ```yaml
/// logits:
///   - {name: sampled, teacher: path/to/teacher, capture: {encoding: sampled, temperature: 2}}
/// ```
///
/// @param name    of its folder, `logits/<name>`
/// @param teacher folder of the teacher, or `{earlier: name}`, a student of the recipe, from which it is captured as soon as that is trained
/// @param data    rows; left out, the curated corpus
/// @param capture how it is made
public record Capture(String name, ModelRef teacher, Optional<ExampleSource> data, @Default("{}") CaptureConfig capture) {
    /// @return the same over these rows
    Capture of(ExampleSource rows) {
        return new Capture(name, teacher, Optional.of(rows), capture);
    }

    /// @return the same from the teacher at this place
    Capture from(ModelRef place) {
        return new Capture(name, place, data, capture);
    }
}
