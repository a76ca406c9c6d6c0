package dev.socratic.core.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.sandbox.Execution.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that mean harm, run for real.
class SandboxTest {
    private static Sandbox sandbox;
    private static Interpreter python;
    private static Sandbox brief; // of processor time
    private static Sandbox hasty; // by the clock

    @BeforeAll
    static void open() {
        sandbox = Sandboxes.open(new SandboxConfig(20, 120, 256, 8, 16, false, Map.of()));
        brief = Sandboxes.open(new SandboxConfig(1, 120, 256, 8, 16, false, Map.of()));
        hasty = Sandboxes.open(new SandboxConfig(1, 2, 256, 8, 16, false, Map.of()));
        python = sandbox.interpreter(Language.of(Language.PYTHON));
    }

    @AfterAll
    static void close() {
        if (sandbox != null) { // no sandbox here: everything was skipped
            sandbox.close();
            brief.close();
            hasty.close();
        }
    }

    private static Execution run(String program) {
        return sandbox.run(SandboxJob.of(python, program, ""));
    }

    /// @return what a program prints that is to end well
    private static String said(String program) {
        Execution run = run(program);
        assertEquals(new Ending.Exited(0), run.ending(), run.errors().text());
        return run.output().text().strip();
    }

    @Test
    void aProgramReadsItsInputAndItsOutputAndStatusComeBack() {
        Execution run = sandbox.run(SandboxJob.of(python,
                "import sys; print(sys.stdin.read().upper()); print('no', file=sys.stderr); sys.exit(5)", "ab"));
        assertEquals(new Execution(new Ending.Exited(5), new Execution.Captured("AB\n", 3),
                new Execution.Captured("no\n", 3), ""), run);
    }

    @Test
    void scriptsOfPythonAndBashReadAndWrite() {
        runs("python", "print(input())");
        runs("bash", "read x; echo $x");
        assertEquals(List.of("python", "bash", "node", "java"), Language.names(), "each has a test here");
    }

    @Test
    @Tag("slow")
    void nodeAndJavaRunWhereTheyAreHere() {
        runs("node", "console.log(require('fs').readFileSync(0, 'utf8'))");
        runs("java", """
                class Main {
                    public static void main(String[] none) throws Exception {
                        System.out.write(System.in.readAllBytes());
                        System.out.flush();
                    }
                }
                """);
    }

    private static void runs(String language, String program) {
        SandboxConfig roomy = new SandboxConfig(20, 120, 1024, 16, 64, false, Map.of());
        try (Sandbox wide = Sandboxes.open(roomy)) {
            Execution run = wide.run(SandboxJob.of(wide.interpreter(Language.of(language)), program, "hi\n"));
            assertEquals("hi", run.output().text().strip(), language + ": " + run);
        }
    }

    @Test
    void theEnvironmentIsEmptyAndNothingOfTheParentCanBeRead() {
        assertEquals("HOME LANG LC_CTYPE OMP_NUM_THREADS PATH TMPDIR".replace("LC_CTYPE ", ""),
                said("import os; print(*sorted(k for k in os.environ if k != 'LC_CTYPE'))"));
        assertEquals("[]", said("""
                import os
                seen = []
                for pid in filter(str.isdigit, os.listdir('/proc')):
                    if int(pid) == os.getpid():
                        continue
                    for what in ('environ', 'mem', 'fd/0', 'fd/3', 'fd/4', 'cwd/x', 'root/etc/shadow'):
                        try:
                            open(f'/proc/{pid}/{what}').read(1)
                            seen.append(what)
                        except OSError:
                            pass
                print(seen)
                """));
    }

    @Test
    void homeAndTheFoldersOfUsersAreNotThere(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret");
        assertEquals("[]", said("""
                import os, sys
                found = []
                for path in (%s, '/home', '/etc/shadow', '/etc/hostname', '/var', '/run', '/mnt', '/sys', '/boot'):
                    if os.path.exists(path):
                        found.append(path)
                # Of a home there is only the way to the interpreter, where it lies in one.
                for prefix in {sys.prefix, sys.base_prefix}:
                    while not prefix.startswith('/usr') and os.path.dirname(prefix) != '/':
                        parent = os.path.dirname(prefix)
                        found += [f for f in os.listdir(parent) if f != os.path.basename(prefix)]
                        prefix = parent
                print(found)
                """.formatted("'" + secret + "', '" + System.getProperty("user.dir") + "'")));
    }

    @Test
    void nothingOfTheSystemOrTheInterpreterCanBeWritten() {
        assertEquals("[]", said("""
                import json, os, sys
                written = []
                for path in ('/usr/bin/x', '/etc/x', '/x', os.__file__, json.__file__, sys.executable,
                             os.path.dirname(os.__file__) + '/x.py', sys.prefix + '/x', '/proc/sys/kernel/hostname'):
                    try:
                        open(path, 'a').close()
                        written.append(path)
                    except OSError:
                        pass
                print(written)
                """));
    }

    @Test
    void thereIsNoNetworkNotEvenThisMachine() throws IOException {
        try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals("refused refused refused", said("""
                    import socket
                    def tried(family, address):
                        try:
                            socket.socket(family, socket.SOCK_STREAM).connect(address)
                            return 'reached'
                        except OSError:
                            return 'refused'
                    print(tried(socket.AF_INET, ('127.0.0.1', %s)), tried(socket.AF_INET, ('1.1.1.1', 53)),
                          tried(socket.AF_UNIX, '/run/dbus/system_bus_socket'))
                    """.formatted(here.getLocalPort())));
        }
    }

    @Test
    void aForkBombIsBounded() {
        assertEquals("bounded True", said("""
                import os, sys, time
                n = 0
                try:
                    while n < 100:
                        if os.fork() == 0:
                            time.sleep(60)
                            os._exit(0)
                        n += 1
                except OSError:
                    print('bounded', n < 16)
                """));
    }

    @Test
    void aDiskFillerIsBoundedInBytesAndFiles() {
        assertEquals("bytes True files True", said("""
                import os
                written = 0
                try:
                    for i in range(64):
                        with open(f'f{i}', 'wb') as f:
                            f.write(b'x' * (1 << 20))
                        written += 1
                except OSError:
                    pass
                for i in range(64):
                    if os.path.exists(f'f{i}'):
                        os.remove(f'f{i}')
                made = 0
                try:
                    for i in range(10000):
                        os.mkdir(f'd{i}')
                        made += 1
                except OSError:
                    pass
                print('bytes', written < 9, 'files', 0 < made < 5000)
                """));
    }

    @Test
    void outputIsKeptInPartCountedAndEnded() {
        Execution much = run("print('x' * 100000)");
        assertEquals(new Ending.Exited(0), much.ending());
        assertEquals(65_536, much.output().text().length());
        assertEquals(100_001, much.output().bytes());
        Execution endless = run("while True: print('x' * 100000)");
        assertTrue(endless.ending() instanceof Ending.TooMuchOutput
                || endless.ending() instanceof Ending.Exited exited && exited.outOfTime(), endless.ending().toString());
        assertEquals(65_536, endless.output().text().length());
    }

    @Test
    void whoSleepsOrComputesForEverIsKilled() {
        assertEquals(new Ending.OutOfTime(),
                hasty.run(SandboxJob.of(python, "import time; time.sleep(1000)", "")).ending());
        Ending busy = brief.run(SandboxJob.of(python, "while True: pass", "")).ending();
        assertTrue(assertInstanceOf(Ending.Exited.class, busy).outOfTime(), busy.toString());
    }

    @Test
    void whoIgnoresTheEndOfItsTimeIsKilledAllTheSame() {
        Ending ending = brief.run(SandboxJob.of(python,
                "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "")).ending();
        assertEquals(new Ending.Exited(128 + 9), ending);
    }

    @Test
    void aMemoryEaterGetsNoMore() {
        assertEquals("MemoryError", said("""
                try:
                    x = bytearray(1 << 30)
                except MemoryError as e:
                    print(type(e).__name__)
                """));
    }

    @Test
    void whatAProgramLeavesBehindIsKilledWithIt() throws IOException {
        // A child, a daemon in a session of its own, both holding the output open.
        Execution run = run("""
                import os, sys, time
                if os.fork() == 0:
                    time.sleep(1000)
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        open('/box/marker-5c1f', 'w').close()
                        os.execvp('sleep', ['sleep', '1000.7391'])
                    os._exit(0)
                time.sleep(0.1)
                print('gone')
                """);
        assertEquals(new Ending.Exited(0), run.ending());
        assertEquals("gone\n", run.output().text());
        assertEquals(List.of(), processes("1000.7391"));
    }

    @Test
    void whoIsKilledForTimeTakesItsDaemonsAlong() throws IOException {
        assertEquals(new Ending.OutOfTime(), hasty.run(SandboxJob.of(python, """
                import os, time
                if os.fork() == 0:
                    os.setsid()
                    os.execvp('sleep', ['sleep', '1000.7392'])
                time.sleep(1000)
                """, "")).ending());
        assertEquals(List.of(), processes("1000.7392"));
    }

    private static List<String> processes(String argument) {
        return ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(argument)).toList();
    }

    @Test
    void killingEveryoneReachesNobody() {
        assertEquals("alive", said("""
                import os, signal
                for target in (1, -1, os.getppid(), 0):
                    if target == 0:
                        continue
                    try:
                        os.kill(target, signal.SIGKILL)
                    except OSError:
                        pass
                print('alive')
                """));
    }

    @Test
    void noRightsAreLeftAndNoneCanBeHad() {
        assertEquals("0000000000000000 0000000000000000 1 refused refused", said("""
                import ctypes, os
                status = dict(line.split(':', 1) for line in open('/proc/self/status') if ':' in line)
                libc = ctypes.CDLL(None, use_errno=True)
                def tried(f, *arguments):
                    return 'refused' if f(*arguments) else 'done'
                print(status['CapEff'].strip(), status['CapBnd'].strip(), status['NoNewPrivs'].strip(),
                      tried(libc.mount, b'none', b'/box/tmp', b'tmpfs', 0, None),
                      tried(libc.umount2, b'/box', 2))
                """));
    }

    @Test
    void aUserNamespaceOfItsOwnDoesNotMakeTheSystemWritable() {
        assertEquals("read only", said("""
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                libc.unshare(0x10000000 | 0x00020000)
                libc.mount(b'none', b'/usr', None, 32 | 4096, None)
                try:
                    open('/usr/x', 'w')
                    print('written')
                except OSError:
                    print('read only')
                """));
    }

    @Test
    void aReportIsReadOnlyInPartAndNeverThroughALink() {
        Execution run = sandbox.run(new SandboxJob(python, List.of("-c", """
                import os
                os.symlink('/proc/1/environ', 'report')
                """), Map.of(), "", Optional.of("report")));
        assertEquals("", run.report());
        Execution long_ = sandbox.run(new SandboxJob(python, List.of("-c", "open('report', 'w').write('r' * 100000)"),
                Map.of(), "", Optional.of("report")));
        assertEquals(65_536, long_.report().length());
    }

    @Test
    void nothingIsLeftInTheScratchFolder() throws IOException {
        Path before;
        try (Sandbox own = Sandboxes.open()) {
            own.run(SandboxJob.of(own.interpreter(Language.of("bash")), "mkdir -p a/b; echo x > a/b/c; chmod 0 a", ""));
            try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                before = all.filter(path -> path.getFileName().toString().startsWith("socratic-sandbox-"))
                        .max(java.util.Comparator.comparing(path -> path.toFile().lastModified())).orElseThrow();
            }
            try (Stream<Path> left = Files.list(before)) {
                assertEquals(List.of("namespaces.sh"), left.map(path -> path.getFileName().toString()).toList());
            }
        }
        assertFalse(Files.exists(before));
    }
}
