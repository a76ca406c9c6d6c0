package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.seed.Seeds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The weights of a decoder in the two lists in which its program gets them, those outside the layers and those of the
/// layers, and where in them it finds each.
///
/// A place counts from the beginning of the list, or of the layer; the same part has the same place and the same kind
/// in each layer that has it. Where only some of its weights are adapted, the others get factors of rank 0, which the
/// program passes over.
///
/// @param outer  places outside the layers
/// @param inner  places in a layer; of the experts, those of the first
/// @param starts where each layer begins
/// @param ends   where it ends
/// @param kinds  what lies in each place
/// @param around arrays outside the layers
/// @param layers arrays of the layers
/// @param scales where among those the scales of factors are
/// @param values of the scales
record Layout(Map<Part, Integer> outer, Map<Part, Integer> inner, List<Integer> starts, List<Integer> ends,
        Map<Part, Span.Kind> kinds, List<NDArray> around, List<NDArray> layers, List<Integer> scales,
        List<Float> values) {

    /// @param weights by name, those of the plan; where head and embedding are one and the head alone is adapted, that
    ///                under the head's name too
    /// @param own     owner of what stands in for factors
    static Layout of(ModelConfig config, Map<String, Weight> weights, NDManager own) {
        return of(WeightPlan.of(config).spans(), config.layers(), weights, own);
    }

    /// @param spans  the places; those that no weight belongs to are passed over
    /// @param layers how many
    static Layout of(List<Span> spans, int layers, Map<String, Weight> weights, NDManager own) {
        return new Builder(spans, layers, weights, own).build();
    }

    /// @return how many arrays an expert has
    int expert() {
        return List.of(Part.EXPERT_GATE, Part.EXPERT_UP, Part.EXPERT_DOWN).stream()
                .mapToInt(part -> kind(part).arrays()).sum();
    }

    Span.Kind kind(Part part) {
        return kinds.getOrDefault(part, Span.Kind.PLAIN);
    }

    /// @return the place of a part; -1 where the model has none
    int place(Part part) {
        return inner.getOrDefault(part, outer.getOrDefault(part, -1));
    }

    /// @param scope of what is made
    /// @return arrays of the layers whose factors leave out some of what they read, as `read_of` of `linear.ts.py` is
    ///         told so
    List<NDArray> dropping(Change.Dropped dropped, NDManager scope) {
        List<NDArray> all = new ArrayList<>(layers);
        for (int place = 0; place < scales.size(); place++) {
            long key = Seeds.derive(dropped.key(), "place", Integer.toString(place));
            int at = scales.get(place);
            all.set(at, scope.create(new double[] {values.get(place), dropped.parts(), key >> 32, key & 0xffffffffL}));
        }
        return all;
    }

    /// @return the arrays of the head's place
    List<NDArray> head() {
        int at = outer.get(Part.HEAD);
        return around.subList(at, at + kind(Part.HEAD).arrays());
    }

    private static final class Builder {
        private final Map<Part, Integer> outer = new EnumMap<>(Part.class);
        private final Map<Part, Integer> inner = new EnumMap<>(Part.class);
        private final Map<Part, Span.Kind> kinds = new EnumMap<>(Part.class);
        private final List<Integer> starts = new ArrayList<>();
        private final List<Integer> ends = new ArrayList<>();
        private final List<NDArray> around = new ArrayList<>();
        private final List<NDArray> layers = new ArrayList<>();
        private final List<Integer> scales = new ArrayList<>();
        private final List<Float> values = new ArrayList<>();
        private final List<Span> spans;
        private final int number;
        private final Map<String, Weight> weights;
        private final NDManager own;

        Builder(List<Span> all, int layers, Map<String, Weight> weights, NDManager own) {
            this.spans = all.stream().filter(span -> weights.containsKey(span.weight().name())).toList();
            this.number = layers;
            this.weights = weights;
            this.own = own;
        }

        Layout build() {
            spans.forEach(span ->
                    kinds.merge(span.part(), span.kind(weights.get(span.weight().name())), Span.Kind::and));
            spans.stream().filter(span -> span.layer().isEmpty()).forEach(span -> put(span, outer, around, 0));
            for (int i = 0; i < number; i++) {
                int layer = i;
                starts.add(layers.size());
                spans.stream().filter(span -> span.layer().orElse(-1) == layer)
                        .forEach(span -> put(span, inner, layers, starts.getLast()));
                ends.add(layers.size());
            }
            if (!outer.containsKey(Part.HEAD)) { // it is the embedding
                outer.put(Part.HEAD, outer.get(Part.EMBEDDING));
                kinds.put(Part.HEAD, kinds.get(Part.EMBEDDING));
            }
            return new Layout(outer, inner, List.copyOf(starts), List.copyOf(ends), kinds, List.copyOf(around),
                    List.copyOf(layers), List.copyOf(scales), List.copyOf(values));
        }

        private void put(Span span, Map<Part, Integer> places, List<NDArray> list, int start) {
            places.putIfAbsent(span.part(), list.size() - start);
            Weight weight = weights.get(span.weight().name());
            Span.Kind kind = kinds.get(span.part());
            if (!kind.form().equals(Span.Form.of(weight))) {
                throw new IllegalArgumentException("weights: %s in one form in every layer; got %s and %s"
                        .formatted(span.part().label(), kind.form(), Span.Form.of(weight)));
            }
            list.addAll(weight.matrix());
            span.bias().ifPresent(bias -> list.addAll(weights.get(bias.name()).matrix()));
            if (kind.adapted()) {
                list.addAll(factors(span, weight));
                if (list == layers && weight instanceof Weight.Adapted some) {
                    scales.add(list.size() - 1);
                    values.add((float) some.scale());
                }
            }
            if (kind.stretched()) {
                list.add(weight instanceof Weight.Adapted some && some.magnitude().isPresent()
                        ? some.magnitude().get() : own.ones(new Shape(span.out())));
            }
        }

        private List<NDArray> factors(Span span, Weight weight) {
            return switch (weight) {
                case Weight.Adapted adapted -> List.of(adapted.a(), adapted.b(), own.create((float) adapted.scale()));
                case Weight.Dense ignored -> none(span);
                case Weight.Quantised ignored -> none(span);
                case Weight.Packed ignored -> none(span);
            };
        }

        private List<NDArray> none(Span span) {
            return List.of(own.zeros(new Shape(0, span.in())), own.zeros(new Shape(span.out(), 0)), own.create(1f));
        }
    }
}
