package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.LoraMerge;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.convert.GgufExport;
import dev.socratic.models.gguf.convert.GgufExport.Exported;
import dev.socratic.models.network.PlainFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A model for other tools: a GGUF for llama.cpp, or a plain folder in which adapters are merged and weights of few
/// bits are numbers again.
@Command(
        name = "export",
        description = "Writes a model as a GGUF for llama.cpp, or as a plain Hugging Face folder, and prints its path.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL",
            description = "A Hugging Face folder, also with an adapter, or ORG/NAME[@REVISION] in the cache.")
    private Path model;

    @Option(names = "--to", paramLabel = "FORMAT", required = true, description = "gguf or hf.")
    private Format format;

    @Option(names = "--type", paramLabel = "TYPE",
            description = "f32, f16, bf16; of a gguf also q8_0, q4_0, q4_k (llama.cpp's Q4_K_M), q6_k. Default: what "
                    + "most weights are kept in, so that nothing is rounded.")
    private Optional<GgmlType> type = Optional.empty();

    @Option(names = "--out", paramLabel = "PLACE", required = true,
            description = "The new file, which is replaced, or the new folder.")
    private Path out;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    ExportCommand(Console console) {
        this.console = console;
    }

    /// What is written.
    enum Format { GGUF, HF }

    @Override
    public Integer call() {
        Path folder = new HubModels(console.environment(), console::talk).folder(model);
        Map<String, Object> object = new LinkedHashMap<>();
        switch (format) {
            case GGUF -> {
                Exported done = merged(folder, whole -> GgufExport.run(whole, out,
                        checked(GgufExport.TYPES).orElseGet(() -> GgufExport.lossless(whole))));
                done.lines().forEach(line -> console.talk("export: " + line));
                object.put("file", out.toString());
                object.put("family", done.family().architecture());
                object.put("tensors", done.tensors());
                object.put("bytes", done.bytes());
            }
            case HF -> {
                folder(folder, checked(List.of(GgmlType.F32, GgmlType.F16, GgmlType.BF16)));
                object.put("folder", out.toString());
            }
        }
        if (json) {
            console.json(object);
        } else {
            console.data(out.toString());
        }
        return ExitCode.DONE;
    }

    private void folder(Path folder, Optional<GgmlType> given) {
        if (AdapterFolder.is(folder) && given.isEmpty()) {
            LoraMerge.merge(AdapterFolder.base(folder), folder, out, Compute.CPU)
                    .forEach(line -> console.talk("export: " + line));
            return;
        }
        merged(folder, whole -> {
            GgmlType type = given.orElseGet(() -> GgufExport.lossless(whole));
            PlainFolder.write(whole, out, DType.valueOf(type.name()));
            return whole;
        });
    }

    /// Does something with a whole model; that of an adapter is merged beside the result, and removed afterwards.
    private <T> T merged(Path folder, Function<Path, T> work) {
        if (!AdapterFolder.is(folder)) {
            return work.apply(folder);
        }
        Path whole = out.toAbsolutePath().normalize().resolveSibling("." + out.getFileName() + ".merged");
        remove(whole);
        try {
            LoraMerge.merge(AdapterFolder.base(folder), folder, whole, Compute.CPU)
                    .forEach(line -> console.talk("export: " + line));
            return work.apply(whole);
        } finally {
            remove(whole);
        }
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw IoProblems.writing(folder, failed);
        }
    }

    private Optional<GgmlType> checked(List<GgmlType> known) {
        type.filter(given -> !known.contains(given)).ifPresent(other -> {
            String written = format == Format.GGUF ? "a type a GGUF is written in" : "a type a folder is written in";
            throw new ConfigException("--type", written,
                    "'%s'".formatted(other.label()),
                    "known: " + known.stream().map(GgmlType::label).collect(Collectors.joining(", ")));
        });
        return type;
    }
}
