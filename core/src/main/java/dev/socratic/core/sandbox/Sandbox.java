package dev.socratic.core.sandbox;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.sandbox.Execution.Captured;
import dev.socratic.core.sandbox.Execution.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Runs programs that nobody vouches for.
///
/// Opened, it tries once what this machine allows, the strictest first: namespaces made by root, namespaces made in a
/// user namespace. Where neither works it refuses, saying why, unless the config says `unsafe_code`.
///
/// Safe to call from several threads. Its scratch folder is removed when it is closed; a JVM that is killed leaves it
/// behind, and leaves what runs to end by its own time limit.
public final class Sandbox implements AutoCloseable {
    private static final List<String> NAMESPACES = List.of("mount", "pid", "net", "ipc", "uts");
    private static final int OPEN_FILES = 256;
    private static final int NODES = 4096;
    private static final int CANARY = 7;
    /// Seconds that a run goes on at most where we are killed ourselves.
    private static final int ORPHAN_SECONDS = 10;
    /// Numbers of users that nobody has: the first of them.
    private static final int FIRST_USER = 1_500_000_000;
    private static final int USERS = 400_000_000;

    private final SandboxConfig config;
    private final HostTools tools;
    private final Path scratch;
    private final Isolation isolation;
    private final AtomicInteger runs = new AtomicInteger();

    private Sandbox(SandboxConfig config, HostTools tools, Path scratch, Isolation isolation) {
        this.config = config;
        this.tools = tools;
        this.scratch = scratch;
        this.isolation = isolation;
    }

    /// Programs are looked for where this process finds them.
    ///
    /// @throws ConfigException where this machine allows no isolation and the config does not say `unsafe_code`
    public static Sandbox open(SandboxConfig config) {
        return open(config, System.getenv().getOrDefault("PATH", ""));
    }

    /// @param path where programs are looked for, as the variable `PATH` writes it
    /// @throws ConfigException where this machine allows no isolation and the config does not say `unsafe_code`
    public static Sandbox open(SandboxConfig config, String path) {
        HostTools tools = HostTools.of(path);
        Path scratch;
        try {
            scratch = Files.createTempDirectory("socratic-sandbox-");
        } catch (IOException e) {
            throw IoProblems.writing(Path.of(System.getProperty("java.io.tmpdir")), e);
        }
        List<String> reasons = new ArrayList<>();
        if (!config.unsafeCode()) {
            for (Isolation.Kind kind : List.of(Isolation.Kind.ROOT_NAMESPACES, Isolation.Kind.USER_NAMESPACES)) {
                Optional<Sandbox> works = tried(config, tools, scratch, kind, reasons);
                if (works.isPresent()) {
                    return works.get();
                }
            }
            delete(scratch);
            throw new ConfigException(List.of(new Problem("sandbox", "a machine that lets programs be run apart from "
                    + "everything else", String.join("; ", reasons), "run on Linux with util-linux where user "
                    + "namespaces are allowed (a container needs --security-opt seccomp=unconfined or CAP_SYS_ADMIN), "
                    + "or accept that programs of the model run as you: --unsafe-code, sandbox: {unsafe_code: true}")));
        }
        List<String> limits = tools.find("prlimit").isPresent()
                ? List.of("cpu", "memory", "file size", "open files", "wall time", "output")
                : List.of("wall time", "output");
        return new Sandbox(config, tools, scratch,
                new Isolation(Isolation.Kind.NONE, List.of(), "yours", limits));
    }

    /// Runs a program that looks whether it can see or change what it must not.
    private static Optional<Sandbox> tried(SandboxConfig config, HostTools tools, Path scratch, Isolation.Kind kind,
            List<String> reasons) {
        String word = kind == Isolation.Kind.ROOT_NAMESPACES ? "namespaces as root" : "user namespaces";
        List<String> missing = Stream.of("sh", "unshare", "mount", "umount", "pivot_root", "setpriv", "prlimit", "env",
                "timeout", "head", "chown").filter(name -> tools.find(name).isEmpty()).toList();
        if (!missing.isEmpty()) {
            reasons.add(word + ": not here: " + String.join(", ", missing));
            return Optional.empty();
        }
        List<String> namespaces = new ArrayList<>(NAMESPACES);
        if (kind == Isolation.Kind.USER_NAMESPACES) {
            namespaces.addFirst("user");
        }
        List<String> limits = List.of("cpu", "memory", "disk", "processes", "open files", "wall time", "output");
        Sandbox sandbox = new Sandbox(config, tools, scratch, new Isolation(kind, namespaces,
                kind == Isolation.Kind.ROOT_NAMESPACES ? "nobody's number" : "ours without rights", limits));
        Interpreter shell = new Interpreter(new Language("sh", "sh", "try.sh", List.of(), List.of(), List.of(), 0),
                tools.real(tools.find("sh").orElseThrow()), List.of(), "");
        String program = """
                [ -e "$1" ] && exit 3
                (: >/usr/socratic-canary) 2>/dev/null && exit 4
                grep -q ' UG* ' /proc/net/route 2>/dev/null && exit 5
                exit %s
                """.formatted(CANARY);
        Execution found = sandbox.run(new SandboxJob(shell, List.of("try.sh", scratch.toString()),
                java.util.Map.of("try.sh", program), "", Optional.empty()));
        if (found.ending() instanceof Ending.Exited exited && exited.code() == CANARY) {
            boolean few = sandbox.limitsProcesses(shell);
            return Optional.of(few ? sandbox : new Sandbox(config, tools, scratch, new Isolation(kind, namespaces,
                    sandbox.isolation.user(), limits.stream().filter(limit -> !limit.equals("processes")).toList())));
        }
        reasons.add(word + ": " + switch (found.ending()) {
            case Ending.NotStarted not -> not.why();
            case Ending.Exited exited -> "a trial ended with " + exited.code();
            case Ending.OutOfTime ignored -> "a trial did not end";
            case Ending.TooMuchOutput ignored -> "a trial wrote without end";
        });
        return Optional.empty();
    }

    /// The kernel does not count processes of the machine's own root.
    private boolean limitsProcesses(Interpreter shell) {
        String program = "i=0; while [ $i -lt %s ]; do sleep 5 & i=$((i+1)); done; exit %s"
                .formatted(config.processes(), CANARY);
        SandboxConfig few = new SandboxConfig(config.cpuSeconds(), config.wallSeconds(), config.memoryMib(),
                config.diskMib(), 4, false, config.interpreters());
        Execution found = new Sandbox(few, tools, scratch, isolation).run(SandboxJob.of(
                new Interpreter(new Language("sh", "sh", "try.sh", List.of("{file}"), List.of(), List.of(), 0),
                        shell.executable(), List.of(), ""), program.replace(String.valueOf(config.processes()), "6"),
                ""));
        return !(found.ending() instanceof Ending.Exited exited && exited.code() == CANARY);
    }

    /// @return what is in force
    public Isolation isolation() {
        return isolation;
    }

    /// @return what decides how a run ends, beside the program
    public String shape() {
        return isolation.shown() + "; " + config.shape();
    }

    /// @throws ConfigException where this machine has no such interpreter
    public Interpreter interpreter(Language language) {
        return Interpreter.find(language, config, tools);
    }

    /// Runs one program to its end, or kills it with everything it has begun.
    ///
    /// @return how it ended; never an exception for anything that the program does
    public Execution run(SandboxJob job) {
        int number = runs.getAndIncrement();
        Path folder = scratch.resolve("run-" + number + "-" + Long.toHexString(System.identityHashCode(this)));
        try {
            Path files = Files.createDirectories(folder.resolve("files"));
            Files.createDirectories(folder.resolve("root"));
            for (var file : job.files().entrySet()) {
                Files.writeString(files.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
            }
            Path input = Files.writeString(folder.resolve("input"), job.input(), StandardCharsets.UTF_8);
            boolean apart = isolation.kind() != Isolation.Kind.NONE;
            ProcessBuilder builder = new ProcessBuilder(apart ? apart(job, folder, number) : together(job, folder))
                    .redirectInput(input.toFile());
            builder.environment().clear();
            builder.environment().put("PATH", String.join(":", tools.path().stream().map(Path::toString).toList()));
            return watched(builder.start(), job, folder, apart);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        } finally {
            delete(folder);
        }
    }

    private Execution watched(Process process, SandboxJob job, Path folder, boolean apart) throws IOException {
        OutputReader output = OutputReader.of(process.getInputStream());
        OutputReader errors = OutputReader.of(process.getErrorStream());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(config.wallSeconds());
        Optional<Ending> killed = Optional.empty();
        try {
            while (killed.isEmpty() && !process.waitFor(Math.min(20, 1 + (end - System.nanoTime()) / 1_000_000),
                    TimeUnit.MILLISECONDS)) {
                killed = output.isFull() || errors.isFull() ? Optional.of(new Ending.TooMuchOutput())
                        : System.nanoTime() > end ? Optional.of(new Ending.OutOfTime()) : Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            killed = Optional.of(new Ending.NotStarted("interrupted"));
        } finally {
            // Behind the main process nothing may go on; in namespaces the kernel has seen to that already. By its
            // handle: destroying the Process itself would close what is still to be read.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.toHandle().destroyForcibly();
        }
        Captured written = output.end();
        Captured said = errors.end();
        if (killed.isEmpty() && (output.isFull() || errors.isFull())) {
            killed = Optional.of(new Ending.TooMuchOutput());
        }
        String status = apart ? text(folder.resolve("status")) : "started\nexit " + exit(process) + "\n";
        Ending ending = killed.orElseGet(() -> ending(status, said.text()));
        return new Execution(ending, written, said, job.report().map(name -> text(apart ? folder.resolve("report")
                : folder.resolve("files").resolve(name))).orElse(""));
    }

    private static int exit(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static Ending ending(String status, String errors) {
        List<String> lines = status.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals("started")) {
            return new Ending.NotStarted(errors.lines().findFirst().orElse("nothing was said"));
        }
        // Without a last line even process 1 was killed: the machine ran out of memory.
        return lines.size() > 1 && lines.get(1).matches("exit \\d+")
                ? new Ending.Exited(Integer.parseInt(lines.get(1).substring("exit ".length())))
                : new Ending.Exited(128 + 9);
    }

    private List<String> limits(SandboxJob job) {
        return new ArrayList<>(List.of(
                "--cpu=%s:%s".formatted(config.cpuSeconds(), config.cpuSeconds() + 1),
                "--as=" + ((config.memoryMib() + (long) job.interpreter().language().reserveMib()) << 20),
                "--fsize=" + ((long) config.diskMib() << 20),
                "--nofile=" + OPEN_FILES,
                "--core=0"));
    }

    private List<String> apart(SandboxJob job, Path folder, int number) throws IOException {
        boolean root = isolation.kind() == Isolation.Kind.ROOT_NAMESPACES;
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL",
                String.valueOf(config.wallSeconds() + ORPHAN_SECONDS), "unshare", "--fork", "--kill-child"));
        isolation.namespaces().forEach(namespace -> command.add("--" + namespace));
        if (!root) {
            command.add("--map-root-user");
        }
        long user = FIRST_USER + (ProcessHandle.current().pid() * 4096 + number) % USERS;
        command.addAll(List.of("sh", script("namespaces.sh").toString(), folder.toString(),
                root ? String.valueOf(user) : "-", String.valueOf(config.diskMib()), String.valueOf(NODES),
                job.report().orElse("-")));
        command.addAll(limits(job));
        command.add("--nproc=" + config.processes());
        command.add("--");
        job.interpreter().folders().forEach(seen -> command.add(seen.toString()));
        command.add("--");
        command.add(job.interpreter().executable().toString());
        command.addAll(job.arguments());
        return command;
    }

    /// How many processes there are is not limited here: the kernel would count all of this user's.
    private List<String> together(SandboxJob job, Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        tools.find("timeout").ifPresent(timeout -> command.addAll(List.of(timeout.toString(), "-s", "KILL",
                String.valueOf(config.wallSeconds() + ORPHAN_SECONDS))));
        command.addAll(List.of("sh", script("limits.sh").toString(), folder.resolve("files").toString(),
                tools.find("prlimit").map(Path::toString).orElse("-")));
        command.addAll(limits(job));
        command.add("--");
        command.add(job.interpreter().executable().toString());
        command.addAll(job.arguments());
        return command;
    }

    private synchronized Path script(String name) throws IOException {
        Path file = scratch.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = Sandbox.class.getResourceAsStream(name)) {
                Files.write(file, in.readAllBytes());
            }
        }
        return file;
    }

    /// Its beginning; empty where there is no regular file of that name.
    private static String text(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw IoProblems.writing(folder, e instanceof IOException io ? io : new IOException(e.getMessage()));
        }
    }

    @Override
    public void close() {
        delete(scratch);
    }
}
