package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.engine.Gradients;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.ProjectionSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The learned maps of an objective: `[out, in]`, normal with deviation `1 / sqrt(in)`, from a fixed seed and their
/// names.
///
/// They live as long as the run. The optimiser steps them with the student's weights, and checkpoints hold them; the
/// student's folder does not.
final class Projections implements AutoCloseable {
    private static final long SEED = 1;

    private final NDManager own;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();

    Projections(NDManager manager, Plan plan) {
        this.own = manager.newSubManager();
        for (ProjectionSpec spec : plan.projections()) {
            weights.put(spec.name(), start(spec));
        }
    }

    Map<String, NDArray> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /// @return a map that all terms share
    NDArray named(String name) {
        return weights.get(name);
    }

    /// @param term  its number
    /// @param layer of the student, which names the pair
    Optional<ViewContext.Mapped> of(Plan plan, int term, int layer) {
        return plan.projectionNames(term, layer)
                .map(names -> new ViewContext.Mapped(weights.get(names.student()), names.teacher().map(weights::get)));
    }

    private NDArray start(ProjectionSpec spec) {
        Random random = new Random(Seeds.derive(SEED, spec.name()));
        float[] values = new float[spec.out() * spec.in()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(spec.in()));
        }
        try (NDArray borrowed = own.create(values, new Shape(spec.out(), spec.in()))) {
            NDArray weight = borrowed.duplicate(); // into native memory
            Gradients.wanted(weight, true);
            return weight;
        }
    }

    @Override
    public void close() {
        own.close();
    }
}
