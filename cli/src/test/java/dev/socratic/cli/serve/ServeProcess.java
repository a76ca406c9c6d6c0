package dev.socratic.cli.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `socratic serve` in a process of its own, over the embedded teacher.
///
/// @param address as the process printed it
/// @param talk    what it says beside
record ServeProcess(Process process, String address, Path talk) implements AutoCloseable {
    static final Path TEACHER = Path.of("..", "recipes", "embedded", "teacher").toAbsolutePath().normalize();

    /// @param folder for its log
    /// @param heap   options of the virtual machine, with blanks between
    static ServeProcess start(Path folder, String heap, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString()));
        command.addAll(List.of(heap.split(" ")));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "dev.socratic.cli.Main", "serve", TEACHER.toString(), "--port", "0", "--threads", "1"));
        command.addAll(Stream.of(more).toList());
        Path talk = folder.resolve("talk.log");
        Process process = new ProcessBuilder(command).redirectError(talk.toFile()).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(),
                StandardCharsets.UTF_8));
        String address = out.readLine();
        if (address == null) {
            throw new IOException("it did not start: " + Files.readString(talk));
        }
        return new ServeProcess(process, address, talk);
    }

    Wire wire() {
        return new Wire(URI.create(address).getPort());
    }

    String said() throws IOException {
        return Files.readString(talk);
    }

    /// @return the exit code after a polite signal
    int terminated() throws InterruptedException {
        process.destroy();
        return process.waitFor(40, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
