package dev.socratic.core.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.sandbox.Execution.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens where there are no namespaces.
class UnsafeCodeTest {
    @TempDir
    Path folder;

    private HostTools without(String tool) throws IOException {
        Files.writeString(folder.resolve("unshare"), "#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\n"
                + "exit 1\n");
        assertTrue(folder.resolve("unshare").toFile().setExecutable(true));
        return HostTools.of(folder + ":/usr/bin:/bin");
    }

    @Test
    void aMachineThatForbidsNamespacesIsRefusedWithWhatItSaidAndWhatToDo() throws IOException {
        String path = String.join(":", without("unshare").path().stream().map(Path::toString).toList());
        ConfigException refused = assertThrows(ConfigException.class, () ->
                Sandbox.open(SandboxConfig.STANDARD, path).close());
        assertEquals("sandbox: a machine that lets programs be run apart from everything else; got namespaces "
                + "as root: unshare failed: Operation not permitted; user namespaces: unshare failed: Operation not "
                + "permitted; run on Linux with util-linux where user namespaces are allowed (a container needs "
                + "--security-opt seccomp=unconfined or CAP_SYS_ADMIN), or accept that programs of the model run as "
                + "you: --unsafe-code, sandbox: {unsafe_code: true}", refused.getMessage());
    }

    @Test
    void withUnsafeCodeItRunsWithLimitsAndSaysThatNothingElseHolds() throws IOException {
        try (Sandbox sandbox = Sandbox.open(new SandboxConfig(1, 2, 256, 8, 16, true, Map.of()),
                System.getenv("PATH"))) {
            assertEquals(Isolation.Kind.NONE, sandbox.isolation().kind());
            assertTrue(sandbox.isolation().shown().startsWith("none (unsafe_code), limits ("));
            Interpreter python = sandbox.interpreter(Language.of(Language.PYTHON));
            Execution run = sandbox.run(new SandboxJob(python, List.of("-c", """
                    import os
                    open('report', 'w').write('here')
                    print(sorted(k for k in os.environ if k != 'LC_CTYPE'))
                    """), Map.of(), "", Optional.of("report")));
            assertEquals(new Ending.Exited(0), run.ending(), run.errors().text());
            assertEquals("here", run.report());
            assertEquals("['HOME', 'LANG', 'OMP_NUM_THREADS', 'PATH', 'TMPDIR']\n", run.output().text());
            assertEquals(new Ending.OutOfTime(),
                    sandbox.run(SandboxJob.of(python, "import time; time.sleep(1000)", "")).ending());
            assertEquals("MemoryError\n", sandbox.run(SandboxJob.of(python, """
                    try:
                        bytearray(1 << 30)
                    except MemoryError as e:
                        print(type(e).__name__)
                    """, "")).output().text());
        }
    }

    @Test
    void settingsThatCannotBeAreRefusedByName() {
        assertEquals("cpu_seconds: from 1 to 86400; got 0; 3 is usual",
                assertThrows(IllegalArgumentException.class, () ->
                        new SandboxConfig(0, 30, 1024, 64, 64, false, Map.of())).getMessage());
        assertEquals("interpreters: a language of [python, bash, node, java]; got 'cobol'; write one of them",
                assertThrows(IllegalArgumentException.class, () ->
                        new SandboxConfig(3, 30, 1024, 64, 64, false, Map.of("cobol", "x"))).getMessage());
        try (Sandbox sandbox = Sandbox.open(new SandboxConfig(3, 30, 1024, 64, 64, true, Map.of("node", "nodeX")),
                System.getenv("PATH"))) {
            assertEquals("sandbox.interpreters.node: a program that runs node; got 'nodeX', which is not "
                    + "here; install it, or write interpreters: {node: PATH}",
                    assertThrows(ConfigException.class, () -> sandbox.interpreter(Language.of("node"))).getMessage());
        }
    }
}
