package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/// Rows of token ids on a device, as a decoder reads them together: side by side, the shorter ones padded on the right,
/// or padding-free, end to end.
///
/// @param ids      int64, `[batch, seq]`, or, end to end, `[1, tokens]`
/// @param lengths  how many ids of each row are no padding
/// @param endToEnd how they lie end to end
public record Rows(NDArray ids, int[] lengths, Optional<EndToEnd> endToEnd) {
    /// How much shorter than the longest a row may be that is read together with it, where launching work costs more
    /// than what is done too much. Chosen, not measured: attention of up to four times the work for at most as many
    /// calls as lengths double.
    private static final double SLACK_ON_A_GPU = 2;

    /// @param padded      on the right
    /// @param paddingFree whether they are laid end to end, where there is padding
    /// @param scope       of the array
    public static Rows of(Padded padded, boolean paddingFree, NDManager scope) {
        if (!paddingFree || padded.tokens() == padded.ids().length) {
            return new Rows(padded.array(scope), padded.lengths(), Optional.empty());
        }
        return endToEnd(padded, scope.getDevice().isGpu() ? SLACK_ON_A_GPU : 1, scope);
    }

    /// @param slack how much shorter a row may be than the longest that it is read together with
    static Rows endToEnd(Padded padded, double slack, NDManager scope) {
        EndToEnd laid = EndToEnd.of(padded, slack);
        return new Rows(scope.create(laid.ids(), new Shape(1, padded.tokens())), padded.lengths(), Optional.of(laid));
    }

    /// @param places where ids stand in the flattened `[batch * seq]`
    /// @return where they and their states stand in the flattened ids
    public long[] places(long[] places) {
        return endToEnd.map(laid -> laid.places(places)).orElse(places);
    }
}
