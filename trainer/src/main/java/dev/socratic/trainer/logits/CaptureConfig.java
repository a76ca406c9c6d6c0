package dev.socratic.trainer.logits;

import dev.socratic.core.config.Default;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.Limits;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.util.Optional;

/// How a store is made. Everything here decides its bytes.
///
/// @param encoding    what is kept of each distribution
/// @param temperature p = softmax(logits / temperature)
/// @param seed        of the draws
/// @param maxSeq      longest row, in tokens, as in the training that will read it; left out, what the teacher can
///                    read, but at most `micro_tokens`
/// @param tooLong     what happens to longer rows
/// @param bos         whether rows of plain text begin with BOS
/// @param lossOn      which positions are kept
/// @param microTokens most tokens the teacher reads at once, padding included
/// @param blockRows   rows of the data in a block: what `kill -9` can lose
public record CaptureConfig(
        @Default("sampled") Encoding encoding,
        @Default("1") double temperature,
        @Default("1") long seed,
        Optional<Integer> maxSeq,
        @Default("drop") TooLong tooLong,
        @Default("tokenizer") Bos bos,
        @Default("assistant") LossOn lossOn,
        @Default("4096") int microTokens,
        @Default("256") int blockRows) {
    public CaptureConfig {
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature must be above 0; got %s; 1 leaves the teacher as it is".formatted(temperature));
        }
        Limits.atLeast("micro_tokens", microTokens, 2);
        maxSeq.ifPresent(most -> Limits.rows(most, microTokens));
        Limits.atLeast("block_rows", blockRows, 1);
    }

    /// @return the defaults with another encoding
    public static CaptureConfig of(Encoding encoding) {
        return new CaptureConfig(encoding, 1, 1, Optional.empty(), TooLong.DROP, Bos.TOKENIZER, LossOn.ASSISTANT,
                4096, 256);
    }

    /// @return the same at another temperature
    public CaptureConfig at(double tau) {
        return new CaptureConfig(encoding, tau, seed, maxSeq, tooLong, bos, lossOn, microTokens, blockRows);
    }

    /// @return the same with this for its longest row
    public CaptureConfig withMaxSeq(int tokens) {
        return new CaptureConfig(encoding, temperature, seed, Optional.of(tokens), tooLong, bos, lossOn, microTokens,
                blockRows);
    }

    /// @return the longest row, in tokens, once it is known
    public int longest() {
        return maxSeq.orElseThrow(() ->
                new IllegalStateException("max_seq is told by the teacher, which was not asked yet"));
    }
}
