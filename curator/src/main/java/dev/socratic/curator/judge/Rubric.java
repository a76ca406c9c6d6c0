package dev.socratic.curator.judge;

import dev.socratic.core.config.BuiltInFiles;
import dev.socratic.core.config.Default;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateOptions;
import dev.socratic.curator.config.ScoreConfig.Judge;
import dev.socratic.curator.step.Candidate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a judge is asked, and how its verdict is read.
///
/// ```yaml
/// source: our own
/// criteria:
///   clarity: {from: 1, to: 5, regex: 'Clarity: (\d+)'}
/// prompt: |
///   How clear is this answer, from 1 to 5?
///   {{ answer }}
///   End with "Clarity: N".
/// ```
///
/// @param source   where the wording and the scale come from, and what differs here
/// @param system   system message, if any
/// @param prompt   Jinja over `question`, `answer` and `gold` (empty where none is known)
/// @param criteria by name, at least one; `overall` is their weighted mean
public record Rubric(String source, Optional<String> system, String prompt, Map<String, Criterion> criteria) {
    /// The name of the weighted mean.
    public static final String OVERALL = "overall";

    private static final BuiltInFiles BUILT_IN = new BuiltInFiles(Rubric.class, "/dev/socratic/curator/judge/",
            Judge.RUBRIC, "judge.rubric", "a rubric that comes with the curator",
            "write one of the names in docs/curation.md, or name a file by its path");

    public Rubric {
        criteria = Collections.unmodifiableMap(new LinkedHashMap<>(criteria));
        if (criteria.isEmpty()) {
            throw new IllegalArgumentException("criteria: at least one; got none; write {score: {from: 1, to: 5}}");
        }
        if (criteria.containsKey(OVERALL)) {
            throw new IllegalArgumentException(
                    "criteria: names of your own; got 'overall', which is their mean; choose another");
        }
        criteria.keySet().stream().filter(name -> !name.matches("[a-z][a-z0-9_]*")).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("criteria: names in snake case; got '%s'; write '%s'".formatted(name,
                    name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_")));
        });
        List<String> known = List.of("question", "answer", "gold");
        try {
            Template.parse(prompt, OPTIONS).names().keySet().stream().filter(name -> !known.contains(name)).findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException(
                                "prompt: variables among %s; got '%s'; write one of them".formatted(known, name));
                    });
        } catch (TemplateFailure broken) {
            throw new IllegalArgumentException("prompt: a Jinja template; got one that is none: %s; mend it"
                    .formatted(broken.getMessage()), broken);
        }
    }

    private static final TemplateOptions OPTIONS = TemplateOptions.DEFAULT.strict();

    /// One thing that is judged.
    ///
    /// @param from   least value of the scale
    /// @param to     highest value of the scale
    /// @param weight in the mean
    /// @param regex  finds the value in what the judge writes, its first group, where it stands last; left out, the
    ///               value is the field of the criterion's name in the last JSON object
    public record Criterion(double from, double to, @Default("1") double weight, Optional<String> regex) {
        public Criterion {
            if (!(from < to)) {
                throw new IllegalArgumentException(
                        "from and to: the first below the second; got %s and %s; 1 and 5 are usual".formatted(from,
                                to));
            }
            if (!(weight > 0)) {
                throw new IllegalArgumentException("weight: above 0; got %s; 1 is usual".formatted(weight));
            }
            regex.ifPresent(Criterion::check);
        }

        private static void check(String regex) {
            try {
                if (Pattern.compile(regex).matcher("").groupCount() < 1) {
                    throw new IllegalArgumentException(
                            "regex: an expression with a group around the value; got %s; write (\\d+)"
                                    .formatted(regex));
                }
            } catch (PatternSyntaxException broken) {
                throw new IllegalArgumentException("regex: a regular expression; got %s: %s; mend it".formatted(regex,
                        broken.getDescription()), broken);
            }
        }
    }

    /// @param nameOrFile as in a config
    public static Rubric read(String nameOrFile) {
        return BUILT_IN.read(nameOrFile, Rubric.class).value();
    }

    /// @return names of the rubrics that come with the curator
    public static List<String> names() {
        return BUILT_IN.names();
    }

    /// @param of `overall`, or a criterion
    /// @return the score that is meant: of a single criterion its own, for it is its mean
    String score(String of) {
        return of.equals(OVERALL) && criteria.size() == 1 ? criteria.keySet().iterator().next() : of;
    }

    /// @return the prompt about one row
    String asked(Candidate row) {
        return Template.parse(prompt, OPTIONS).render(Map.of("question", row.question(), "answer", row.answer(),
                "gold", row.gold().orElse(""))).text();
    }
}
