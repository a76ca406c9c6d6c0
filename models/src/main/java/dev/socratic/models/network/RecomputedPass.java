package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Gradients;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A forward pass that keeps no graph of the layers but the stream that entered each, and a way back that runs every
/// layer a second time, with its graph, from the last to the first (gradient checkpointing; Chen et al. 2016,
/// arXiv:1604.06174). In memory at a time: `layers` streams of `[batch, seq, hidden]` and the activations of one
/// layer, for one more forward pass.
///
/// The order: [#run], what is lost on [#signals] goes back to where their graph begins, [#backward]. Gradients are
/// those of the whole graph to the last bit, but where a signal of a layer is read: what comes back through it is added
/// to the stream's gradient in another order.
public final class RecomputedPass {
    private final Decoder decoder;
    private final NDManager owner;
    private final KeptStreams kept;
    private final ChangedPass again;
    private final int lowest;
    private final Map<Tap, NDArray> leaves = new HashMap<>();
    private final NDArray last;
    private final Signals signals;
    private Optional<NDArray> arrived = Optional.empty();

    private RecomputedPass(Decoder decoder, Rows rows, Set<Tap> taps, List<Change> changes, KeptStreams kept) {
        this.decoder = decoder;
        this.owner = rows.ids().getManager();
        this.kept = kept;
        this.again = new ChangedPass(decoder, rows, changes, Graph.KEPT);
        this.lowest = lowest();
        this.last = forward(new ChangedPass(decoder, rows, changes, Graph.BEGUN), taps);
        this.signals = new Signals(decoder.ended(last, true), leaves);
    }

    /// @param rows    whose ids live until the way back is done
    /// @param taps    what to hand out besides the final states
    /// @param changes between the layers
    /// @param kept    where the streams wait, empty; the caller closes it
    /// @throws IllegalArgumentException as [Decoder#forward]
    public static RecomputedPass run(Decoder decoder, Rows rows, Set<Tap> taps, List<Change> changes,
            KeptStreams kept) {
        decoder.checked(rows, taps);
        return new RecomputedPass(decoder, rows, taps, changes, kept);
    }

    /// @return final states, whose graph begins behind the last layer, and signals, which are where one begins
    public Signals signals() {
        return signals;
    }

    /// Below it nothing learns, so nothing is kept of it and no gradient goes there; -1 where what enters the first
    /// layer wants one.
    private int lowest() {
        int layers = decoder.config().layers();
        return again.learnsBelow() ? -1
                : IntStream.range(0, layers).filter(again::learns).findFirst().orElse(layers);
    }

    private NDArray forward(ChangedPass pass, Set<Tap> taps) {
        NDArray x = pass.entering(); // [batch, seq, hidden]
        if (taps.contains(new Tap.Embedding())) {
            begin(Map.of(new Tap.Embedding(), pass.widened(x)));
        }
        for (int layer = 0; layer < decoder.config().layers(); layer++) {
            Signals part = pass.layers(x, layer, layer + 1, ChangedPass.inside(taps, layer, layer + 1));
            if (layer >= Math.max(0, lowest)) {
                kept.keep(layer, x);
            } else {
                x.close();
            }
            begin(part.taps());
            x = part.states(); // [batch, seq, hidden]
        }
        Gradients.wanted(x, lowest < decoder.config().layers());
        return x;
    }

    /// A signal is where a graph begins, if anything below it learns. In float32 it may be the stream's own memory,
    /// which begins another.
    private void begin(Map<Tap, NDArray> tapped) {
        tapped.forEach((tap, array) -> {
            boolean own = decoder.compute() != FloatType.FLOAT32
                    || !(tap instanceof Tap.Hidden || tap instanceof Tap.Embedding);
            NDArray leaf = own ? array : decoder.changed("apart", Graph.BEGUN, array);
            Gradients.wanted(leaf, tap.row() > lowest);
            leaves.put(tap, leaf);
        });
    }

    /// Adds to the gradients of the weights, and of whatever changes bring along, what the loss left at [#signals].
    public void backward() {
        for (int layer = decoder.config().layers() - 1; layer >= 0; layer--) {
            backward(layer);
        }
        backwardBelow();
    }

    /// The same of one layer, of which there is one call each, from the last to the first.
    public void backward(int layer) {
        if (layer < lowest) {
            return;
        }
        try (NDManager scope = owner.newSubManager()) {
            NDArray x = kept.take(layer, scope); // [batch, seq, hidden]
            Gradients.wanted(x, layer > lowest);
            back(again.layers(x, layer, layer + 1, ChangedPass.inside(leaves.keySet(), layer, layer + 1)));
            arrived = Gradients.gradient(x, owner); // [batch, seq, hidden]
        }
    }

    /// The same of what stands before the layers, when they are done.
    public void backwardBelow() {
        if (lowest < 0) {
            NDArray x = again.entering(); // [batch, seq, hidden]
            Tap.Embedding tap = new Tap.Embedding();
            back(new Signals(x, leaves.containsKey(tap) ? Map.of(tap, again.widened(x)) : Map.of()));
        }
    }

    /// @return the gradient in what came out of the layer that is about to go back
    private NDArray gradient() {
        return arrived.or(() -> Gradients.gradient(last, owner)).orElseThrow(); // [batch, seq, hidden]
    }

    private void back(Signals out) {
        List<NDArray> read = new ArrayList<>();
        List<NDArray> slopes = new ArrayList<>();
        for (Tap tap : Decoder.ordered(out.taps().keySet(), decoder.config().layers())) {
            Gradients.gradient(leaves.get(tap), owner).ifPresent(slope -> {
                read.add(out.get(tap));
                slopes.add(slope);
            });
        }
        try (NDArray gradient = gradient()) { // [batch, seq, hidden]
            if (read.isEmpty()) {
                Gradients.backward(out.states(), gradient);
            } else {
                NDArray number = decoder.joined(out.states(), gradient, read, slopes);
                Gradients.backward(number, number.getManager().create(1f));
            }
        }
    }
}
