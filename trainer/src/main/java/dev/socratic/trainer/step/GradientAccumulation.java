package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Gradients;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The gradients of a step, as its micro-batches add to them: `sum over micro-batches of d loss / d weight`.
///
/// libtorch keeps one a weight. The head's is made by hand, chunk by chunk, beside that: a head tied to the embedding
/// gets both, and their sum is its gradient.
public final class GradientAccumulation implements AutoCloseable {
    private final Map<String, NDArray> weights;
    private final List<NDArray> head;
    private final List<NDArray> ofHead;
    private final InPlace inPlace;
    private final Set<String> apart = new HashSet<>();
    private List<GradientAccumulation> others = List.of();

    /// @param manager of the gradients made by hand
    /// @param weights that are trained, by name
    /// @param head    arrays whose gradients are made by hand, trained or not
    /// @param ofHead  zeros in their shapes, which this closes
    public GradientAccumulation(NDManager manager, Map<String, NDArray> weights, List<NDArray> head,
            List<NDArray> ofHead) {
        this.weights = new LinkedHashMap<>(weights);
        this.head = List.copyOf(head);
        this.ofHead = List.copyOf(ofHead);
        this.inPlace = new InPlace(manager);
    }

    /// @return where the gradients of the head's arrays are added up by hand
    List<NDArray> ofHead() {
        return ofHead;
    }

    /// @return weights that are trained
    List<NDArray> trained() {
        return List.copyOf(weights.values());
    }

    /// Both ways to the head are added up by this, so it is called once a step.
    ///
    /// @return the gradient of each weight by name, zeros where nothing was lost through it; the arrays belong to
    ///         `scope`
    public Map<String, NDArray> gradients(NDManager scope) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            if (apart.contains(name)) {
                return;
            }
            Optional<NDArray> throughBody = Gradients.gradient(weight, scope);
            Optional<NDArray> byHand = byHand(weight);
            throughBody.ifPresent(own -> byHand.ifPresent(more -> inPlace.accumulate(own, more)));
            all.put(name, throughBody.or(() -> byHand).orElseGet(() -> scope.zeros(weight.getShape())));
        });
        others.forEach(other -> {
            Map<String, NDArray> theirs = other.gradients(scope);
            theirs.forEach((name, gradient) -> inPlace.accumulateFrom(all.get(name), gradient));
            other.clear(theirs);
        });
        return all;
    }

    /// From now on [#gradients] adds those of the same weights elsewhere, in this order.
    ///
    /// @param elsewhere of copies of the model, which are cleared then
    void add(List<GradientAccumulation> elsewhere) {
        others = List.copyOf(elsewhere);
    }

    /// Some weights change before the others' gradients are there, again and again in this way: [#gradients] no longer
    /// speaks of them.
    ///
    /// @param arrays of a part of the model
    /// @return a part of the gradients, for [Part#refill] and [Part#take]
    Part part(List<NDArray> arrays) {
        Map<String, NDArray> some = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            if (arrays.stream().anyMatch(array -> array == weight)) {
                some.put(name, weight);
            }
        });
        apart.addAll(some.keySet());
        return new Part(some);
    }

    /// Gradients that are not there but while they are made and used.
    final class Part {
        private final Map<String, NDArray> some;

        private Part(Map<String, NDArray> some) {
            this.some = some;
        }

        /// Zeros to add to; in the beginning libtorch makes the gradients itself.
        void refill() {
            with((gradients, theirs) -> inPlace.zerosAgain(gradients, theirs));
        }

        /// @param user is handed the gradients by name, which are gone after the call
        void take(Consumer<Map<String, NDArray>> user) {
            if (some.isEmpty()) {
                return;
            }
            try (NDManager scope = some.values().iterator().next().getManager().newSubManager()) {
                Map<String, NDArray> all = new LinkedHashMap<>();
                some.forEach((name, weight) -> all.put(name,
                        Gradients.gradient(weight, scope).orElseGet(() -> scope.zeros(weight.getShape()))));
                user.accept(all);
                inPlace.giveUp(List.copyOf(all.values()));
            }
        }

        private void with(BiConsumer<List<NDArray>, List<NDArray>> work) {
            if (some.isEmpty()) {
                return;
            }
            try (NDManager scope = some.values().iterator().next().getManager().newSubManager()) {
                List<NDArray> gradients = new ArrayList<>();
                List<NDArray> theirs = new ArrayList<>();
                some.values().forEach(weight -> Gradients.gradient(weight, scope).ifPresent(gradient -> {
                    gradients.add(gradient);
                    theirs.add(weight);
                }));
                if (!gradients.isEmpty()) {
                    work.accept(gradients, theirs);
                }
            }
        }
    }

    private Optional<NDArray> byHand(NDArray weight) {
        return IntStream.range(0, head.size()).filter(i -> head.get(i) == weight).mapToObj(ofHead::get).findFirst();
    }

    /// @param gradients as [#gradients] gave them; to zero, in place
    public void clear(Map<String, NDArray> gradients) {
        List<NDArray> all = new ArrayList<>(gradients.values());
        all.addAll(ofHead);
        inPlace.clear(all);
    }

    @Override
    public void close() {
        ofHead.forEach(NDArray::close);
        inPlace.close();
    }
}
