package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Gradients;
import java.util.List;

/// The head of an encoder: a layer of its own. A chunk of states becomes a leaf: it goes through the head with its
/// graph, takes the gradient of its logits back to the head's weights and to itself, and is forgotten.
record EncoderHead(Encoder encoder) implements Head {
    @Override
    public int vocab() {
        return encoder.config().vocab();
    }

    @Override
    public int hidden() {
        return encoder.config().hidden();
    }

    @Override
    public NDArray logits(NDArray states, boolean graph) {
        return encoder.logits(states, graph);
    }

    @Override
    public NDArray frozen(NDArray states) {
        return encoder.frozenLogits(states);
    }

    @Override
    public Pass pass(NDArray states, NDManager scope) {
        NDArray leaf = states.duplicate(); // [tokens, hidden]
        leaf.attach(scope);
        leaf.setRequiresGradient(true);
        NDArray joined = logits(leaf, true); // [tokens, vocab]
        joined.attach(scope);
        NDArray seen = joined.stopGradient().duplicate();
        seen.attach(scope);
        return new Layer(leaf, joined, seen);
    }

    /// None: the graph adds what is lost through the head to the gradients of its weights.
    @Override
    public List<NDArray> trainable() {
        return List.of();
    }

    /// @param joined the logits with the graph that leads back to leaf and head
    private record Layer(NDArray leaf, NDArray joined, NDArray logits) implements Pass {
        @Override
        public NDArray back(NDArray slope, List<NDArray> gradients, NDManager owner) {
            Gradients.backward(joined, slope);
            NDArray gradient = Gradients.gradient(leaf, leaf.getManager()).orElseThrow().duplicate();
            gradient.attach(owner);
            return gradient;
        }
    }
}
