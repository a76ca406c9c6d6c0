package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.access.Gate;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.secret.Secret;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.server.ReviewOptions;
import dev.socratic.review.server.ReviewServer;
import dev.socratic.review.server.ReviewTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The page on which people review a corpus.
@Command(name = "review", mixinStandardHelpOptions = true, description = {
    "A page on which people see, find and decide the rows of a run, or of files of rows; all of it is a JSON API, too.",
    "Prints the page's address, its token included. What people decide lies in RUN/review, or in FILE.review, and "
            + "counts the next time the run is curated. SIGTERM or Ctrl-C ends it."})
final class ReviewCommand implements Callable<Integer> {
    /// How long rows are read before the address is printed.
    private static final long FIRST_MILLIS = 1_500;
    private static final int TOKEN_BYTES = 16;

    private final Console console;

    @Parameters(paramLabel = "RUN|FILE", arity = "1..*", description =
            "A run's folder, or files of rows in any layout that train reads.")
    private List<Path> given;

    @Option(names = "--port", description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).", defaultValue = "0")
    private int port;

    @Option(names = "--host", description =
            "Address to listen on (default: ${DEFAULT-VALUE}); any other than this machine's own needs --key-env.",
            defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--allow-host", paramLabel = "NAME", description =
            "A further name by which browsers may call the server, beside localhost; repeatable.")
    private Set<String> names = new LinkedHashSet<>();

    @Option(names = "--key-env", paramLabel = "VARIABLE", description =
            "The environment variable with the token that whoever asks must send; left out, one is made up.")
    private Optional<String> keyEnv = Optional.empty();

    @Option(names = "--reviewer", paramLabel = "NAME", description =
            "Who decides where the page does not say (default: the name of this machine's user).")
    private Optional<String> reviewer = Optional.empty();

    @Option(names = "--label", paramLabel = "NAME", description =
            "What a row, or a part of its text, may be called; repeatable, the first nine have the keys 1 to 9.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--guidelines", paramLabel = "FILE", description = "Markdown that the page shows to reviewers.")
    private Optional<Path> guidelines = Optional.empty();

    @Option(names = "--no-browser", description = "Opens no browser, also in a terminal.")
    private boolean noBrowser;

    @Option(names = "--json", description = "The address as one JSON object.")
    private boolean json;

    ReviewCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!Gate.loopback(host) && keyEnv.isEmpty()) {
            throw new ConfigException("--host", "a key, where others than this machine can connect",
                    "'%s' without one".formatted(host), "write --key-env VARIABLE, or leave --host out");
        }
        String made = HexFormat.of().formatHex(random());
        Secret token = keyEnv.isPresent() ? ServeCommand.key(keyEnv.get(), console.environment())
                : Secret.fromEnvironment("token", Map.of("token", made));
        ReviewOptions options = new ReviewOptions(host, port, names, token, reviewer(), Clock.systemUTC(),
                new ReviewTask(labels, guidelines()));
        try (Corpus corpus = Corpus.open(given, options.clock())) {
            corpus.await(FIRST_MILLIS);
            try (ReviewServer server = ReviewServer.start(corpus, options)) {
                String address = server.address() + (keyEnv.isPresent() ? "" : "?token=" + made);
                say(address, server.port());
                corpus.notices().watch(notice -> console.talk("socratic: " + notice.text()));
                if (console.terminal() && !noBrowser) {
                    open(address);
                }
                await();
            }
        }
        console.talk("socratic: no longer serving");
        return ExitCode.DONE;
    }

    private String guidelines() {
        if (guidelines.isEmpty()) {
            return "";
        }
        try {
            return Files.readString(guidelines.get());
        } catch (IOException e) {
            throw new ConfigException("--guidelines", "a file of Markdown in UTF-8", "'%s', which cannot be read (%s)"
                    .formatted(guidelines.get(), e.getClass().getSimpleName()), "name a file, or leave it out", e);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private String reviewer() {
        return reviewer.or(() -> Optional.ofNullable(console.environment().get("USER")).filter(name -> !name.isBlank()))
                .orElse("reviewer");
    }

    /// The one line of data: a script that asked for port 0 reads the address from it.
    private void say(String address, int taken) {
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("address", address);
            facts.put("port", taken);
            facts.put("pid", ProcessHandle.current().pid());
            console.jsonLine(facts);
        } else {
            console.data(address);
        }
        console.talk("socratic: reviewing %s%s; end it with Ctrl-C".formatted(
                String.join(", ", given.stream().map(Path::toString).toList()),
                keyEnv.map(name -> "; open the address with ?token= and the value of " + name).orElse("")));
    }

    /// Where there is no browser, the address is there all the same.
    private void open(String address) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        List<String> command = system.contains("mac") ? List.of("open", address) : system.contains("win")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", address) : List.of("xdg-open", address);
        try {
            new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException none) {
            console.talk("socratic: no browser could be opened; open the address yourself");
        }
    }

    /// Ctrl-C is how it is meant to end, so it is no failure.
    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            Thread.interrupted(); // what is under way is ended in order
        }
    }
}
