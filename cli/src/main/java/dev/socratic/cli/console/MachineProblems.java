package dev.socratic.cli.console;

import dev.socratic.core.error.Problem;
import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the machine has too little of, or lacks: heap, memory of tensors, stack, threads, native libraries, a driver.
/// Nobody but the user can mend
/// that, so it gets a sentence with a remedy instead of a stack.
final class MachineProblems {
    private static final Pattern SHARED =
            Pattern.compile("(lib[A-Za-z0-9_+.-]+\\.so[0-9.]*): cannot open shared object file");
    private static final Pattern GLIBC = Pattern.compile("version [`'](GLIBC(?:XX)?_[0-9.]+)' not found");
    private static final Pattern ALLOCATE = Pattern.compile("not enough memory: you tried to allocate ([0-9]+) bytes");
    private static final Path MUSL = Path.of(
            "/lib/ld-musl-%s.so.1".formatted(System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64"));
    private static final String NATIVES = "the native libraries of the tensor engine";

    private MachineProblems() {}

    /// @return what to say; empty where it is none of these, and so a bug
    static Optional<Problem> of(Throwable thrown) {
        List<Throwable> causes = Failures.causes(thrown);
        String said = causes.stream().map(Throwable::toString).collect(Collectors.joining("\n"));
        for (Throwable cause : causes) {
            Optional<Problem> found = switch (cause) {
                case OutOfMemoryError memory -> Optional.of(memory(memory));
                case StackOverflowError stack ->
                        Optional.of(new Problem("stack", "input that nests less deeply", "a stack that is full",
                        "mend the input, or raise the stack: SOCRATIC_JAVA_OPTS=-Xss16m"));
                case UnsupportedClassVersionError old -> Optional.of(new Problem("java", "a JDK of 21 or newer",
                        System.getProperty("java.version"), "name one in SOCRATIC_JAVA_HOME"));
                case UnsatisfiedLinkError missing -> Optional.of(library(said));
                case LinkageError odd when !(odd instanceof ExceptionInInitializerError) -> Optional.of(natives(said)
                        ? library(said)
                        : new Problem("class path", "libraries that fit one another", shortened(odd.toString()),
                                "build again from a clean checkout: mvn -B -Dquick -DskipTests clean package"));
                case InternalError mapped when said.contains("memory access operation") -> Optional.of(new Problem(
                        "memory map", "files that stay as they are while they are read",
                                "one that became shorter, or a disk that failed",
                        "run the same command again"));
                default -> engine(cause, said);
            };
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Problem memory(OutOfMemoryError error) {
        String said = String.valueOf(error.getMessage());
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        if (said.contains("native thread")) {
            return new Problem("threads", "room for one more thread", said,
                    "raise the limit of processes (ulimit -u), or take a smaller --threads or concurrency");
        }
        if (said.contains("irect buffer")) {
            return new Problem("memory", "room beside the heap", said,
                    "raise it: SOCRATIC_JAVA_OPTS=-XX:MaxDirectMemorySize=%sm".formatted(2 * heap));
        }
        if (said.contains("etaspace") || said.contains("class space")) {
            return new Problem("memory", "room for classes", said,
                    "take -XX:MaxMetaspaceSize out of SOCRATIC_JAVA_OPTS");
        }
        if (said.contains("exceeds VM limit")) {
            return new Problem("memory", "a text or list of fewer than 2^31 parts", said,
                    "cut the row or file into smaller ones");
        }
        return new Problem("heap", "no more than %s MiB of Java objects".formatted(heap), said,
                ("raise it: SOCRATIC_JAVA_OPTS=-Xmx%sm, or work on less at once; the same command goes on where "
                        + "it stopped").formatted(2 * heap));
    }

    /// The tensor engine throws one kind of exception for everything; what it says tells them apart.
    private static Optional<Problem> engine(Throwable cause, String said) {
        if (!natives(cause.toString())) {
            return Optional.empty();
        }
        Matcher allocate = ALLOCATE.matcher(said);
        if (allocate.find()) {
            return Optional.of(new Problem("memory",
                    "room for a tensor of %s MiB".formatted(Long.parseLong(allocate.group(1)) >> 20), "none",
                    "work on less at once: a smaller batch, micro_tokens or max_seq, or a smaller model"));
        }
        if (said.contains("CUDA out of memory")) {
            return Optional.of(new Problem("GPU memory", "room for a tensor", "none",
                    "work on less at once: a smaller batch, micro_tokens or max_seq"));
        }
        boolean starting = said.contains("native library") || said.contains("Failed to extract")
                || said.contains("Cannot copy jni")
                || said.contains("Failed to download");
        return starting ? Optional.of(library(said)) : Optional.empty();
    }

    private static boolean natives(String said) {
        return said.contains("ai.djl") || said.contains("PyTorch") || said.contains("djl_");
    }

    /// Why native code could not be loaded.
    private static Problem library(String said) {
        Matcher shared = SHARED.matcher(said);
        Matcher glibc = GLIBC.matcher(said);
        if (Files.exists(MUSL) && !Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2")) || said.contains("ld-linux")
                || said.contains("Error relocating")) {
            return new Problem("native library", "a system with glibc, for which " + NATIVES + " are built",
                    "one with musl, such as Alpine",
                    "use an image with glibc, such as eclipse-temurin:25 or debian:stable-slim");
        }
        if (glibc.find()) {
            return new Problem("native library", glibc.group(1) + " or newer", "an older one",
                    "use a newer system or image");
        }
        if (shared.find()) {
            String name = shared.group(1);
            boolean driver = name.startsWith("libcuda.") || name.startsWith("libnvidia");
            return new Problem("native library", driver ? "NVIDIA's driver" : name, "none on this machine",
                    driver ? "install the driver, or run on the processor"
                            : "install the package that has it (%s)".formatted(pack(name)));
        }
        Optional<String> hindrance = cache();
        if (hindrance.isPresent()) {
            return new Problem("DJL_CACHE_DIR", "a folder where " + NATIVES + " can be unpacked, 500 MB",
                    hindrance.get(),
                    "name one that can be written to: SOCRATIC_JAVA_OPTS=-DDJL_CACHE_DIR=/var/tmp/djl");
        }
        if (said.contains("failed to map segment") || said.contains("Operation not permitted")) {
            return new Problem("DJL_CACHE_DIR", "a folder on a file system whose files may be executed",
                    "one mounted with noexec",
                    "name another: SOCRATIC_JAVA_OPTS=-DDJL_CACHE_DIR=/var/tmp/djl");
        }
        return new Problem("native library", NATIVES + " for " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"), shortened(said.lines().reduce((a, b) -> b).orElse("")),
                "see which systems the README names; socratic doctor tries it alone");
    }

    private static String pack(String library) {
        return library.startsWith("libgomp") ? "libgomp1" : library.startsWith("libstdc++") ? "libstdc++6"
                : library.toLowerCase(Locale.ROOT).replaceAll("\\.so.*", "");
    }

    /// @return why nothing can be unpacked into the engine's cache, tried by writing a file; empty where it can
    private static Optional<String> cache() {
        String named = System.getProperty("DJL_CACHE_DIR", System.getenv().getOrDefault("DJL_CACHE_DIR", ""));
        Path cache = named.isEmpty() ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(named);
        try {
            Files.createDirectories(cache);
            Files.delete(Files.createTempFile(cache, "try", ".tmp"));
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(
                    "'%s', %s".formatted(cache, IoProblems.writing(cache, refused).problems().getFirst().got()));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 197) + "...";
    }
}
