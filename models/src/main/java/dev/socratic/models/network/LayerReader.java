package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The weights of a folder as a decoder holds them: all at once, or those of one layer after the other.
final class LayerReader implements AutoCloseable {
    private final FloatType held;
    private final Checkpoint checkpoint;
    private final StoredWeights stored;
    private final List<WeightPlan.Entry> plan;
    private final Quantiser quantiser;
    private final Map<String, Span> spans = new HashMap<>();
    private final Spread.Mover mover;

    /// @param held         in which they are kept where they are not quantised
    /// @param quantization in how few bits its matrices are kept
    /// @param own          of what reading needs
    /// @throws dev.socratic.core.error.DataException with everything that does not fit the config
    LayerReader(Path folder, ModelConfig config, FloatType held, Quantization quantization, NDManager own) {
        this(folder, config, held, quantization, Spread.NONE, own);
    }

    /// @param spread over which devices
    LayerReader(Path folder, ModelConfig config, FloatType held, Quantization quantization, Spread spread,
            NDManager own) {
        this.held = held;
        WeightPlan whole = WeightPlan.of(config);
        this.plan = whole.entries();
        whole.spans().forEach(span -> spans.put(span.weight().name(), span));
        this.checkpoint = Checkpoint.open(folder);
        try {
            this.stored = new StoredWeights(folder, Family.of(config.family()).orElseThrow(), checkpoint);
            List<Problem> problems = stored.problems(plan);
            if (!problems.isEmpty()) {
                throw new DataException(problems);
            }
            this.quantiser = new Quantiser(own, quantization);
            this.mover = spread.new Mover(config, own);
        } catch (RuntimeException failed) {
            checkpoint.close();
            throw failed;
        }
    }

    /// @param some    of the plan
    /// @param manager owner of the arrays
    /// @return those weights by name, in their order
    Map<String, Weight> read(List<WeightPlan.Entry> some, NDManager manager) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        stored.read(plan, some, name -> scheme(name).isPresent() ? FloatType.FLOAT32 : held, manager, (name, read) -> {
            NDArray values = mover.placed(name, read);
            weights.put(name, scheme(name)
                    .<Weight>map(scheme -> quantiser.of(values, spans.get(name).transposed(), scheme))
                    .orElseGet(() -> new Weight.Dense(values)));
        });
        return weights;
    }

    private Optional<Weight.Scheme> scheme(String name) {
        return Optional.ofNullable(spans.get(name)).flatMap(quantiser::scheme);
    }

    @Override
    public void close() {
        mover.close();
        quantiser.close();
        checkpoint.close();
    }
}
