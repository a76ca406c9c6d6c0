package dev.socratic.curator.toxicity;

import dev.socratic.core.config.BuiltInFiles;
import dev.socratic.curator.config.StepConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Words and phrases by category.
///
/// ```yaml
/// source: our own
/// categories:
///   - {name: insult, any: [idiot, you are worthless]}
/// ```
///
/// @param source     where they come from
/// @param categories at least one, each name once
public record WordList(String source, List<Category> categories) {
    private static final BuiltInFiles BUILT_IN = new BuiltInFiles(WordList.class, "/dev/socratic/curator/toxicity/",
            StepConfig.WORDS, "toxicity.words", "words that come with the curator",
            "write 'toxic', or name a file by its path");

    public WordList {
        categories = List.copyOf(categories);
        if (categories.isEmpty()) {
            throw new IllegalArgumentException("categories: at least one; got none");
        }
        Set<String> names = new HashSet<>();
        for (Category category : categories) {
            if (!names.add(category.name())) {
                throw new IllegalArgumentException(
                        "categories: each name once; got %s twice; write both in one".formatted(category.name()));
            }
        }
    }

    /// @param name in snake case, as scores and reasons have it
    /// @param any  words and phrases; what a text holds is compared without case, marks and look-alikes
    public record Category(String name, List<String> any) {
        public Category {
            any = List.copyOf(any);
            if (!name.matches("[a-z][a-z0-9_]*")) {
                throw new IllegalArgumentException("name: snake case; got '%s'; write insult".formatted(name));
            }
            if (any.isEmpty() || any.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(
                        "any: at least one word or phrase, none of them blank; got %s".formatted(any));
            }
        }
    }

    /// @param nameOrFile as in a config
    static WordList read(String nameOrFile) {
        return BUILT_IN.read(nameOrFile, WordList.class).value();
    }
}
