package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Decoder;
import java.util.List;
import java.util.Map;

/// Copies of a student that is learning, as it was at some step: for those who read its weights while it moves on.
public final class WeightCopies implements AutoCloseable {
    private final Decoder student;
    private final List<Decoder> copies;
    private final InPlace inPlace;

    /// @param copies of the same architecture; they are closed with this
    public WeightCopies(NDManager manager, Decoder student, List<Decoder> copies) {
        this.student = student;
        this.copies = List.copyOf(copies);
        this.inPlace = new InPlace(manager);
    }

    /// @param number of the copy
    /// @return the copy, with the weights as they are now
    public Decoder of(int number) {
        Decoder copy = copies.get(number);
        Map<String, NDArray> held = TrainableWeights.held(copy);
        TrainableWeights.held(student).forEach((name, weight) -> inPlace.assign(held.get(name), weight));
        return copy;
    }

    @Override
    public void close() {
        inPlace.close();
        copies.forEach(Decoder::close);
    }
}
