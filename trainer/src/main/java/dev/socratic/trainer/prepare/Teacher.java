package dev.socratic.trainer.prepare;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.Planner;
import java.nio.file.Path;
import java.util.Optional;

/// The teacher, where the objective compares with one; otherwise nothing is loaded, whatever the config names.
///
/// @param decoder   its weights
/// @param tokenizer its tokenizer
public record Teacher(Optional<Decoder> decoder, Optional<Tokenizer> tokenizer) implements AutoCloseable {

    /// @param folder of the teacher
    public static Teacher of(Objective objective, Optional<Path> folder, NDManager manager) {
        Optional<Path> needed = folder.filter(ignored -> objective.needsTeacher());
        return new Teacher(needed.map(path -> Decoder.load(path, manager)), needed.map(Tokenizer::open));
    }

    /// @return the objective resolved against the student and this teacher
    /// @throws dev.socratic.core.error.ConfigException where their tokens differ
    public Plan plan(Objective objective, Decoder student, Tokenizer own) {
        Optional<Planner.Side> side = decoder.map(model -> new Planner.Side(ModelShape.of(model.config()), tokenizer.orElseThrow()));
        return Planner.plan(objective, new Planner.Side(ModelShape.of(student.config()), own), side);
    }

    @Override
    public void close() {
        decoder.ifPresent(Decoder::close);
        tokenizer.ifPresent(Tokenizer::close);
    }
}
