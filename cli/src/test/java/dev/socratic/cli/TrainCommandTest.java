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
        return Socratic.commandLine(console)
                .execute("train", config.toString(), "--out", folder.resolve("run").toString(), "--threads", "1");
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
                + "raise max_seq, write too_long: cut, or raise too_long_limit if the others are enough"), err());
        assertFalse(Files.exists(folder.resolve("run/train/small/model.safetensors")));
        assertEquals(ExitCode.DONE, train("max_seq: 64\ntoo_long: cut\n", "four", endless, endless), err());
        assertTrue(Files.exists(folder.resolve("run/train/small/model.safetensors")));
    }
}
