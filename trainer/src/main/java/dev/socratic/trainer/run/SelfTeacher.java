package dev.socratic.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.objective.SelfWeights;
import dev.socratic.trainer.optim.Ema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The student as its own teacher.
final class SelfTeacher implements AutoCloseable {
    private static final String NAME = "self_teacher.";

    private final Decoder student;
    private final Decoder decoder;
    private final Optional<Ema> average;
    private final int every;

    /// @param student as it begins, before a checkpoint is read
    /// @param start   makes it as it is before the first step
    SelfTeacher(SelfWeights weights, Decoder student, NDManager manager, Supplier<Decoder> start) {
        this.student = student;
        this.average = weights instanceof SelfWeights.Ema ema
                ? Optional.of(new Ema(manager, student.trainable(), ema.decay())) : Optional.empty();
        this.every = weights instanceof SelfWeights.Ema ema ? ema.every() : 1;
        this.decoder = switch (weights) {
            case SelfWeights.Start ignored -> start.get();
            case SelfWeights.Live ignored -> student;
            case SelfWeights.Ema ignored -> student.over(average.orElseThrow().averages(), manager);
        };
    }

    Decoder decoder() {
        return decoder;
    }

    /// @return whether it stays as it is
    boolean steady() {
        return decoder != student && average.isEmpty();
    }

    /// @return what of it a checkpoint holds: the average, by the names of the weights
    Map<String, NDArray> arrays() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        average.ifPresent(ema -> ema.averages().forEach((name, array) -> all.put(NAME + name, array)));
        return all;
    }

    /// Moves the average, where it is one, towards the student as the steps so far have left it. To be called once
    /// before each step: what a checkpoint holds is the average before.
    ///
    /// @param steps how many were made
    void follow(long steps) {
        if (steps > 0 && steps % every == 0) {
            average.ifPresent(Ema::update);
        }
    }

    @Override
    public void close() {
        if (decoder != student) {
            decoder.close();
        }
        average.ifPresent(Ema::close);
    }
}
