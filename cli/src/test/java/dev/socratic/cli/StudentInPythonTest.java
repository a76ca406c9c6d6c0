package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A student's folder in the hands of those who know nothing of this tool (`snippets.py`): every student we write, by
/// a Python that has
/// transformers, TRL and PEFT, found by the property or variable `SOCRATIC_PYTHON`.
@Tag("peer")
class StudentInPythonTest {
    private static final String CONFIG = """
            name: s
            student: {random: {hidden: 32, layers: 2, heads: 2, kv_heads: 1, intermediate: 48, context: 256}}
            tokenizer: {train_bpe: {vocab: 384, source: {word_problems: {count: 50}}, rows: 50}}
            data: {word_problems: {count: 48, seed: 1, form: direct}}
            budget: {steps: {n: 4}}
            batch_tokens: 800
            micro_tokens: 512
            max_seq: 256
            dtype: float32
            """;

    private static String python;

    @TempDir
    Path folder;

    @BeforeAll
    static void pythonIsThere() {
        python = Optional.ofNullable(System.getProperty("SOCRATIC_PYTHON"))
                .orElse(System.getenv().getOrDefault("SOCRATIC_PYTHON", ""));
        assumeTrue(!python.isEmpty() && Files.isExecutable(Path.of(python)),
                "SOCRATIC_PYTHON names no Python with torch, transformers, trl and peft");
    }

    @Test
    void aStudentThatBeganAtRandomWorksAsItsUsersExpect() throws Exception {
        snippets(train("random", CONFIG));
    }

    @Test
    void aStudentOfAStudentWorksAsItsUsersExpect() throws Exception {
        Path first = train("random", CONFIG);
        String second = CONFIG.replaceFirst("student: .*\n", "student: {folder: {path: '" + first + "'}}\n")
                .replaceFirst("tokenizer: .*\n", "");
        snippets(train("second", second));
    }

    private Path train(String name, String config) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), config);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = Socratic.commandLine(new Console(stream, stream, false, false, Map.of()))
                .execute("train", file.toString(), "--out", folder.resolve(name).toString(), "--threads", "1");
        assertEquals(ExitCode.DONE, code, said.toString(StandardCharsets.UTF_8));
        return folder.resolve(name).resolve("train/s");
    }

    private void snippets(Path student) throws Exception {
        Path output = folder.resolve("python.txt");
        Path script = Path.of("src/test/resources/snippets.py").toAbsolutePath();
        Process process = new ProcessBuilder(
                python, script.toString(), student.toString(), Files.createTempDirectory(folder, "work").toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertEquals(true, process.waitFor(8, TimeUnit.MINUTES), "the snippets take longer than 8 minutes");
            assertEquals(0, process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }
}
