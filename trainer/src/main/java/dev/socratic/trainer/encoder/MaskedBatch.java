package dev.socratic.trainer.encoder;

import dev.socratic.models.network.Padded;
import java.util.Arrays;

/// Rows that go through an encoder together.
///
/// @param text            as the encoder sees it, `[batch, seq]`
/// @param maskedPositions `[tokens]` where in `[batch * seq]` a token is masked, ascending
/// @param labels          `[tokens]` what stood there
public record MaskedBatch(Padded text, long[] maskedPositions, long[] labels) {
    /// @return the batch axis
    public int rows() {
        return text.rows();
    }

    /// @return tokens of the longest row
    public int seq() {
        return text.seq();
    }

    /// @return tokens that are masked
    public int maskedTokens() {
        return labels.length;
    }

    /// @return tokens that are no padding
    public int tokens() {
        return text.tokens();
    }

    /// @return `[batch]` how many tokens of each row are no padding
    public long[] lengths() {
        return Arrays.stream(text.lengths()).asLongStream().toArray();
    }

    /// @return what stood where there is no padding, in the order of [#paddingFreePositions]
    public long[] whole() {
        long[] ids = text.ids().clone();
        for (int i = 0; i < maskedPositions.length; i++) {
            ids[Math.toIntExact(maskedPositions[i])] = labels[i];
        }
        return Arrays.stream(paddingFreePositions()).map(place -> ids[Math.toIntExact(place)]).toArray();
    }

    /// @return `[batch * seq]` where there is no padding, ascending
    public long[] paddingFreePositions() {
        return text.places();
    }
}
