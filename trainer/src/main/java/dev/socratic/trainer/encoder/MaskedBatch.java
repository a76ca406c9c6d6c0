package dev.socratic.trainer.encoder;

import java.util.Arrays;

/// Rows that go through an encoder together.
///
/// @param rows            the batch axis
/// @param seq             tokens of the longest row
/// @param ids             `[batch, seq]` as the encoder sees them, row after row
/// @param lengths         `[batch]` how many tokens of each row are no padding
/// @param maskedPositions `[tokens]` where in `[batch * seq]` a token is masked, ascending
/// @param labels          `[tokens]` what stood there
public record MaskedBatch(int rows, int seq, long[] ids, long[] lengths, long[] maskedPositions, long[] labels) {
    /// @return tokens that are masked
    public int maskedTokens() {
        return labels.length;
    }

    /// @return tokens that are no padding
    public int tokens() {
        return Math.toIntExact(Arrays.stream(lengths).sum());
    }

    /// @return what stood where there is no padding, in the order of [#paddingFreePositions]
    public long[] whole() {
        long[] text = ids.clone();
        for (int i = 0; i < maskedPositions.length; i++) {
            text[Math.toIntExact(maskedPositions[i])] = labels[i];
        }
        return Arrays.stream(paddingFreePositions()).map(place -> text[Math.toIntExact(place)]).toArray();
    }

    /// @return `[batch * seq]` where there is no padding, ascending
    public long[] paddingFreePositions() {
        long[] real = new long[tokens()];
        int next = 0;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < lengths[r]; i++) {
                real[next++] = (long) r * seq + i;
            }
        }
        return real;
    }
}
