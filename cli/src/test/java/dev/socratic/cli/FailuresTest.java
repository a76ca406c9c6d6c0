package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.console.Failures;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is thrown, in whatever thread: sentences with a remedy, an exit code, and a stack only for a bug or for
/// who asks for it.
class FailuresTest {
    @TempDir
    Path folder;

    private record Told(int code, String text) {}

    private static Told told(Throwable thrown, boolean debug) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = new Failures(new Console(stream, stream, false, false, Map.of()), debug).tell(thrown);
        return new Told(code, err.toString(StandardCharsets.UTF_8));
    }

    private static void says(String text, Throwable thrown) {
        Told told = told(thrown, false);
        assertEquals("socratic: " + text + "; --debug shows where\n", told.text());
        assertEquals(ExitCode.FAILED, told.code());
        assertTrue(told(thrown, true).text().contains("\n    at dev.socratic.cli.FailuresTest"),
                "whoever wants the stack gets it");
    }

    @Test
    void aHeapThatIsFullIsSaidWithItsSizeAndHowToRaiseIt() {
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        String expected =
                "heap: no more than %s MiB of Java objects; got Java heap space; raise it: "
                        + "SOCRATIC_JAVA_OPTS=-Xmx%sm, or work on less at once; "
                + "the same command goes on where it stopped";
        says(expected.formatted(heap, 2 * heap), new OutOfMemoryError("Java heap space"));
        says(expected.formatted(heap, 2 * heap), new CompletionException(
                new IllegalStateException("a worker", new OutOfMemoryError("Java heap space"))));
    }

    @Test
    void otherLacksOfTheMachineHaveTheirOwnSentences() {
        says("threads: room for one more thread; got unable to create native thread; raise the limit of "
                + "processes (ulimit -u), or take a smaller --threads "
                + "or concurrency", new OutOfMemoryError("unable to create native thread"));
        says("stack: input that nests less deeply; got a stack that is full; mend the input, or raise the "
                + "stack: SOCRATIC_JAVA_OPTS=-Xss16m", new StackOverflowError());
        says("memory: room for a tensor of 4096 MiB; got none; work on less at once: a smaller batch, "
                + "micro_tokens or max_seq, or a smaller model",
                new IllegalStateException(
                        "ai.djl.engine.EngineException: DefaultCPUAllocator: not enough memory: you tried to "
                                + "allocate 4294967296 bytes."));
        says("class path: libraries that fit one another; got java.lang.NoSuchMethodError: 'x.Y.z()'; build "
                + "again from a clean checkout: "
                + "mvn -B -Dquick -DskipTests clean package", new NoSuchMethodError("'x.Y.z()'"));
    }

    @Test
    void nativeLibrariesThatDoNotLoadAreToldByWhatIsMissing() {
        says("native library: NVIDIA's driver; got none on this machine; install the driver, or run on the processor",
                new UnsatisfiedLinkError(
                        "/x/libtorch_cuda.so: libcuda.so.1: cannot open shared object file: No such file or "
                                + "directory"));
        says("native library: libgomp.so.1; got none on this machine; install the package that has it (libgomp1)",
                new IllegalStateException("Failed to load PyTorch native library",
                        new UnsatisfiedLinkError("libgomp.so.1: cannot open shared object file")));
        says("native library: a system with glibc, for which the native libraries of the tensor engine are "
                + "built; got one with musl, such as Alpine; "
                + "use an image with glibc, such as eclipse-temurin:25 or debian:stable-slim",
                new UnsatisfiedLinkError(
                        "Error loading shared library ld-linux-x86-64.so.2: No such file or directory"));
        says("native library: GLIBC_2.28 or newer; got an older one; use a newer system or image",
                new UnsatisfiedLinkError("/lib64/libc.so.6: version `GLIBC_2.28' not found (required by x)"));
        says("DJL_CACHE_DIR: a folder on a file system whose files may be executed; got one mounted with "
                + "noexec; name another: "
                + "SOCRATIC_JAVA_OPTS=-DDJL_CACHE_DIR=/var/tmp/djl",
                        new UnsatisfiedLinkError("/x.so: failed to map segment from shared object"));
    }

    @Test
    void whatWrapsAProblemIsLeftOutAndAListHasAnEnd() {
        DataException many = new DataException(IntStream.range(0, 200)
                .mapToObj(i -> new Problem("row " + i, "a text", "none", "")).toList());
        Told told = told(new ExecutionException(many), false);
        assertEquals(51, told.text().lines().count());
        assertTrue(told.text().endsWith("socratic: and 150 more\n"), told.text());
        assertEquals(ExitCode.FAILED, told.code());
    }

    @Test
    void aBugHasItsStack() {
        Told told = told(new IllegalStateException("odd"), false);
        assertTrue(told.text()
                .startsWith(
                "socratic: a bug of ours: java.lang.IllegalStateException: odd; please report it with the "
                        + "lines below\n    at "), told.text());
    }

    @Test
    void controlCharactersOfAProblemDoNotReachTheTerminal() {
        assertEquals("socratic: a: b; got '\\u001b[31m\\u009b2J\\u202e'\n",
                told(new DataException("a", "b", "'\u001b[31m\u009b2J\u202e'", ""), false).text());
    }

    /// Through the program itself, with a heap in which a row does not fit.
    @Test
    void aProgramWhoseHeapIsFullEndsWithTheSentence() throws Exception {
        Path rows = folder.resolve("rows.jsonl");
        Files.writeString(rows, "{\"gold\": \"5\", \"answer\": \"" + "a".repeat(15 << 20) + "\"}\n");
        Told told = program(List.of("-Xmx20m"), "verify", rows.toString(), "--gold", "gold", "--answer", "answer");
        assertEquals(ExitCode.FAILED, told.code(), told.text());
        assertTrue(told.text().contains("socratic: heap: no more than ")
                && told.text().contains("raise it: SOCRATIC_JAVA_OPTS=-Xmx"), told.text());
        assertFalse(told.text().contains("\tat "), told.text());
        Told larger = program(List.of("-Xmx512m"), "verify", rows.toString(), "--gold", "gold", "--answer", "answer");
        assertEquals(ExitCode.DONE, larger.code(), larger.text());
    }

    /// The remedy is tried: a cache that cannot be written, then one that can.
    @Test
    void nativesThatCannotBeUnpackedAreToldWithAFolderThatHelps() throws Exception {
        Told told = program(List.of("-DDJL_CACHE_DIR=/proc/nothing"), "inspect",
                Path.of("../recipes/embedded/base").toString(), "--check");
        if (told.code() != ExitCode.DONE) { // where the natives were unpacked before, nothing is written
            assertTrue(told.text().contains("DJL_CACHE_DIR"), told.text());
            assertFalse(told.text().contains("a bug of ours"), told.text());
        }
        Told helped = program(List.of("-DDJL_CACHE_DIR=" + folder.resolve("djl")), "inspect",
                Path.of("../recipes/embedded/base").toString(), "--check");
        assertEquals(ExitCode.DONE, helped.code(), helped.text());
    }

    private static Told program(List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp", System.getProperty("java.class.path"),
                "dev.socratic.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Told(process.waitFor(), text);
    }
}
