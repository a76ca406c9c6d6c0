package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.models.hub.HubOptions;
import dev.socratic.models.hub.Pull;
import dev.socratic.models.hub.Pull.Pulled;
import dev.socratic.models.hub.RepoId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Fetches a model from a hub and prints the folder it is in.
@Command(
        name = "pull",
        description = "Fetches a model from a hub into Hugging Face's own cache, and prints its folder.",
        mixinStandardHelpOptions = true,
        footer = {"", "Environment: HF_ENDPOINT, HF_TOKEN, HF_HUB_CACHE, HF_HOME, HF_HUB_OFFLINE."})
final class PullCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ORG/NAME[@REVISION]",
            description = "A model; a branch, a tag or a commit of it (default: main).")
    private String model;

    @Option(names = "--include", paramLabel = "GLOB",
            description =
                    "Files to fetch; * takes / too; repeatable (default: safetensors, configs, tokenizer, "
                            + "templates, texts).")
    private List<String> include = new ArrayList<>();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    PullCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Pull pull = new Pull(HubOptions.from(console.environment()), PullCommand::sleep,
                line -> console.talk("pull: " + line));
        Pulled pulled = pull.run(RepoId.parse(model), include);
        if (!pulled.leftOut().isEmpty()) {
            console.talk("pull: left out %s files, such as %s; --include takes them".formatted(pulled.leftOut().size(),
                    pulled.leftOut().getFirst()));
        }
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("folder", pulled.folder().toString());
            object.put("commit", pulled.commit());
            object.put("files", pulled.files());
            object.put("fetched_bytes", pulled.fetched());
            object.put("left_out", pulled.leftOut());
            console.json(object);
        } else {
            console.data(pulled.folder().toString());
        }
        return ExitCode.DONE;
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
