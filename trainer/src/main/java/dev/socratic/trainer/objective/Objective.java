package dev.socratic.trainer.objective;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a student is trained towards: a weighted sum of terms. A method from a paper is a preset file with these fields, not a class.
///
/// @param name   as reports state it
/// @param paper  where the method comes from, such as `arXiv:1503.02531`
/// @param parity how near to that paper it is
/// @param terms  at least one
public record Objective(
        String name, Optional<String> paper, @Default("inspired") Parity parity, List<Term> terms) {
    /// The presets that come with the trainer, each a file `presets/<name>.yaml`.
    public static final List<String> PRESETS = List.of("sft", "forward_kl", "reverse_kl", "word_kd");

    public Objective {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("terms: at least one; got none; write [{against: labels, distance: kl}] for plain fine-tuning");
        }
    }

    /// @param nameOrFile a preset's name, or the path of a YAML file: whatever has a separator in it or ends in `.yaml`
    /// @throws ConfigException if there is none, or with every problem of it
    public static Objective named(String nameOrFile) {
        if (nameOrFile.contains("/") || nameOrFile.contains("\\") || nameOrFile.endsWith(".yaml")) {
            return ConfigReader.read(Path.of(nameOrFile), Objective.class);
        }
        if (!PRESETS.contains(nameOrFile)) {
            throw new ConfigException(
                    "objective", "a preset or a file", "'" + nameOrFile + "'", "known: " + String.join(", ", PRESETS) + "; a file is named by its path");
        }
        String resource = "/dev/socratic/trainer/presets/" + nameOrFile + ".yaml";
        try (InputStream in = Objective.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            return ConfigReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), nameOrFile + ".yaml", Objective.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return whether any term compares with a teacher
    public boolean needsTeacher() {
        return terms.stream().anyMatch(term -> term.against() instanceof Against.Teacher);
    }
}
