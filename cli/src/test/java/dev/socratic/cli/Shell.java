package dev.socratic.cli;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A user at the command line: files in a folder, commands through the real entry, what they print. `{}` in a file or
/// an argument is the folder.
final class Shell {
    private final Path folder;
    private final Map<String, String> environment;

    Shell(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /// What a command left behind, the folder's name as `{}`.
    record Result(int code, String out, String err) {
        @Override
        public String toString() {
            return "exit code %s%nout: %s%nerr: %s".formatted(code, out, err);
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    String placed(String text) {
        return text.replace("{}", folder.toString());
    }

    Shell file(String name, String content) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.writeString(path(name), placed(content));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                        false, false, environment);
        int code = Socratic.commandLine(console).execute(Stream.of(arguments).map(this::placed).toArray(String[]::new));
        return new Result(code, told(out), told(err));
    }

    /// One command line; no argument of it has a blank.
    Result line(String command) {
        return run(List.of(command.split(" ")).toArray(String[]::new));
    }

    /// @return every file in the folder, by relative name
    List<String> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String told(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).replace(folder.toString(), "{}");
    }
}
