package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.serve.OpenAiServer;
import dev.socratic.cli.serve.ServeLimits;
import dev.socratic.cli.serve.ServeOptions;
import dev.socratic.core.access.Listener;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.secret.Secret;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// An OpenAI-compatible endpoint over local weights, of one model or several.
@Command(
        name = "serve",
        description = {
            "Serves local weights on this machine: /v1/models, /v1/chat/completions and /v1/completions, also "
                    + "streaming; /v1/embeddings of sentence encoders; /metrics and /health.",
            "Of several models a request's field 'model' chooses one: serve teacher=ORG/BIG "
                    + "student=runs/r/train/s.",
            "/v1/completions with token ids and prompt_logprobs says what the model expects at every token, for "
                    + "'logits' on another machine.",
            "SIGTERM or Ctrl-C ends it: what is being written is finished, as long as it takes no more than 20 "
                    + "seconds. A second signal ends it at once."
        },
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", arity = "1..*", description =
            "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache; NAME=MODEL gives it another name.")
    private List<String> models;

    @Option(names = "--port", description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "8080")
    private int port;

    @Option(names = "--host", description =
            "Address to listen on (default: ${DEFAULT-VALUE}); 0.0.0.0 opens it to the network, which needs --key-env.",
            defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--allow-host", paramLabel = "NAME", description =
            "A further name by which clients may call the server, beside localhost; repeatable.")
    private Set<String> names = new LinkedHashSet<>();

    @Option(names = "--cors", paramLabel = "ORIGIN", description =
            "A web page's origin that may ask, such as https://example.org; repeatable (default: none).")
    private Set<String> origins = new LinkedHashSet<>();

    @Option(names = "--key-env", paramLabel = "VARIABLE", description =
            "The environment variable with the key that clients must send as a Bearer token.")
    private String keyEnv;

    @Option(names = "--no-key", description =
            "Listens on the network without a key: whoever reaches the port may use the model.")
    private boolean noKey;

    @Option(names = "--batch", description = "Answers of one model written side by side (default: ${DEFAULT-VALUE}).",
            defaultValue = "32")
    private int batch;

    @Option(names = "--cache", paramLabel = "MIB", description = "Memory of each model's KV cache in MiB, kept "
            + "prefixes included (default: an eighth of this machine's).")
    private Optional<Integer> cache = Optional.empty();

    @Option(names = "--draft", paramLabel = "MODEL", description =
            "A smaller model with the same tokenizer that drafts what the served one checks: answers keep their "
                    + "distribution, greedy ones their tokens.")
    private Optional<String> draft = Optional.empty();

    @Option(names = "--draft-tokens", paramLabel = "N", description =
            "Tokens drafted at once (default: ${DEFAULT-VALUE}).", defaultValue = "4")
    private int draftTokens;

    @Option(names = "--timeout", paramLabel = "SECONDS", description =
            "The longest an answer may take (default: ${DEFAULT-VALUE}).", defaultValue = "600")
    private int timeout;

    @Option(names = "--json", description = "The address as one JSON object.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Common common = new Common();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ServeOptions options = options();
        int threads = common.threads();
        HubModels hub = new HubModels(console.environment(), console::talk);
        ServedFolders folders = ServedFolders.of(models, hub);
        Optional<TeacherConfig.Draft> by = draft(hub);
        folders.require(by);
        try (ServerSocketChannel listener = Listener.open(host, port)) {
            Compute where = compute.open(console);
            folders.require(where.quantization());
            Engines.threads(threads);
            // whoever chats wants today's date
            try (ServedFolders.Opened opened = folders.open(batch, Clock.systemDefaultZone(), where, cacheBytes(),
                    by);
                    OpenAiServer server = OpenAiServer.start(opened.models(), options, listener)) {
                opened.held().forEach((name, held) -> console.talk("socratic: " + name + ": " + held.text()));
                say(server, folders);
                awaitInterrupt();
            }
        }
        console.talk("socratic: no longer serving");
        return ExitCode.DONE;
    }

    private Optional<TeacherConfig.Draft> draft(HubModels hub) {
        try {
            return draft.map(given -> new TeacherConfig.Draft(hub.folder(Path.of(given)), draftTokens));
        } catch (IllegalArgumentException refused) {
            Problem problem = Problem.refused("--draft-", refused);
            throw new ConfigException(List.of(problem));
        }
    }

    private ServeOptions options() {
        if (!common.overrides().isEmpty()) {
            throw new ConfigException("--set", "nothing: serve has no config",
                    "'%s'".formatted(common.overrides().keySet().iterator().next()),
                    "use the options of serve; see 'socratic help serve'");
        }
        atLeastOne("--batch", batch, "1 answers one request at a time");
        cache.ifPresent(mib -> atLeastOne("--cache", mib, "leave it out for an eighth of this machine's memory"));
        atLeastOne("--timeout", timeout, "600 are ten minutes");
        ServeOptions options = ServeOptions.of(port).withHost(host).withNames(names).withOrigins(origins)
                .withLimits(ServeLimits.DEFAULT.withAnswer(Duration.ofSeconds(timeout)));
        if (keyEnv == null) {
            if (!noKey && !options.local()) {
                throw new ConfigException("--host", "a key, where others than this machine can connect",
                        "'%s' without one".formatted(host),
                        "write --key-env VARIABLE, or --no-key if whoever reaches the port may use the model");
            }
            return options;
        }
        if (noKey) {
            throw new ConfigException("--no-key", "one of --key-env and --no-key", "both", "leave one of them out");
        }
        return options.withKey(key(keyEnv, console.environment()));
    }

    private long cacheBytes() {
        return cache.map(mib -> (long) mib << 20).orElseGet(() -> Engines.memory() / 8);
    }

    /// @param variable of the environment
    /// @throws ConfigException if it holds no key that a client can send
    static Secret key(String variable, Map<String, String> environment) {
        if (environment.getOrDefault(variable, "").isBlank()) {
            throw unfitKey(variable, environment.containsKey(variable) ? "is empty" : "is not set");
        }
        Secret key = Secret.fromEnvironment(variable, environment);
        if (!key.fitsHeaders()) {
            throw unfitKey(variable, "holds characters that no client can send in a header");
        }
        return key;
    }

    private static ConfigException unfitKey(String variable, String why) {
        return new ConfigException(
                "--key-env", "an environment variable with the key", "'%s', which %s".formatted(variable, why),
                "set it: export %s=...".formatted(variable));
    }

    private static void atLeastOne(String option, int value, String remedy) {
        if (value < 1) {
            throw new ConfigException(option, "at least 1", String.valueOf(value), remedy);
        }
    }

    /// The one line of data: a script that asked for port 0 reads the address from it.
    private void say(OpenAiServer server, ServedFolders folders) {
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("address", server.address());
            facts.put("port", server.port());
            facts.put("model", folders.folders().keySet().iterator().next());
            facts.put("models", List.copyOf(folders.folders().keySet()));
            facts.put("pid", ProcessHandle.current().pid());
            console.jsonLine(facts);
        } else {
            console.data(server.address());
        }
        console.talk("socratic: serving %s; KV cache of up to %s MiB each; end it with Ctrl-C".formatted(
                folders.folders().entrySet().stream()
                .map(one -> one.getValue().endsWith(one.getKey()) ? one.getValue().toString()
                        : "%s as %s".formatted(one.getValue(), one.getKey()))
                .collect(Collectors.joining(", ")), cacheBytes() >> 20));
    }

    /// Ctrl-C is how a server is meant to end, so it is no failure.
    private void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            console.talk("socratic: closing; answers that are being written are finished first");
        }
    }
}
