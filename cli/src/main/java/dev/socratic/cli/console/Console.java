package dev.socratic.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.socratic.core.error.Printable;
import dev.socratic.core.json.Json;
import dev.socratic.core.progress.Look;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/// Where a command prints: data on one stream, talk on the other. The only place of the project that prints.
///
/// @param out      data: what a script reads
/// @param err      talk: progress, warnings, errors
/// @param terminal whether a person watches `err`
/// @param colour   whether colours are wanted (`NO_COLOR` unset and a terminal there)
/// @param environment variables of the environment, so that a test can hand in others
public record Console(
        PrintStream out, PrintStream err, boolean terminal, boolean colour, Map<String, String> environment) {
    public Console {
        Objects.requireNonNull(out);
        Objects.requireNonNull(err);
        environment = Map.copyOf(environment);
    }

    /// @return the console of this process; only the launcher can tell whether a person watches, so it says so as
    ///         `socratic.terminal`
    public static Console system() {
        Map<String, String> environment = System.getenv();
        boolean terminal = Boolean.getBoolean("socratic.terminal");
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Console(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                terminal,
                colour,
                environment);
    }

    /// @return how progress is shown on `err`
    public Look look() {
        return terminal ? new Look.Terminal(columns(), colour) : new Look.Log();
    }

    private int columns() {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : 100;
    }

    /// Prints a line of data. Control characters in it are shown by their codes: it may come from a file of anybody's.
    public void data(String line) {
        out.println(Printable.of(line));
    }

    /// Prints a line of talk, control characters by their codes.
    public void talk(String line) {
        err.println(Printable.of(line));
    }

    /// Prints a value as indented JSON; what is shown by its code is the same text in JSON.
    public void json(Object value) {
        try {
            out.println(Printable.of(Json.mapper().writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value)
                    .replace("\r\n", "\n")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of the command line is no JSON", e);
        }
    }

    /// Prints a value as one line of JSON.
    public void jsonLine(Object value) {
        try {
            out.println(Printable.of(Json.mapper().writeValueAsString(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of the command line is no JSON", e);
        }
    }
}
