package dev.socratic.models.checkpoint;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which modules of a base get low-rank factors: PEFT's `target_modules`.
public sealed interface LoraTargets {
    /// Every linear module but the head, which is named where it is wanted. Source: Dettmers et al. 2023,
    /// arXiv:2305.14314.
    record AllLinear() implements LoraTargets {}

    /// Modules of these names.
    ///
    /// @param names whole (`model.layers.0.self_attn.q_proj`), or their ends behind a dot (`q_proj`, `lm_head`)
    record Modules(List<String> names) implements LoraTargets {
        public Modules {
            names = List.copyOf(names);
            if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(
                        "names: modules that get factors; got %s; write [q_proj, v_proj], or targets: all_linear"
                                .formatted(names));
            }
        }
    }

    /// Modules whose whole name is of this form.
    ///
    /// @param regex a regular expression: `.*layers\.[0-3]\..*_proj`
    record Matching(String regex) implements LoraTargets {
        public Matching {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException broken) {
                throw new IllegalArgumentException("regex: a regular expression; got '%s'; %s"
                        .formatted(regex, broken.getDescription()));
            }
        }
    }

    /// @param module name of a linear module
    /// @param head   whether it is the head
    default boolean match(String module, boolean head) {
        return switch (this) {
            case AllLinear ignored -> !head;
            case Modules some -> some.names().stream().anyMatch(name -> named(name, module));
            case Matching pattern -> module.matches(pattern.regex());
        };
    }

    /// PEFT's rule: the whole name, or its end behind a dot.
    static boolean named(String name, String module) {
        return module.equals(name) || module.endsWith("." + name);
    }
}
