package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Models;
import dev.socratic.cli.serve.OpenAiServer;
import dev.socratic.cli.serve.ServeOptions;
import dev.socratic.models.generate.LocalModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// An OpenAI-compatible endpoint over local weights.
@Command(
        name = "serve",
        description = {
            "Serves local weights on this machine: /v1/models and /v1/chat/completions, also streaming.",
            "/v1/completions with token ids and prompt_logprobs says what the model expects at every token, for 'logits' on another machine."
        },
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path folder;

    @Option(names = "--port", description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).", defaultValue = "8080")
    private int port;

    @Option(names = "--host", description = "Address to listen on; 0.0.0.0 opens it to the network, without any key (default: ${DEFAULT-VALUE}).", defaultValue = "127.0.0.1")
    private String host;

    @Option(names = "--batch", description = "Requests answered together (default: ${DEFAULT-VALUE}).", defaultValue = "32")
    private int batch;

    @Mixin
    private Threads threads = new Threads();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        folder = new HubModels(console.environment()).folder(folder);
        try (LocalModel model = Models.weights(folder, batch, threads.number());
                OpenAiServer server = OpenAiServer.start(model, ServeOptions.of(port).withHost(host))) {
            // The one line of data: a script that asked for port 0 reads the address from it.
            console.data("http://localhost:%s/v1".formatted(server.port()));
            console.talk("socratic: serving %s; end it with Ctrl-C".formatted(folder));
            awaitInterrupt();
        }
        return 0;
    }

    /// Ctrl-C is how a server is meant to end, so it is no failure.
    private void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            console.talk("socratic: no longer serving");
        }
    }
}
