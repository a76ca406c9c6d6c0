package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Distributions;
import java.util.List;

/// What a served teacher says of the loss tokens of a micro-batch, in their order: the likeliest tokens, and one class
/// for all others.
///
/// @param rows          one a row
/// @param lossPositions `[tokens]`, places in `[batch * seq]`
/// @param seq           of the micro-batch as it was asked about
/// @param width         tokens named at a position
public record ServedOutput(List<Distributions> rows, long[] lossPositions, int seq, int width)
        implements TeacherOutput {
    /// Less than this would be no number in float32.
    private static final float NOTHING = -1e30f;

    public ServedOutput {
        rows = List.copyOf(rows);
    }

    /// @param from  first token
    /// @param to    the one behind the last
    /// @param scope owner of the tensors
    TeacherTarget target(int from, int to, NDManager scope) {
        long[] ids = new long[(to - from) * width];
        float[] logs = new float[(to - from) * (width + 1)];
        for (int token = from, n = 0; token < to; token++, n++) {
            Distributions said = row(token);
            int at = position(token);
            for (int i = 0; i < width; i++) {
                ids[n * width + i] = said.ids()[at * said.width() + i];
                logs[n * (width + 1) + i] = Math.max(NOTHING, said.logs()[at * said.width() + i]);
            }
            logs[n * (width + 1) + width] = rest(said, at);
        }
        NDArray named = scope.create(ids, new Shape(to - from, width)); // [tokens, width]
        return new TeacherTarget.Named(named, scope.create(logs, new Shape(to - from, width + 1)));
    }

    /// Of more tokens than are asked for, those behind belong to the rest.
    private float rest(Distributions said, int at) {
        double sum = Math.exp(said.rest()[at]);
        for (int i = width; i < said.width(); i++) {
            sum += Math.exp(said.logs()[at * said.width() + i]);
        }
        return (float) Math.max(NOTHING, Math.log(sum));
    }

    /// @return log probability of each label, `[tokens]`
    public float[] labelLogProbs() {
        float[] all = new float[lossPositions.length];
        for (int token = 0; token < all.length; token++) {
            all[token] = Math.max(NOTHING, row(token).labels()[position(token)]);
        }
        return all;
    }

    private Distributions row(int token) {
        return rows.get((int) (lossPositions[token] / seq));
    }

    private int position(int token) {
        return (int) (lossPositions[token] % seq);
    }
}
