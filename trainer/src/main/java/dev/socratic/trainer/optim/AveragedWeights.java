package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.config.EmaConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The weights a student is measured by and saved with, where these are an average: of [Ema] that is to be saved, or of
/// an optimiser that averages. Otherwise they are those that learn, and nothing here does anything.
public final class AveragedWeights implements AutoCloseable {
    private final Program program;
    private final NDManager manager;
    private final Map<String, NDArray> weights;
    private final Optional<Ema> ema;
    private final Optional<EmaConfig> config;
    private final Function<NDManager, Map<String, NDArray>> averages;

    /// @param manager of the weights' copies while averages stand in their place
    /// @param weights that learn, by name
    /// @param ema     what is averaged beside them, if anything is
    public AveragedWeights(NDManager manager, Map<String, NDArray> weights, Optimizer optimizer,
            Optional<EmaConfig> ema) {
        this.program = Optimizer.program(manager);
        this.manager = manager;
        this.weights = new LinkedHashMap<>(weights);
        this.config = ema;
        this.ema = ema.map(said -> new Ema(manager, weights, said.decay()));
        boolean saved = ema.filter(said -> said.save() == EmaConfig.Save.EMA).isPresent();
        this.averages = saved ? ignored -> this.ema.orElseThrow().averages() : optimizer::averages;
    }

    /// A step was taken.
    ///
    /// @param step its number, from 1
    public void stepped(long step) {
        config.filter(said -> step % said.every() == 0).ifPresent(ignored -> ema.orElseThrow().update());
    }

    /// @return what a checkpoint holds of it, by name
    public Map<String, NDArray> state() {
        return ema.map(Ema::state).orElse(Map.of());
    }

    /// Puts the averages in the place of the weights, until what this returns is closed: then they are, to the bit, as
    /// they were.
    public Standing inPlace() {
        NDManager held = manager.newSubManager();
        Map<String, NDArray> made = averages.apply(held);
        List<NDArray> places = new ArrayList<>();
        List<NDArray> aside = new ArrayList<>();
        made.keySet().stream().filter(weights::containsKey).map(weights::get).forEach(weight -> {
            NDArray copy = held.zeros(weight.getShape());
            places.add(weight);
            aside.add(copy);
        });
        if (places.isEmpty()) {
            return held::close;
        }
        replace(held, aside, places);
        replace(held, places, made.entrySet().stream().filter(one -> weights.containsKey(one.getKey()))
                .map(Map.Entry::getValue).toList());
        return () -> {
            replace(held, places, aside);
            held.close();
        };
    }

    /// Puts the averages in the place of the weights for good: nothing is learned from here on.
    public void settle() {
        try (NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> made = averages.apply(scope);
            made.keySet().retainAll(weights.keySet());
            if (!made.isEmpty()) {
                replace(scope, made.keySet().stream().map(weights::get).toList(), List.copyOf(made.values()));
            }
        }
    }

    private void replace(NDManager manager, List<NDArray> targets, List<NDArray> values) {
        try (NDManager scope = manager.newSubManager()) {
            program.runIn(scope, "replace", Arg.of(targets), Arg.of(values));
        }
    }

    @Override
    public void close() {
        ema.ifPresent(Ema::close);
        program.close();
    }

    /// Averages in the place of weights.
    @FunctionalInterface
    public interface Standing extends AutoCloseable {
        @Override
        void close();
    }
}
