package dev.socratic.core.sandbox;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How programs of one language are run.
///
/// @param name       as configs write it
/// @param program    that runs them
/// @param file       what a program's file is called
/// @param command    its arguments; `{file}` is the program
/// @param version    arguments that make it print its version
/// @param folders    arguments that make it print the folders it needs, one a line; none for the one it lies in
/// @param reserveMib address space it takes whatever the program does
public record Language(String name, String program, String file, List<String> command, List<String> version,
        @Default("[]") List<String> folders, @Default("0") int reserveMib) {
    /// The one that tests of lm-evaluation-harness are written in.
    public static final String PYTHON = "python";

    private static final List<Language> ALL = read();

    public Language {
        command = List.copyOf(command);
        version = List.copyOf(version);
        folders = List.copyOf(folders);
    }

    /// The file of languages.
    record Listing(List<Language> languages) {}

    private static List<Language> read() {
        try (InputStream in = Language.class.getResourceAsStream("languages.yaml")) {
            return ConfigReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), "languages.yaml",
                    Listing.class).languages();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return their names
    public static List<String> names() {
        return ALL.stream().map(Language::name).toList();
    }

    /// @throws ConfigException where there is none of that name
    public static Language of(String name) {
        return ALL.stream().filter(language -> language.name().equals(name)).findFirst().orElseThrow(() ->
                new ConfigException("language", "one of " + names(), "'" + name + "'", "write one of them"));
    }
}
