package dev.socratic.core.sandbox;

import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Programs of this machine, looked for along a path.
///
/// @param path folders, in their order
record HostTools(List<Path> path) {
    private static final long PATIENCE_SECONDS = 60;

    HostTools {
        path = List.copyOf(path);
    }

    /// @param variable as `PATH` writes it
    static HostTools of(String variable) {
        List<Path> folders = new ArrayList<>(Arrays.stream(variable.split(":")).filter(text -> !text.isBlank())
                .map(Path::of).toList());
        // Where pivot_root lies, which the path of a user without rights often leaves out.
        folders.addAll(List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin")));
        return new HostTools(folders);
    }

    /// @param name or path
    Optional<Path> find(String name) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name)).filter(Files::isExecutable).map(Path::toAbsolutePath);
        }
        return path.stream().map(folder -> folder.resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file)).findFirst()
                .map(Path::toAbsolutePath);
    }

    Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return what it prints
    String ask(Path program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
            String said = new String(process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new ConfigException("sandbox.interpreters", "a program that answers " + arguments,
                        "'%s', which says: %s".formatted(program, said.lines().findFirst().orElse("nothing")),
                        "name one that works: interpreters: {LANGUAGE: PATH}");
            }
            return said;
        } catch (IOException e) {
            throw new ConfigException("sandbox.interpreters", "a program that can be run",
                    "'%s': %s".formatted(program, e.getMessage()), "name one that works: interpreters: "
                    + "{LANGUAGE: PATH}");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("sandbox", "to be asked to its end", "an interrupt", "run the command again");
        }
    }
}
