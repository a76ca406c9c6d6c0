package dev.socratic.trainer.config;

import dev.socratic.core.config.Aka;
import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.checkpoint.Biases;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What learns in place of the student's weights: `adapter: {lora: {r: 16, alpha: 32}}`. The weights stay as they are,
/// without gradients and optimiser state, and the student's folder holds the adapter alone, as PEFT reads it.
public sealed interface AdapterConfig {
    /// Low-rank factors beside linear modules: `W x + scale B A x`. Names in parentheses are PEFT's. Defaults are
    /// PEFT's too, but for the targets: PEFT takes the queries and values of most families, here it is every linear
    /// module, which learns as well as training all weights does.
    /// Sources: Hu et al. 2021, arXiv:2106.09685; Dettmers et al. 2023, arXiv:2305.14314, section 4.
    ///
    /// @param r         rank of the factors
    /// @param alpha     the scale is `alpha / r` (`lora_alpha`)
    /// @param dropout   share of what the factors read that is left out at random while they learn, from 0 to below 1;
    ///                  of modules in layers alone (`lora_dropout`)
    /// @param targets   which modules: `all_linear`, `{modules: [q_proj, lm_head]}` or `{matching: <regex>}`
    ///                  (`target_modules`)
    /// @param useRslora whether the scale is `alpha / sqrt(r)`. Source: Kalajdzievski 2023, arXiv:2312.03732
    /// @param useDora   whether the rows of the sum get lengths of their own, which learn too (DoRA, Liu et al. 2024,
    ///                  arXiv:2402.09353)
    /// @param modulesToSave modules that learn whole beside them, by the ends of their names (`lm_head`, `norm`); of
    ///                  a head that is the embedding each side gets its own numbers then
    /// @param bias      which biases of the student learn too: `none`, `all` (also those of norms) or `lora_only`, of
    ///                  modules with factors
    /// @param rankPattern other ranks, by the end of a module's name or a regular expression; the first that fits
    ///                  counts
    /// @param alphaPattern other alphas, likewise
    /// @param base      in how few bits the matrices of the model underneath are kept while the factors learn: `none`,
    ///                  `int8`, `int4` or `nf4` (QLoRA, arXiv:2305.14314)
    record Lora(
            @Default("8") @Aka({"rank", "lora_r"}) int r,
            @Default("8") @Alias("lora_alpha") double alpha,
            @Default("0") @Alias("lora_dropout") double dropout,
            @Default("all_linear") @Alias("target_modules") LoraTargets targets,
            @Default("false") @Aka("rslora") boolean useRslora,
            @Default("false") @Aka("dora") boolean useDora,
            @Default("[]") List<String> modulesToSave,
            @Default("none") Biases bias,
            @Default("{}") Map<String, Integer> rankPattern,
            @Default("{}") Map<String, Double> alphaPattern,
            @Default("none") @Aka({"load_in_4bit", "load_in_8bit", "quantization"}) Quantization base)
            implements AdapterConfig {
        private static final String SAID = "r %s, alpha %s, use_rslora %s and use_dora %s";

        public Lora {
            modulesToSave = List.copyOf(modulesToSave);
            rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
            alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
            Limits.atLeast("r", r, 1);
            rankPattern.forEach((pattern, rank) -> Limits.atLeast("rank_pattern." + compiles(pattern), rank, 1));
            alphaPattern.forEach((pattern, scaled) -> {
                if (!(scaled > 0) || !Double.isFinite(scaled)) {
                    throw new IllegalArgumentException("alpha_pattern.%s: a number above 0; got %s; 2 r is usual"
                            .formatted(compiles(pattern), scaled));
                }
            });
            if (!(alpha > 0) || !Double.isFinite(alpha)) {
                throw new IllegalArgumentException("alpha: a number above 0; got %s; 2 r is usual".formatted(alpha));
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException("dropout: a share from 0 to below 1; got %s; 0.05 is usual"
                        .formatted(dropout));
            }
        }

        private static String compiles(String pattern) {
            try {
                return Pattern.compile(pattern).pattern();
            } catch (PatternSyntaxException broken) {
                throw new IllegalArgumentException("a pattern: a regular expression; got '%s'; %s"
                        .formatted(pattern, broken.getDescription()));
            }
        }

        /// @param model folder of the one the factors stand beside
        public LoraConfig settings(Path model) {
            return new LoraConfig(model.toAbsolutePath().normalize().toString(), r, alpha, List.of(), useRslora, false,
                    rankPattern, alphaPattern, useDora).withSaved(modulesToSave).withBiases(bias)
                    .withDropout(dropout);
        }

        /// A student's folder that holds an adapter already: its training goes on.
        ///
        /// @throws ConfigException if it is another kind of adapter
        public void require(LoraConfig there) {
            if (there.dropout() != dropout) {
                throw new ConfigException("adapter.lora.dropout", there.dropout() + ", as in the student's folder",
                        "%s".formatted(dropout), "write it");
            }
            if (there.besides().biases() != bias) {
                throw new ConfigException("adapter.lora.bias", there.besides().biases().label()
                        + ", as in the student's folder", bias.label(), "write it");
            }
            boolean same = there.rank() == r && there.alpha() == alpha && there.rankStabilised() == useRslora
                    && there.rows() == useDora
                    && there.ranks().equals(rankPattern) && there.alphas().equals(alphaPattern)
                    && there.besides().saved().equals(modulesToSave);
            if (!same && !there.besides().saved().equals(modulesToSave)) {
                throw new ConfigException("adapter.lora.modules_to_save", there.besides().saved()
                        + ", as in the student's folder", modulesToSave.toString(), "write these");
            }
            if (!same && !(there.ranks().equals(rankPattern) && there.alphas().equals(alphaPattern))) {
                throw new ConfigException("adapter.lora",
                        "rank_pattern %s and alpha_pattern %s, as in the student's folder"
                                .formatted(there.ranks(), there.alphas()),
                        "%s and %s".formatted(rankPattern, alphaPattern),
                        "write these");
            }
            if (!same) {
                throw new ConfigException("adapter.lora", SAID.formatted(there.rank(), there.alpha(),
                        there.rankStabilised(), there.rows()) + ", as in the student's folder",
                        SAID.formatted(r, alpha, useRslora, useDora),
                        "write these, or merge that adapter into its base first: socratic merge");
            }
        }
    }
}
