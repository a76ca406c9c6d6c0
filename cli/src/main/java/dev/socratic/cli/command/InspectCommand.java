package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.decoder.ModelConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what a model folder holds, without loading the weights.
@Command(name = "inspect", description = "Family, parameters, tensors and memory of a model folder.", mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    /// Training keeps weights, gradients and two moments of AdamW, each float32.
    private static final int TRAINING_BYTES = 16;

    private static final int RUNNING_BYTES = 4;
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder.")
    private Path folder;

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean tensors;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ModelConfig config = ModelConfig.read(folder);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("family", config.family());
        facts.put("parameters", config.parameters());
        facts.put("layers", config.layers());
        facts.put("hidden", config.hidden());
        facts.put("heads", config.attention().heads());
        facts.put("key_value_heads", config.attention().kvHeads());
        facts.put("feed_forward", config.width());
        facts.put("vocabulary", config.vocab());
        facts.put("context", config.context());
        facts.put("tied_head", config.tiedHead());
        facts.put("bytes_to_run", RUNNING_BYTES * config.parameters());
        facts.put("bytes_to_train", TRAINING_BYTES * config.parameters());
        Map<String, Object> list = new LinkedHashMap<>();
        Map<String, Long> types = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.tensors().forEach((name, tensor) -> {
                types.merge(tensor.dtype().name(), 1L, Long::sum);
                list.put(name, tensor.dtype().name() + " " + tensor.djlShape());
            });
        }
        facts.put("tensors", list.size());
        facts.put("types", types);
        if (tensors) {
            facts.put("tensor_list", list);
        }
        if (json) {
            console.json(facts);
        } else {
            show(facts);
        }
        return ExitCode.DONE;
    }

    private void show(Map<String, Object> facts) {
        facts.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner && name.equals("tensor_list")) {
                inner.forEach((tensor, what) -> console.data("  %s  %s".formatted(tensor, what)));
            } else if (name.startsWith("bytes")) {
                console.data(String.format(Locale.ROOT, "%-16s %.1f MiB", name.replace("bytes_", "memory_"), ((Number) value).doubleValue() / (1 << 20)));
            } else {
                console.data(String.format(Locale.ROOT, value instanceof Number ? "%-16s %,d" : "%-16s %s", name, value));
            }
        });
        console.data("memory_to_run is the weights in float32; memory_to_train adds gradients and AdamW's moments; activations come on top.");
    }
}
