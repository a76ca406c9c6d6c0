package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.models.hub.HubOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a user may write wrong on the command line of `serve`: one line that says how to mend it, before any weights
/// are read.
class ServeCommandTest {
    private static final String TEACHER = "../recipes/embedded/teacher";
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private void refused(String message, String... more) {
        err.reset();
        PrintStream talk = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(talk, talk, false, false,
                Map.of("EMPTY", " ", "KEY", "sk", "TWO_LINES", "sk\na"));
        int code = Socratic.commandLine(console).execute(Stream.concat(Stream.of("serve", TEACHER), Stream.of(more))
                .toArray(String[]::new));
        assertEquals("socratic: " + message + "\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(ExitCode.USAGE, code);
    }

    @Test
    void aPortThatCannotBeHadIsTheUsersToMend() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            refused(("--port: a free port; got %s, which another program has (Address already in use); write "
                    + "another, or 0 for any free port").formatted(taken.getLocalPort()),
                    "--port", String.valueOf(taken.getLocalPort()));
        }
        refused("--port: a number from 0 to 65535; got 99999; write 0 for any free port", "--port", "99999");
        refused("--port: a number from 0 to 65535; got -1; write 0 for any free port", "--port", "-1");
    }

    @Test
    void aHostThatIsNotThisMachineIsSaid() {
        refused("--host: an address or a name of this machine; got 'no.such.host.invalid', which nobody knows; "
                + "leave it out for 127.0.0.1, "
                + "or write 0.0.0.0 for the network", "--host", "no.such.host.invalid", "--no-key");
        refused("--host: an address of this machine; got '192.0.2.7', which is another's; leave it out for 127.0.0.1, "
                + "or write 0.0.0.0 for the network", "--host", "192.0.2.7", "--no-key", "--port", "0");
    }

    @Test
    void theNetworkIsNotServedWithoutAKeyUnlessThatIsSaid() {
        refused("--host: a key, where others than this machine can connect; got '0.0.0.0' without one; write "
                + "--key-env VARIABLE, "
                + "or --no-key if whoever reaches the port may use the model", "--host", "0.0.0.0", "--port", "0");
        refused("--key-env: an environment variable with the key; got 'NOPE', which is not set; set it: export "
                + "NOPE=...", "--key-env", "NOPE");
        refused("--key-env: an environment variable with the key; got 'EMPTY', which is empty; set it: export "
                + "EMPTY=...", "--key-env", "EMPTY");
        refused("--key-env: an environment variable with the key; got 'TWO_LINES', which holds characters that no "
                + "client "
                + "can send in a header; set it: export TWO_LINES=...", "--key-env", "TWO_LINES");
        refused("--no-key: one of --key-env and --no-key; got both; leave one of them out", "--key-env", "KEY",
                "--no-key");
    }

    @Test
    void modelsOfOneNameAreGivenAnother() {
        refused("MODEL: models of different names; got two called 'teacher'; give one of them another: NAME=" + TEACHER,
                TEACHER);
        refused("MODEL: a name before '='; got '=%s'; write NAME=MODEL".formatted(TEACHER), "=" + TEACHER);
        refused("no/such: a folder that exists, or a model in the cache %s; got 'no/such', which is neither; check "
                .formatted(HubOptions.from(Map.of()).cache()) + "the path, or fetch it: socratic pull no/such",
                "student=no/such");
    }

    @Test
    void aDraftIsForOneModelThatAnswers() {
        refused("--draft: one model that answers, to draft for; got [teacher, a]; serve it by itself, or leave --draft "
                + "out", "--draft", TEACHER, "a=" + TEACHER);
        refused("--draft-tokens: from 1 to 32; got 0; 4 suits most pairs", "--draft", TEACHER, "--draft-tokens", "0");
    }

    @Test
    void numbersThatMeanNothingAndConfigsThatAreNotThereAreSaid() {
        refused("--batch: at least 1; got 0; 1 answers one request at a time", "--batch", "0");
        refused("--cache: at least 1; got 0; leave it out for an eighth of this machine's memory", "--cache", "0");
        refused("--timeout: at least 1; got -5; 600 are ten minutes", "--timeout", "-5");
        refused("--threads: at least 1; got 0; leave it out to use all", "--threads", "0");
        refused("--set: nothing: serve has no config; got 'bananas'; use the options of serve; see 'socratic "
                + "help serve'", "--set", "bananas=3");
    }
}
