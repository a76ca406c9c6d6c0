package dev.socratic.trainer.step;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Noise on what enters the first layer while a student learns: uniform from `-a` to `a`, `a = alpha / sqrt(L d)`, L
/// the tokens of the row, d the hidden width; none on padding. Source: Jain et al. 2023 (NEFTune), arXiv:2310.05914.
/// Deviation: where a family scales its embeddings or adds positions to them, the noise comes behind that.
///
/// It is drawn from the seed, the number of the step and that of the micro-batch, so that a run that goes on draws what
/// an undisturbed one does, on any device.
///
/// @param alpha  0 for none
/// @param seed   of the run
/// @param step   number of the optimiser step
/// @param hidden width
public record EmbeddingNoise(double alpha, long seed, long step, int hidden) {
    /// Nothing is added.
    public static final EmbeddingNoise NONE = new EmbeddingNoise(0, 0, 0, 0);

    /// @param number of the micro-batch in its step
    /// @param rows   as they enter the student
    /// @param seq    of the micro-batch, side by side
    /// @param scope  of the noise
    List<Change> of(int number, Rows rows, int seq, NDManager scope) {
        if (alpha == 0) {
            return List.of();
        }
        Shape ids = rows.ids().getShape(); // [batch, seq], or [1, tokens of all rows]
        float[] noise = new float[Math.toIntExact(ids.size() * hidden)];
        SplittableRandom random = new SplittableRandom(
                Seeds.derive(seed, "neftune", Long.toString(step), Integer.toString(number)));
        for (int row = 0; row < rows.lengths().length; row++) {
            long[] places = new long[rows.lengths()[row]];
            int first = row * seq;
            Arrays.setAll(places, i -> first + i);
            double most = alpha / Math.sqrt((double) places.length * hidden);
            for (long place : rows.places(places)) {
                int at = Math.toIntExact(place * hidden);
                for (int i = 0; i < hidden; i++) {
                    noise[at + i] = (float) ((2 * random.nextDouble() - 1) * most);
                }
            }
        }
        return List.of(new Change.Added(scope.create(noise, ids.add(hidden)))); // [batch, seq, hidden]
    }
}
