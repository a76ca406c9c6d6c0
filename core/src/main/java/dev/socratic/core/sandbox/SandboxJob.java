package dev.socratic.core.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One run of a program.
///
/// @param interpreter what runs it
/// @param arguments   of the interpreter
/// @param files       text by name, in the folder it runs in
/// @param input       on its standard input
/// @param report      a file of that folder whose first 64 KiB are handed out afterwards
public record SandboxJob(Interpreter interpreter, List<String> arguments, Map<String, String> files, String input,
        Optional<String> report) {
    public SandboxJob {
        arguments = List.copyOf(arguments);
        files = Map.copyOf(new TreeMap<>(files));
        files.keySet().forEach(name -> {
            if (!name.matches("[A-Za-z0-9._-]{1,64}") || name.startsWith("..")) {
                throw new IllegalArgumentException(
                        "files: names of letters, digits, '.', '_' and '-'; got '%s'; rename it".formatted(name));
            }
        });
    }

    /// A program alone.
    public static SandboxJob of(Interpreter interpreter, String program, String input) {
        Language language = interpreter.language();
        return new SandboxJob(interpreter, language.command().stream().map(word ->
                word.replace("{file}", language.file())).toList(), Map.of(language.file(), program), input,
                Optional.empty());
    }
}
