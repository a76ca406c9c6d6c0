package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Models;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.network.Offload;
import dev.socratic.trainer.logits.capture.TeacherSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// How a teacher behind an address is asked for its distributions.
final class ServedOptions {
    @Option(names = "--model", paramLabel = "NAME", description = "The name the endpoint knows the teacher by.")
    private String model;

    @Option(names = "--tokenizer", paramLabel = "MODEL",
            description =
                    "A folder with the served teacher's tokenizer.json and chat template, or ORG/NAME[@REVISION].")
    private Path tokenizer;

    @Option(names = "--key-env", paramLabel = "VARIABLE",
            description = "The environment variable that holds the endpoint's key.")
    private String keyEnv;

    @Option(names = "--concurrency", paramLabel = "N",
            description = "Requests on the wire at once (default: ${DEFAULT-VALUE}).", defaultValue = "4")
    private int concurrency;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "The server's longest silence (default: ${DEFAULT-VALUE}).", defaultValue = "300")
    private int timeout;

    @Option(names = "--offload", paramLabel = "WHEN", defaultValue = "auto", description = {
        "Whether a teacher's layers stay on disk and are read from there, one after the other: auto (where its weights "
                + "take more than four fifths of the memory), never, always.",
        "The store is the same, byte for byte. Default: ${DEFAULT-VALUE}."})
    private String offload;

    /// @param teacher a folder, a name in the cache, or an address
    Opened open(String teacher, CommandSpec spec, Console console) throws InterruptedException {
        HubModels hub = new HubModels(console.environment(), console::talk);
        if (!teacher.matches("https?://.*")) {
            if (model != null || tokenizer != null || keyEnv != null) {
                throw new ParameterException(spec.commandLine(),
                        ("--model, --tokenizer and --key-env go with an address as --teacher; got the folder "
                                + "'%s'").formatted(teacher));
            }
            return new Opened(new TeacherSource.Weights(hub.folder(Path.of(teacher)), offload()), Optional.empty());
        }
        if (offload() != Offload.AUTO) {
            throw new ParameterException(spec.commandLine(), "--offload goes with a folder as --teacher; got '%s' with "
                    .formatted(offload) + "an address, whose server decides; leave it out");
        }
        if (model == null || tokenizer == null) {
            throw new ParameterException(spec.commandLine(), "an address as --teacher needs %s: %s".formatted(
                    model == null ? "--model=NAME" : "--tokenizer=MODEL",
                    model == null
                            ? "the name the endpoint knows the teacher by"
                            : "rows are tokenized here, with the teacher's own tokenizer and chat template"));
        }
        DistributionModel asked = Models.distributions(endpoint(teacher), Path.of(""), console.environment(), 0);
        return new Opened(new TeacherSource.Served(asked, hub.folder(tokenizer)), Optional.of(asked));
    }

    private Offload offload() {
        return Arrays.stream(Offload.values()).filter(known -> known.label().equals(offload)).findFirst()
                .orElseThrow(() -> new ConfigException("--offload", "auto, never or always", "'" + offload + "'",
                        "leave it out for auto"));
    }

    /// Without the cache: a store that is gone on with asks for no block twice, and answers take many times its room.
    private TeacherConfig.Endpoint endpoint(String address) {
        Map<String, Object> config =
                new LinkedHashMap<>(
                        Map.of("base_url", address, "model", model, "concurrency", concurrency, "timeout", timeout,
                                "cache", false));
        Optional.ofNullable(keyEnv).ifPresent(variable -> config.put("key_env", variable));
        return ConfigReader.read(Json.line(config), "endpoint", TeacherConfig.Endpoint.class);
    }

    /// @param asked what is closed with it
    record Opened(TeacherSource source, Optional<DistributionModel> asked) implements AutoCloseable {
        @Override
        public void close() {
            asked.ifPresent(DistributionModel::close);
        }
    }
}
