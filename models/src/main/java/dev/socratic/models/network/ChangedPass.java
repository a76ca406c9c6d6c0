package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Gradients;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A forward pass in parts, with something changed between them.
final class ChangedPass {
    private final Decoder decoder;
    private final Rows rows;
    private final List<Change> changes;
    private final Graph graph;
    private final Map<Tap, NDArray> tapped = new HashMap<>();
    private final List<NDArray> arrays;

    /// @throws IllegalArgumentException if a change does not fit
    ChangedPass(Decoder decoder, Rows rows, List<Change> changes, Graph graph) {
        this.decoder = decoder;
        this.rows = rows;
        this.changes = changes;
        this.graph = graph;
        changes.forEach(this::check);
        this.arrays = changes.stream().filter(Change.Dropped.class::isInstance).map(Change.Dropped.class::cast)
                .findFirst().map(dropped -> decoder.dropping(dropped, rows.ids().getManager()))
                .orElseGet(decoder::layers);
    }

    /// @throws IllegalArgumentException if a change names a layer that is not there, widths differ, or a tap asks for
    ///         the inside of a replaced layer
    static Signals run(Decoder decoder, Rows rows, Set<Tap> taps, List<Change> changes, boolean graph) {
        return new ChangedPass(decoder, rows, changes, Graph.kept(graph)).run(taps);
    }

    private Signals run(Set<Tap> taps) {
        NDArray x = entering(); // [batch, seq, hidden]
        if (taps.contains(new Tap.Embedding())) {
            tapped.put(new Tap.Embedding(), widened(x));
        }
        int layers = decoder.config().layers();
        int layer = 0;
        while (layer < layers) {
            int next = layer + 1;
            while (replaced(layer).isEmpty() && next < layers && replaced(next).isEmpty()
                    && swaps(next - 1).isEmpty()) {
                next++;
            }
            Signals part = layers(x, layer, next, inside(taps, layer, next));
            tapped.putAll(part.taps());
            x = part.states();
            layer = next;
        }
        return new Signals(decoder.ended(x, graph == Graph.KEPT), tapped);
    }

    /// @return what enters the first layer, `[batch, seq, hidden]`
    NDArray entering() {
        NDArray x = decoder.embedded(rows, graph); // [batch, seq, hidden]
        for (Change change : changes) {
            if (change instanceof Change.Added added) {
                x = decoder.changed("add_noise", graph, x, added.noise());
            }
        }
        return x;
    }

    /// @param x    what enters a layer, `[batch, seq, hidden]`
    /// @param next the layer before which to stop; nothing is changed between the two
    /// @param taps of these layers
    /// @return the stream after them and what is changed behind them, as the states, and what was asked for
    Signals layers(NDArray x, int layer, int next, Set<Tap> taps) {
        Optional<Change.Replaced> replaced = replaced(layer);
        Signals part = replaced.isPresent()
                ? new Signals(replaced(replaced.get(), x, taps), Map.of())
                : decoder.part(x, rows, layer, next, taps, graph, arrays);
        List<Change.Swapped> swaps = swaps(next - 1);
        if (replaced.isEmpty() && swaps.isEmpty()) {
            return part;
        }
        NDArray stream = part.states();
        for (Change.Swapped swap : swaps) {
            stream = decoder.changed("exchange_positions", graph, stream, swap.places(), swap.source(),
                    swap.origins());
        }
        Map<Tap, NDArray> shown = new HashMap<>(part.taps());
        if (taps.contains(new Tap.Hidden(next - 1))) {
            shown.put(new Tap.Hidden(next - 1), widened(stream));
        }
        return new Signals(stream, shown);
    }

    /// @return whether anything wants a gradient of what enters the first layer
    boolean learnsBelow() {
        return decoder.embeddingLearns() || changes.stream()
                .anyMatch(change -> change instanceof Change.Added added && Gradients.isWanted(added.noise()));
    }

    /// @return whether anything wants a gradient of a layer or of what is changed in it or behind it
    boolean learns(int layer) {
        return replaced(layer).map(change -> IntStream.range(change.first(), change.last())
                .anyMatch(change.by()::learns)).orElseGet(() -> decoder.learns(layer))
                || swaps(layer).stream().anyMatch(swap -> Gradients.isWanted(swap.source()));
    }

    /// What a tap hands out is float32.
    NDArray widened(NDArray x) {
        return decoder.compute() == FloatType.FLOAT32 ? x : decoder.changed("float32", graph, x);
    }

    private NDArray replaced(Change.Replaced change, NDArray x, Set<Tap> wanted) {
        if (!wanted.stream().allMatch(tap -> tap instanceof Tap.Hidden)) {
            throw new IllegalArgumentException(
                    "taps %s: layer %s is replaced, so only its hidden states are there".formatted(wanted,
                    change.layer()));
        }
        return change.by().part(x, rows, change.first(), change.last(), Set.of(), graph, change.by().layers()).states();
    }

    private Optional<Change.Replaced> replaced(int layer) {
        return changes.stream().filter(Change.Replaced.class::isInstance).map(Change.Replaced.class::cast)
                .filter(change -> change.layer() == layer).findFirst();
    }

    private List<Change.Swapped> swaps(int layer) {
        return changes.stream().filter(Change.Swapped.class::isInstance).map(Change.Swapped.class::cast)
                .filter(change -> change.layer() == layer).toList();
    }

    static Set<Tap> inside(Set<Tap> taps, int first, int last) {
        return taps.stream().filter(tap -> tap.row() > first && tap.row() <= last).collect(Collectors.toSet());
    }

    private void check(Change change) {
        int layers = decoder.config().layers();
        int hidden = decoder.config().hidden();
        switch (change) {
            case Change.Added added ->
                    require(added.noise().getShape().get(2) == hidden, "noise as wide as the stream, %s", hidden);
            case Change.Swapped swap -> {
                require(swap.layer() >= 0 && swap.layer() < layers, "a layer from 0 to %s", layers - 1);
                require(swap.source().getShape().get(swap.source().getShape().dimension() - 1) == hidden,
                        "a source as wide as the stream, %s", hidden);
            }
            case Change.Dropped dropped -> require(dropped.share() >= 0 && dropped.parts() < 65536,
                    "a share below 1, in %s parts", 65536);
            case Change.Replaced replaced -> {
                require(replaced.layer() >= 0 && replaced.layer() < layers, "a layer from 0 to %s", layers - 1);
                require(replaced.by().config().hidden() == hidden, "a decoder as wide as the stream, %s", hidden);
                require(replaced.first() >= 0 && replaced.first() < replaced.last()
                        && replaced.last() <= replaced.by().config().layers(),
                        "layers of the other decoder, from 0 to %d", replaced.by().config().layers() - 1);
            }
        }
    }

    private static void require(boolean holds, String expected, int number) {
        if (!holds) {
            throw new IllegalArgumentException("change: " + String.format(Locale.ROOT, expected, number));
        }
    }
}
