package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.record.RecordOptions;
import dev.socratic.cli.record.RecordProxy;
import dev.socratic.core.access.Gate;
import dev.socratic.core.access.Listener;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.secret.KeyLike;
import dev.socratic.core.secret.Secret;
import dev.socratic.generator.teacher.EndpointAddress;
import dev.socratic.generator.teacher.EnvironmentVariables;
import dev.socratic.generator.traffic.TrafficJournal;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A proxy in front of an endpoint that records what passes.
@Command(
        name = "record",
        description = {
            "Records what applications ask of an endpoint: a proxy that speaks its API, in front of it.",
            "Give applications the printed address in place of the endpoint's. Calls of chat, completions, "
                    + "responses and messages are kept in a folder with their answers; 'socratic traffic FOLDER' makes "
                    + "training rows of them. POST /feedback keeps what users say of an answer.",
            "Keys go to the endpoint and are never written anywhere. SIGTERM or Ctrl-C ends it."
        },
        mixinStandardHelpOptions = true)
final class RecordCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--to", required = true, paramLabel = "URL", description =
            "The endpoint, up to and including its version: https://api.openai.com/v1.")
    private String to;

    @Option(names = "--out", paramLabel = "DIR", description = "Where calls are kept (default: ${DEFAULT-VALUE}).",
            defaultValue = "traffic")
    private Path out;

    @Option(names = "--port", description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "8088")
    private int port;

    @Option(names = "--host", description = "Address to listen on (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--allow-host", paramLabel = "NAME", description =
            "A further name by which clients may call the recorder, beside localhost; repeatable.")
    private Set<String> names = new LinkedHashSet<>();

    @Option(names = "--cors", paramLabel = "ORIGIN", description =
            "A web page's origin that may ask, such as https://example.org; repeatable (default: none).")
    private Set<String> origins = new LinkedHashSet<>();

    @Option(names = "--key-env", paramLabel = "VARIABLE", description =
            "The environment variable with the endpoint's key, sent in place of what clients send (default: what "
                    + "clients send goes on).")
    private Optional<String> keyEnv = Optional.empty();

    @Option(names = "--client-key-env", paramLabel = "VARIABLE", description =
            "The environment variable with the key that clients must send as a Bearer token.")
    private Optional<String> clientKeyEnv = Optional.empty();

    @Option(names = "--keep-header", paramLabel = "NAME", description =
            "A header of requests that is kept as metadata, beside x-socratic-meta-NAME; repeatable.")
    private Set<String> kept = new LinkedHashSet<>();

    @Option(names = "--timeout", paramLabel = "SECONDS", description =
            "The endpoint's longest silence (default: ${DEFAULT-VALUE}).", defaultValue = "600")
    private int timeout;

    @Option(names = "--json", description = "The address as one JSON object.")
    private boolean json;

    RecordCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        RecordOptions options = options();
        try (ServerSocketChannel listener = Listener.open(host, port);
                TrafficJournal journal = TrafficJournal.open(out)) {
            journal.notes().forEach(console::talk);
            try (RecordProxy proxy = RecordProxy.start(options, journal, listener)) {
                say(proxy);
                awaitInterrupt();
                proxy.close();
                console.talk("socratic: " + proxy + " in " + out);
            }
        }
        return ExitCode.DONE;
    }

    private RecordOptions options() {
        String address = address();
        EndpointAddress parts = EndpointAddress.of(address);
        if (timeout < 1) {
            throw new ConfigException("--timeout", "at least 1", String.valueOf(timeout), "600 are ten minutes");
        }
        kept.stream().filter(KeyLike::name).findFirst().ifPresent(name -> {
            throw new ConfigException("--keep-header", "headers that hold no key, for what they hold is written down",
                    "'%s'".formatted(name), "leave it out");
        });
        Optional<Secret> clientKey = clientKeyEnv.map(variable -> key("--client-key-env", variable));
        if (keyEnv.isPresent() && clientKey.isEmpty() && !Gate.loopback(host)) {
            throw new ConfigException("--host", "a key of the clients, where others than this machine can connect and "
                    + "--key-env pays for them", "'%s' without one".formatted(host), "write --client-key-env VARIABLE");
        }
        if (clientKey.isPresent() && keyEnv.isEmpty()) {
            throw new ConfigException("--client-key-env", "--key-env beside it, for clients cannot send two keys",
                    "none", "write --key-env VARIABLE with the endpoint's key");
        }
        String query = parts.query().entrySet().stream().map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("&"));
        return new RecordOptions(host, names, origins, URI.create(parts.base()), query,
                keyEnv.map(variable -> key("--key-env", variable)), clientKey,
                kept.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()),
                Duration.ofSeconds(timeout), RecordOptions.LIMITS, Clock.systemUTC());
    }

    private String address() {
        if (EnvironmentVariables.in(to)) {
            throw new ConfigException("--to", "an address without variables", "one with ${...}",
                    "let the shell fill it in, and keep keys in --key-env");
        }
        try {
            return EndpointAddress.checked(to);
        } catch (IllegalArgumentException refused) {
            throw new ConfigException("--to", "an address such as https://host/v1, without keys", "another text",
                    String.valueOf(refused.getMessage()).replaceFirst("^base_url: ", "it must be "), refused);
        }
    }

    private Secret key(String option, String variable) {
        boolean set = !console.environment().getOrDefault(variable, "").isBlank();
        if (!set || !Secret.fromEnvironment(variable, console.environment()).fitsHeaders()) {
            throw new ConfigException(option, "an environment variable with the key", "'%s', which %s".formatted(
                    variable, set ? "holds characters that no header may hold" : "is not set"),
                    "set it: export %s=...".formatted(variable));
        }
        return Secret.fromEnvironment(variable, console.environment());
    }

    /// The one line of data: a script that asked for port 0 reads the address from it.
    private void say(RecordProxy proxy) {
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("address", proxy.address());
            facts.put("port", proxy.port());
            facts.put("folder", out.toString());
            facts.put("pid", ProcessHandle.current().pid());
            console.jsonLine(facts);
        } else {
            console.data(proxy.address());
        }
        console.talk("socratic: recording what passes to %s in %s; end it with Ctrl-C".formatted(to, out));
    }

    /// Ctrl-C is how a server is meant to end, so it is no failure.
    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            return;
        }
    }
}
