package dev.socratic.generator.engine;

import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextModel;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.teacher.TeacherConfig;

/// A model that plays a role, opened by the caller and closed by it.
///
/// @param config who it is and what it costs
public record Actor(TextModel model, TeacherConfig config) {
    Trace.Teacher row() {
        ModelCard card = model.card();
        return new Trace.Teacher(card.name(), card.place(), card.revision());
    }
}
