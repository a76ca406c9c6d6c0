package dev.socratic.trainer.teacher;

import dev.socratic.core.error.Problem;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.objective.Atoms;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which stores could stand in a teacher's place, said before any is captured.
public final class StoreForecast {
    private static final List<Encoding> ENCODINGS = List.of(
            new Encoding.Dense(Encoding.Width.FLOAT), new Encoding.TopK(64, Encoding.Tail.BUCKET),
            new Encoding.Sampled(50));

    private StoreForecast() {}

    /// @param capture how the store would have to be captured
    /// @param missing what it could not give; empty where training from it is training from the teacher
    public record Supplied(CaptureConfig capture, List<Problem> missing) {}

    /// @return for each encoding by name, captured at the temperature that the objective's first term towards the
    ///         teacher has
    public static Map<String, Supplied> of(Objective objective) {
        double temperature = objective.terms().stream().filter(Term::needsTeacher).findFirst()
                .map(StoreForecast::temperature)
                .orElse(1.0);
        Map<String, Supplied> all = new LinkedHashMap<>();
        for (Encoding encoding : ENCODINGS) {
            CaptureConfig capture = CaptureConfig.of(encoding).at(encoding instanceof Encoding.Dense ? 1 : temperature);
            all.put(Atoms.name(encoding, Encoding.class),
                    new Supplied(capture, StoreCapabilities.problems(objective, List.of(capture))));
        }
        return all;
    }

    /// @param captures of the stores a training would read, that of the largest teacher first
    /// @return what they cannot give this objective; empty where training from them is training from the teachers
    public static List<Problem> missing(Objective objective, List<CaptureConfig> captures) {
        return StoreCapabilities.problems(objective, captures);
    }

    private static double temperature(Term term) {
        return term.views().stream().mapToDouble(view -> view instanceof View.Temperature t ? t.tau() : 1)
                .reduce(1, (a, b) -> a * b);
    }
}
