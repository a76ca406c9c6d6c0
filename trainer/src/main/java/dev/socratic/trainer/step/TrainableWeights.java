package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.objective.Edit;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which of the student's weights an objective trains: all, or, where its layers take the place of the teacher's one
/// by one, those of its layers. What stands around them is the teacher's then: copied before the first step, without
/// gradient, the same in the student's folder at the end.
public final class TrainableWeights {
    private TrainableWeights() {}

    /// @param teachers the first is the predecessor
    /// @return the weights to train, by name, in their order
    /// @throws ConfigException if the two are not of one family, or their weights around the layers differ in shape
    public static Map<String, NDArray> trained(Edit edit, Decoder student, List<Decoder> teachers) {
        return switch (edit) {
            case Edit.None ignored -> student.trainable();
            case Edit.Perturb ignored -> student.trainable();
            case Edit.Interchange ignored -> student.trainable();
            case Edit.Replace ignored -> dressed(student, teachers.getFirst());
        };
    }

    /// @return what a checkpoint holds of the student: all that may have changed since its start
    public static Map<String, NDArray> held(Decoder student) {
        if (student.lora().isPresent()) {
            return student.trainable();
        }
        Map<String, NDArray> held = new LinkedHashMap<>(student.weights());
        held.keySet().removeAll(student.frozen());
        return held;
    }

    private static Map<String, NDArray> dressed(Decoder student, Decoder teacher) {
        require(student.config().family().equals(teacher.config().family()), "a student of the teacher's family",
                "'%s' and '%s'".formatted(student.config().family(), teacher.config().family()));
        require(student.config().scales().equals(teacher.config().scales()),
                "the teacher's scales of embedding, residuals and logits",
                "%s and %s".formatted(student.config().scales(), teacher.config().scales()));
        Map<String, NDArray> trained = new LinkedHashMap<>();
        student.weights().forEach((name, weight) -> {
            if (student.inLayer(name)) {
                trained.put(name, weight);
                return;
            }
            // A head that is tied in the teacher alone is its embedding.
            NDArray theirs = Optional.ofNullable(teacher.weights().get(name)).orElseGet(teacher::head);
            require(theirs.getShape().equals(weight.getShape()), "weights around the layers in the teacher's shapes",
                    "%s %s and %s".formatted(name, weight.getShape(), theirs.getShape()));
            Gradients.wanted(weight, false);
            weight.set(FloatBuffer.wrap(theirs.toType(DataType.FLOAT32, false).toFloatArray()));
        });
        trained.keySet().removeAll(student.frozen());
        require(student.config().tiedHead() == teacher.config().tiedHead() || !student.config().tiedHead(),
                "a head of its own in the student, as in the teacher", "a tied one");
        return trained;
    }

    private static void require(boolean holds, String expected, String got) {
        if (!holds) {
            throw new ConfigException(
                    "student", expected + ", for a student whose layers take the place of the teacher's", got,
                    "begin with some of the teacher's own layers: student: {layers_of: {path: <teacher>, keep: ...}}");
        }
    }
}
