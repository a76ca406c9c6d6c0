package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a training says of itself, through the command.
class TrainCommandTest {
    private static final Path START = Path.of("../recipes/embedded/teacher").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int train(String more, String... answers) throws IOException {
        return train(more, List.of(), answers);
    }

    private int train(String more, List<String> options, String... answers) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String answer : answers) {
            rows.append("""
                    {"messages": [{"role": "user", "content": "Two and two?"}, {"role": "assistant", "content": "%s"}]}
                    """.formatted(answer));
        }
        Files.writeString(folder.resolve("rows.jsonl"), rows);
        Path config = Files.writeString(folder.resolve("train.yaml"), """
                name: small
                student: {folder: {path: "%s"}}
                data: {file: {path: rows.jsonl}}
                budget: {steps: {n: 2}}
                batch_tokens: 64
                """.formatted(START) + more);
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false, Map.of());
        err.reset();
        List<String> line = new ArrayList<>(List.of("train", config.toString(), "--out",
                folder.resolve("run").toString(), "--threads", "1"));
        line.addAll(options);
        return Socratic.commandLine(console).execute(line.toArray(String[]::new));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLineOfATrainingNamesItsUnitItsLossAndItsSpeed() throws IOException {
        assertEquals(ExitCode.DONE, train("", "four", "five"), err());
        String last = err().lines().filter(line -> line.startsWith("train/small  2/2")).reduce((a, b) -> b)
                .orElse(err());
        assertTrue(last.matches("train/small  2/2 steps 100 %  .*loss [0-9.]+  lr [0-9.e-]+  [0-9,]+ tokens/s.*"),
                last);
    }

    @Test
    void tooManyRowsThatAreTooLongAreExitCodeThreeBeforeTheFirstStep() throws IOException {
        String endless = "four ".repeat(100);
        assertEquals(ExitCode.NOT_WHOLE, train("max_seq: 64\n", "four", endless, endless), err());
        assertTrue(err().contains("2 of 3 rows (66.7 %) are longer than max_seq 64 and left out"), err());
        assertTrue(err().contains("socratic: data: at most 50.0 % of the rows longer than max_seq 64 "
                + "(too_long_limit); got 2 of 3 rows (66.7 %); "
                + "raise max_seq, write too_long: truncate, or raise too_long_limit if the others are enough"), err());
        assertFalse(Files.exists(folder.resolve("run/train/small/model.safetensors")));
        assertEquals(ExitCode.DONE, train("max_seq: 64\ntoo_long: truncate\n", "four", endless, endless), err());
        assertTrue(Files.exists(folder.resolve("run/train/small/model.safetensors")));
    }

    /// Of the config, of an override and of the objective it names, through the door of a dry run; then a whole run.
    @Test
    void aFormerNameIsReadAndToldOnOneLineWithTheNameOfToday() throws IOException {
        Path objective = Files.writeString(folder.resolve("own.yaml"), """
                name: own
                terms: [{against: labels, distance: kl, on: given}]
                """);
        String old = "objective: %s\nwindow: 64\noptimizer: {clip: 0.5, warmup: {share: 0.1}}\n".formatted(objective);
        assertEquals(ExitCode.DONE, train(old, List.of("--dry-run", "--set", "keep=3"), "four", "five"), err());
        String file = "socratic: " + folder.resolve("train.yaml");
        List<String> told = err().lines().filter(line -> line.contains("former name")).toList();
        assertEquals(List.of(
                file + ":7:1: 'shuffle_buffer'; got its former name 'window', which is still read; write "
                        + "'shuffle_buffer'",
                file + ":8:13: optimizer: 'max_grad_norm'; got its former name 'clip', which is still read; write "
                        + "'max_grad_norm'",
                file + ":8:33: optimizer.warmup: 'ratio'; got its former name 'share', which is still read; write "
                        + "'ratio'",
                "socratic: --set keep: 'keep_checkpoints'; got its former name 'keep', which is still read; write "
                        + "'keep_checkpoints'",
                "socratic: " + objective + ":2:45: terms[0].on: 'data'; got its former name 'given', which is still "
                        + "read; write 'data'"), told, err());
        assertEquals(ExitCode.DONE, train(old, "four", "five"), err());
    }
}
