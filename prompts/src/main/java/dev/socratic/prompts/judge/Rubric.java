package dev.socratic.prompts.judge;

import dev.socratic.core.config.BuiltInFiles;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateOptions;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
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
/// A verdict in words is a criterion with labels: `preference: {labels: {A: 1, B: 0, tie: 0.5}, regex: '...'}`.
///
/// @param source   where the wording and the scale come from, and what differs here
/// @param version  changes whenever the text does
/// @param system   system message, if any
/// @param prompt   Jinja over what is judged: of an answer `question`, `answer` and `gold` (empty where none is known);
///                 of two answers `first` and `second` instead of `answer`; of a turn or a dialogue `conversation`, all
///                 that was said before
/// @param criteria by name, at least one; `overall` is their weighted mean
/// @param again    what a judge is told whose verdict cannot be read, where it is asked again
public record Rubric(String source, @Default("1") String version, Optional<String> system, String prompt,
        Map<String, Criterion> criteria, @Default(Rubric.AGAIN) String again) {
    /// The name of the weighted mean.
    public static final String OVERALL = "overall";
    /// How files of rubrics end.
    public static final String FILES = ".rubric.yaml";
    /// What judges of one answer are told.
    public static final List<String> ANSWER = List.of("question", "answer", "gold");
    /// What judges of two answers are told.
    public static final List<String> PAIR = List.of("question", "first", "second", "gold");
    /// What judges of a turn are told.
    public static final List<String> TURN = List.of("question", "answer", "gold", "conversation");

    static final String AGAIN = "Your reply could not be read as a verdict. Reply once more, in exactly the form that "
            + "was asked for, and write nothing else.";
    private static final BuiltInFiles BUILT_IN = new BuiltInFiles(Rubric.class, "/dev/socratic/prompts/judge/",
            FILES, "judge.rubric", "a rubric that comes with this tool",
            "write one of the names in docs/judging.md, or name a file by its path");
    private static final List<String> KNOWN = List.of("question", "answer", "gold", "first", "second", "conversation");

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
        try {
            Template.parse(prompt, OPTIONS).names().keySet().stream().filter(name -> !KNOWN.contains(name)).findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException(
                                "prompt: variables among %s; got '%s'; write one of them".formatted(KNOWN, name));
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
    /// @param labels values of words, instead of `from` and `to`: of a verdict that is a word and no number
    public record Criterion(Optional<Double> from, Optional<Double> to, @Default("1") double weight,
            Optional<String> regex, @Default("{}") Map<String, Double> labels) {
        public Criterion {
            labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
            if (labels.isEmpty() && (from.isEmpty() || to.isEmpty()) || !labels.isEmpty() && from.or(() -> to)
                    .isPresent()) {
                throw new IllegalArgumentException("from and to, or labels: the scale of numbers, or the values of "
                        + "words; got %s; write {from: 1, to: 5} or {labels: {yes: 1, no: 0}}".formatted(
                                labels.isEmpty() ? "neither whole" : "both"));
            }
            if (labels.isEmpty() && !(from.get() < to.get())) {
                throw new IllegalArgumentException(
                        "from and to: the first below the second; got %s and %s; 1 and 5 are usual".formatted(
                                from.get(), to.get()));
            }
            if (!labels.isEmpty() && labels.values().stream().distinct().count() < 2) {
                throw new IllegalArgumentException("labels: at least two values; got %s; write {yes: 1, no: 0}"
                        .formatted(labels));
            }
            if (!(weight > 0)) {
                throw new IllegalArgumentException("weight: above 0; got %s; 1 is usual".formatted(weight));
            }
            regex.ifPresent(Criterion::check);
        }

        public double least() {
            return from.orElseGet(() -> Collections.min(labels.values()));
        }

        public double most() {
            return to.orElseGet(() -> Collections.max(labels.values()));
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

    /// @param given what the judge can be told ([#ANSWER], [#PAIR], [#TURN])
    /// @throws ConfigException if its prompt asks for more
    public static Rubric read(String nameOrFile, List<String> given) {
        Rubric rubric = read(nameOrFile);
        Template.parse(rubric.prompt, OPTIONS).names().keySet().stream().filter(name -> !given.contains(name))
                .findFirst().ifPresent(name -> {
                    throw new ConfigException("rubric '%s'.prompt".formatted(nameOrFile), "variables among " + given,
                            "'%s'".formatted(name), "take a rubric for this kind of task (docs/judging.md)");
                });
        return rubric;
    }

    /// @return names of the rubrics that come with this tool
    public static List<String> names() {
        return BUILT_IN.names();
    }

    /// @param of `overall`, or a criterion
    /// @return the score that is meant: of a single criterion its own, for it is its mean
    public String score(String of) {
        return of.equals(OVERALL) && criteria.size() == 1 ? criteria.keySet().iterator().next() : of;
    }

    /// @param of `overall`, or a criterion
    /// @return the least such a score can be
    public double least(String of) {
        return scale(of, Criterion::least);
    }

    /// @param of `overall`, or a criterion
    /// @return the highest such a score can be
    public double most(String of) {
        return scale(of, Criterion::most);
    }

    private double scale(String of, ToDoubleFunction<Criterion> end) {
        Collection<Criterion> meant = criteria.containsKey(of) ? List.of(criteria.get(of)) : criteria.values();
        return meant.stream().mapToDouble(one -> one.weight() * end.applyAsDouble(one)).sum()
                / meant.stream().mapToDouble(Criterion::weight).sum();
    }

    /// @param place of the key, for the message
    /// @param of    `overall`, or a criterion
    /// @throws ConfigException if there is none of that name
    public void check(String place, String of) {
        if (!of.equals(OVERALL) && !criteria.containsKey(of)) {
            throw new ConfigException(place, "overall, or a criterion of the rubric", "'%s'".formatted(of),
                    Spelling.remedy(of, criteria.keySet()));
        }
    }

    /// @param values what the judge is told; those that the prompt does not ask for are left out
    /// @return the prompt about one thing that is judged
    public String asked(Map<String, String> values) {
        return Template.parse(prompt, OPTIONS).render(values).text();
    }

    /// @return what the judge gets: the system message, where there is one, and the prompt
    public List<ChatMessage> messages(Map<String, String> values) {
        return messages(asked(values));
    }

    /// @param prompt as [#asked] made it
    public List<ChatMessage> messages(String prompt) {
        List<ChatMessage> messages = new ArrayList<>();
        system.ifPresent(text -> messages.add(new ChatMessage(ChatMessage.SYSTEM, text)));
        messages.add(ChatMessage.user(prompt));
        return messages;
    }
}
