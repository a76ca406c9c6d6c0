package dev.socratic.trainer.run.prepare;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.config.TrainConfig;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which of the student's weights learn nothing, for `freeze` says so.
public final class FrozenWeights {
    private FrozenWeights() {}

    /// @param student whose weights are frozen
    /// @throws ConfigException if a pattern is found in no name, or nothing is left that learns
    public static void freeze(TrainConfig config, Decoder student) {
        Set<String> names = student.weights().keySet();
        for (int i = 0; i < config.freeze().size(); i++) {
            Pattern pattern = Pattern.compile(config.freeze().get(i));
            if (names.stream().noneMatch(name -> pattern.matcher(name).find())) {
                throw new ConfigException("freeze[%s]".formatted(i), "a regular expression found in a weight's name",
                        "'%s', found in none".formatted(pattern), Spelling.remedy(pattern.pattern(), parts(names)));
            }
        }
        Set<String> frozen = names.stream().filter(name -> !config.learns(name))
                .collect(Collectors.toCollection(TreeSet::new));
        if (frozen.size() == names.size()) {
            throw new ConfigException("freeze", "some weights that learn", "patterns that freeze all " + names.size(),
                    "leave one out");
        }
        student.freeze(frozen);
    }

    /// What names are made of, but for numbers: that of a tied head is not among them.
    private static Set<String> parts(Set<String> names) {
        return names.stream().flatMap(name -> Stream.of(name.split("\\."))).filter(part -> !part.matches("[0-9]+"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
