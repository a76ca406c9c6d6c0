package dev.socratic.models.gguf.convert;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.GgufWriter;
import dev.socratic.models.gguf.MetadataValue;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.PlainWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model folder as one GGUF that llama.cpp runs: metadata, tokenizer and chat templates as its converter writes
/// them, tensors in the types its quantiser would choose. One tensor is in memory at a time.
public final class GgufExport {
    /// The types files are written in.
    public static final List<GgmlType> TYPES = List.of(GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0,
            GgmlType.Q4_0, GgmlType.Q4_K, GgmlType.Q6_K);

    private GgufExport() {}

    /// What came out.
    ///
    /// @param lines to tell the user
    public record Exported(Path file, GgufFamily family, int tensors, long bytes, List<String> lines) {
        public Exported {
            lines = List.copyOf(lines);
        }
    }

    /// @param folder of a whole model
    /// @return the type that rounds nothing: what most of its numbers are kept in, float32 where that is none of
    ///         GGUF's
    public static GgmlType lossless(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Map<DType, Long> numbers = new EnumMap<>(DType.class);
            checkpoint.tensors().values().forEach(tensor -> numbers.merge(tensor.dtype(), tensor.count(), Long::sum));
            DType most = numbers.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                    .orElse(DType.F32);
            return most == DType.F16 ? GgmlType.F16 : most == DType.BF16 ? GgmlType.BF16 : GgmlType.F32;
        }
    }

    /// @param folder of a whole model, not of an adapter
    /// @param file   is replaced if it is there, in one step when all is written
    /// @param type   one of [#TYPES]
    /// @throws DataException with what llama.cpp cannot compute, or what cannot be read, before anything is written
    public static Exported run(Path folder, Path file, GgmlType type) {
        ModelConfig config = ModelConfig.read(folder);
        GgufFamily family = family(folder, config);
        FileConfig fileConfig = new FileConfig(folder, config, family);
        TypeRules rules = new TypeRules(type, family, config.layers(), config.tiedHead());
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        values.put("general.architecture", new MetadataValue.Text(family.architecture()));
        values.put("general.type", new MetadataValue.Text("model"));
        FileTokens tokens = new FileTokens(folder, config.vocab());
        values.put("general.name", new MetadataValue.Text(tokens.named(
                "" + folder.toAbsolutePath().normalize().getFileName(), family)));
        values.put("general.file_type", MetadataValue.Whole.of(rules.fileType()));
        values.put("general.quantization_version", MetadataValue.Whole.of(2));
        values.putAll(fileConfig.values());
        values.putAll(tokens.values());
        values.putAll(new FileSpecial(folder, config).values());
        try (PlainWeights weights = PlainWeights.open(folder)) {
            List<GgufWriter.Content> tensors = new ArrayList<>(ropes(config, family));
            FileWeights body = new FileWeights(weights, config, family, rules);
            tensors.addAll(body.tensors());
            long bytes = tensors.stream().mapToLong(GgufWriter.Content::bytes).sum();
            requireRoom(file, bytes);
            GgufWriter.write(file, values, tensors);
            List<String> lines = new ArrayList<>(counts(tensors));
            lines.addAll(body.fallbacks());
            fileConfig.windowIgnored().ifPresent(lines::add);
            tokens.blanksKept(family).ifPresent(lines::add);
            return new Exported(file, family, tensors.size(), bytes, lines);
        }
    }

    private static GgufFamily family(Path folder, ModelConfig config) {
        return GgufFamily.ofModelType(config.family()).orElseThrow(() -> new DataException(
                folder.resolve("config.json") + ": model_type", "a family that is written as GGUF",
                "'%s'".formatted(config.family()), "known: " + GgufFamily.knownModelTypes()));
    }

    private static List<GgufWriter.Content> ropes(ModelConfig config, GgufFamily family) {
        List<GgufWriter.Content> tensors = new ArrayList<>();
        FileRope.tensors(config, family).forEach((name, factors) -> tensors.add(new GgufWriter.Content(name,
                GgmlType.F32, List.of((long) factors.length), out -> out.write(FileWeights.float32(factors)))));
        return tensors;
    }

    private static void requireRoom(Path file, long bytes) {
        Path parent = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(parent);
            long free = Files.getFileStore(parent).getUsableSpace();
            if (free < bytes) {
                throw new DataException(file.toString(), "room for %s".formatted(GgufImport.size(bytes)),
                        GgufImport.size(free) + " free", "free some space, choose another disk, or a shorter type");
            }
        } catch (IOException failed) {
            throw IoProblems.writing(file, failed);
        }
    }

    private static List<String> counts(List<GgufWriter.Content> tensors) {
        Map<GgmlType, Integer> counts = new EnumMap<>(GgmlType.class);
        tensors.forEach(tensor -> counts.merge(tensor.type(), 1, Integer::sum));
        return counts.entrySet().stream().map(count -> "%s tensors as %s".formatted(count.getValue(), count.getKey()))
                .toList();
    }
}
