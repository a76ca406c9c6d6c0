package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/// The head of a decoder: a matrix, bounded where the family bounds logits. The way back is written out, for it knows
/// the matrix: what a graph would keep is not kept, and the matrix's gradient is added up in place.
record DecoderHead(Decoder decoder) implements Head {
    @Override
    public int vocab() {
        return decoder.config().vocab();
    }

    @Override
    public int hidden() {
        return decoder.config().hidden();
    }

    @Override
    public NDArray logits(NDArray states, boolean graph) {
        return decoder.logits(states, graph);
    }

    /// With a graph nevertheless, which the head stays out of: what libtorch makes in its inference mode can never
    /// become the start of one.
    @Override
    public NDArray frozen(NDArray states) {
        return decoder.frozenLogits(states);
    }

    @Override
    public Pass pass(NDArray states, NDManager scope) {
        NDArray logits = frozen(states);
        logits.attach(scope);
        return new Product(decoder, states, logits);
    }

    @Override
    public List<NDArray> trainable() {
        return decoder.trainableHead();
    }

    private record Product(Decoder decoder, NDArray states, NDArray logits) implements Pass {
        @Override
        public NDArray back(NDArray slope, List<NDArray> gradients, NDManager owner) {
            return decoder.pulledBack(slope, logits, states, gradients, owner);
        }
    }
}
