package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A model over several devices of one machine: its layers lie on them in order, as many on each as on the others; what
/// is no layer (embedding, last norm, head) and everything that is given to the model or comes out of it, on the first.
/// Where a border is crossed the programs move the stream and what goes with it (`beside` of `linear.ts.py`), so a
/// border costs `tokens * hidden` numbers.
///
/// @param devices by name, such as `cuda:0`; none or one where nothing is spread
record Spread(List<String> devices) {
    static final Spread NONE = new Spread(List.of());

    static Spread of(Compute compute) {
        return new Spread(compute.devices().stream().map(Compute::name).toList());
    }

    Spread {
        devices = List.copyOf(devices);
    }

    /// @return whether there is a border
    boolean split() {
        return devices.size() > 1;
    }

    /// @return the device of a layer
    String of(int layer, int layers) {
        return devices.get((int) ((long) layer * devices.size() / layers));
    }

    /// Moves weights of layers to where they lie.
    final class Mover implements AutoCloseable {
        private final Program program;
        private final Map<String, String> places = new HashMap<>();

        /// @param own owner of what is moved
        Mover(ModelConfig config, NDManager own) {
            program = Program.resource(own, Spread.class, "/programs/mapped.ts.py");
            for (Span span : split() ? WeightPlan.of(config).spans() : List.<Span>of()) {
                span.layer().ifPresent(layer -> {
                    String device = Spread.this.of(layer, config.layers());
                    places.put(span.weight().name(), device);
                    span.bias().ifPresent(bias -> places.put(bias.name(), device));
                });
            }
        }

        /// @param values of a weight, closed here where they are moved
        NDArray placed(String name, NDArray values) {
            String device = places.get(name);
            if (device == null) {
                return values;
            }
            // What is made outside of a graph can never enter one.
            try (values) {
                return program.withGraph("moved", Arg.of(values), Arg.of(device)).singletonOrThrow();
            }
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
