package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;

/// How many tokens masked language modelling hides and what stands in their place; `encoder.TokenMasker` does it.
///
/// `ceil(share * tokens)` places are drawn without replacement, each with the odds of its token; of these, `hidden`
/// become the mask, `random` another token, each alike likely, and the rest stay as they are but are asked for all
/// the same. Source: Devlin et al. 2018, arXiv:1810.04805, 3.1.
///
/// @param mlmProbability share of the tokens that are predicted
/// @param maskReplace    of these, share replaced by the mask token
/// @param randomReplace  of these, share replaced by a random token
/// @param smoothing      see `encoder.MaskingWeights`
public record Masking(
        @Default("0.15") @Alias("share") double mlmProbability,
        @Default("0.8") @Alias("hidden") double maskReplace,
        @Default("0.1") @Alias("random") double randomReplace,
        @Default("0.7") double smoothing) {
    /// As DistilBERT was trained.
    public static final Masking USUAL = new Masking(0.15, 0.8, 0.1, 0.7);

    public Masking {
        if (!(mlmProbability > 0 && mlmProbability <= 1)) {
            throw new IllegalArgumentException(
                    "mlm_probability must be above 0 and at most 1; got %s; 0.15 is usual".formatted(mlmProbability));
        }
        if (!(maskReplace >= 0 && randomReplace >= 0 && maskReplace + randomReplace <= 1)) {
            throw new IllegalArgumentException(
                    "hidden and random are shares of the tokens asked for, together at most 1; got %s and %s".formatted(
                            maskReplace, randomReplace));
        }
        if (!(smoothing >= 0)) {
            throw new IllegalArgumentException(
                    "smoothing must be at least 0, which hides every token alike; got %s".formatted(smoothing));
        }
    }
}
