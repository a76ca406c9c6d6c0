package dev.socratic.curator.quality;

import dev.socratic.core.config.BuiltInFiles;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Names;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.config.TextPart;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A published filter: what it measures and its limits.
///
/// ```yaml
/// source: Rae et al. 2021, arXiv:2112.11446
/// rules:
///   - {words: {min: 50, max: 100000}}
///   - {mean_word_length: {min: 3, max: 10}}
/// ```
///
/// @param source where the limits come from, and what differs here
/// @param of     which text of a row is judged
/// @param lines  which lines go before
/// @param rules  at least one, each kind once
public record QualityRules(String source, @Default("answer") TextPart of, Optional<LineRules> lines,
        List<Measure> rules) {
    private static final BuiltInFiles BUILT_IN = new BuiltInFiles(QualityRules.class,
            "/dev/socratic/curator/quality/", StepConfig.RULES, "quality.rules", "rules that come with the curator",
            "write one of the names in docs/curation.md, or name a file by its path");

    public QualityRules {
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("rules: at least one; got none");
        }
        Set<String> names = new HashSet<>();
        for (Measure rule : rules) {
            if (!names.add(name(rule))) {
                throw new IllegalArgumentException(
                        "rules: each measure once; got %s twice; write both its limits in one".formatted(name(rule)));
            }
            if (rule.min().isEmpty() && rule.max().isEmpty()) {
                throw new IllegalArgumentException(
                        "rules: min or max of each; got neither of %s".formatted(name(rule)));
            }
        }
    }

    /// @param nameOrFile as in a config
    public static QualityRules read(String nameOrFile) {
        return BUILT_IN.read(nameOrFile, QualityRules.class).value();
    }

    /// @return names of the rules that come with the curator
    public static List<String> names() {
        return BUILT_IN.names();
    }

    /// @return as in scores and reasons: `top_ngram_2`
    static String name(Measure rule) {
        return Names.snake(rule.getClass().getSimpleName()) + rule.suffix();
    }
}
