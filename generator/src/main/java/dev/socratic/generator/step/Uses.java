package dev.socratic.generator.step;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.prompts.PromptTemplate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A template that a strategy renders, and the variables it is given.
///
/// @param key       of the config that names it
/// @param template  a built-in name, or a file
/// @param variables what a file of one's own may declare; those it leaves out are not given
public record Uses(String key, String template, Set<String> variables) {
    public Uses {
        variables = Set.copyOf(variables);
    }

    public Uses(String key, String template, String... variables) {
        this(key, template, Set.of(variables));
    }

    /// @return the template, which asks for nothing that it is not given
    /// @throws ConfigException if it is not there, or asks for more
    public PromptTemplate open() {
        PromptTemplate open = PromptTemplate.named(template);
        if (open.takesExamples()) {
            throw new ConfigException(key, "a template without examples", "'" + open.name() + "'",
                    "remove its example_variables");
        }
        List<Problem> problems = open.variables().stream().filter(name -> !variables.contains(name))
                .map(name -> new Problem(key, "variables that this step is given " + new TreeSet<>(variables),
                        "'%s' in the template '%s'".formatted(name, template),
                        Spelling.nearest(name, variables).map(near -> "write '" + near + "'").orElse("remove it")))
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return open;
    }
}
