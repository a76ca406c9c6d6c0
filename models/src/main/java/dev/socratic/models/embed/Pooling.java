package dev.socratic.models.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.network.Padded;

/// How the states of a text's tokens become one vector.
public enum Pooling {
    /// Their mean, padding left out.
    MEAN("pooling_mode_mean_tokens"),
    /// The first one's, `[CLS]`.
    CLS("pooling_mode_cls_token");

    private final String field;

    Pooling(String field) {
        this.field = field;
    }

    /// @return its flag in a `1_Pooling/config.json`
    String field() {
        return field;
    }

    /// @param states `[batch, seq, hidden]`, padded on the right
    /// @return `[batch, hidden]`
    NDArray of(NDArray states, Padded batch) {
        return switch (this) {
            case CLS -> states.get(":, 0");                                               // [batch, hidden]
            case MEAN -> {
                float[] share = new float[batch.rows() * batch.seq()];
                for (int row = 0; row < batch.rows(); row++) {
                    for (int at = 0; at < batch.lengths()[row]; at++) {
                        share[batch.place(row, at)] = 1f / batch.lengths()[row];
                    }
                }
                NDArray weights = states.getManager().create(share, new Shape(batch.rows(), 1, batch.seq()))
                        .toType(DataType.FLOAT32, false);                                 // [batch, 1, seq]
                yield weights.batchMatMul(states).squeeze(1);                             // [batch, hidden]
            }
        };
    }
}
