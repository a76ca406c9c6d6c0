package dev.socratic.core.text;

import dev.socratic.core.config.Default;

/// What tokens that stand in the text already lose. With `c` how often the answer has a token so far:
///
/// - its logit `l`, if the token stands in the prompt or in the answer, becomes `l / repetition_penalty` where it is
///   above 0 and `l * repetition_penalty` where it is not (CTRL, Keskar et al. 2019, arXiv:1909.05858; the case below 0
///   is that of `transformers`, without which a penalty would reward);
/// - then it loses `frequency_penalty * c`, and `presence_penalty` where `c > 0`, prompts not counted, as OpenAI's
///   endpoint and vLLM have it.
///
/// Of logits (2, -1), both tokens in the prompt and the first twice in the answer, repetition 2, frequency 0.1 and
/// presence 0.5 make (2 / 2 - 0.2 - 0.5, -1 * 2) = (0.3, -2).
///
/// @param repetitionPenalty above 0, at most 100; 1 changes nothing, more repels
/// @param presencePenalty   from -2 to 2, in logits; 0 changes nothing
/// @param frequencyPenalty  likewise
public record Penalties(@Default("1") double repetitionPenalty, @Default("0") double presencePenalty,
        @Default("0") double frequencyPenalty) {
    public static final Penalties NONE = new Penalties(1, 0, 0);

    private static final double STRONGEST = 100;
    private static final double WIDEST = 2;

    public Penalties {
        if (!(repetitionPenalty > 0 && repetitionPenalty <= STRONGEST)) {
            throw new IllegalArgumentException(
                    "repetition_penalty: a number above 0 and at most 100; got %s; 1 changes nothing"
                            .formatted(repetitionPenalty));
        }
        check("presence_penalty", presencePenalty);
        check("frequency_penalty", frequencyPenalty);
    }

    private static void check(String name, double value) {
        if (!(value >= -WIDEST && value <= WIDEST)) {
            throw new IllegalArgumentException(
                    "%s: a number from -2 to 2; got %s; 0 changes nothing".formatted(name, value));
        }
    }
}
