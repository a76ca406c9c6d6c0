package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/// What turns final states into logits, and what is lost in the logits into gradients: the last product of a model, a
/// matrix for a decoder, a layer of its own for an encoder.
public interface Head {
    /// @return the head of a decoder
    static Head of(Decoder decoder) {
        return new DecoderHead(decoder);
    }

    /// @return the head of an encoder
    static Head of(Encoder encoder) {
        return new EncoderHead(encoder);
    }

    /// @return width of the logits
    int vocab();

    /// @return width of the states
    int hidden();

    /// @param states `[tokens, hidden]`
    /// @param graph  whether gradients will be asked for, of states or head
    /// @return `[tokens, vocab]`
    NDArray logits(NDArray states, boolean graph);

    /// The same with a graph that begins at the states, or nowhere: the head stays as it is.
    NDArray frozen(NDArray states);

    /// A product whose gradient goes back by hand, so that nothing of it is kept but its logits.
    ///
    /// @param states `[tokens, hidden]`, without graph
    /// @param scope  of everything that is made on the way
    Pass pass(NDArray states, NDManager scope);

    /// @return the arrays of the head whose gradients [Pass#back] adds up by hand; the others, if any learn, get theirs
    ///         from the graph
    List<NDArray> trainable();

    /// @param owner of the arrays
    /// @return zeros to collect the gradients of [#trainable] in
    default List<NDArray> gradients(NDManager owner) {
        return trainable().stream().map(array -> owner.zeros(array.getShape())).toList();
    }

    /// One product.
    interface Pass {
        /// @return `[tokens, vocab]`, without graph, but the start of one where a loss wants that
        NDArray logits();

        /// @param slope     gradient in the logits, `[tokens, vocab]`
        /// @param gradients as of [Head#gradients]; the head's are added to them
        /// @param owner     of the result
        /// @return gradient in the states, `[tokens, hidden]`
        NDArray back(NDArray slope, List<NDArray> gradients, NDManager owner);
    }
}
