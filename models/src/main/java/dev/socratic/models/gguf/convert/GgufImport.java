package dev.socratic.models.gguf.convert;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.TensorInfo;
import dev.socratic.models.gguf.Gguf;
import dev.socratic.models.network.ConfigJson;
import dev.socratic.models.network.ExpectedWeights;
import dev.socratic.models.network.Misfit;
import dev.socratic.models.network.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A GGUF as a Hugging Face folder: configs, tokenizer, chat templates, and weights, one row in memory at a time.
///
/// The weights come last: as long as they are missing, nobody takes the folder for the model. Everything that does not
/// fit is found before they are written.
public final class GgufImport {
    private GgufImport() {}

    /// What came out.
    ///
    /// @param lines to tell the user
    public record Imported(Path folder, GgufFamily family, int tensors, long bytes, List<String> lines) {
        public Imported {
            lines = List.copyOf(lines);
        }
    }

    /// @param file a GGUF, or any part of a split one
    /// @param out  gets the folder; made if it is missing, refused if a model is in it
    /// @throws DataException with what is wrong, before any weight is written
    public static Imported run(Path file, Path out, WeightType type) {
        try (Gguf gguf = Gguf.open(file)) {
            GgufFamily family = GgufFamily.of(gguf.metadata());
            Vocabulary vocabulary = new Vocabulary(gguf.metadata());
            FolderConfig config = new FolderConfig(gguf, family, vocabulary);
            FolderWeights weights = new FolderWeights(gguf, family, config.heads(), config.kvHeads(), type);
            refuseModel(out);
            List<Outgoing> tensors = weights.tensors();
            long bytes = tensors.stream().mapToLong(GgufImport::bytes).sum();
            requireRoom(out, bytes);
            AtomicFiles.write(out.resolve(ConfigJson.NAME), Json.pretty(config.config(weights.torchName())));
            AtomicFiles.write(out.resolve(ConfigJson.GENERATION), Json.pretty(config.generation()));
            fits(file, out, tensors);
            new TokenizerFiles(gguf.metadata(), vocabulary, family).write(out);
            CheckpointWriter.write(out, tensors, CheckpointWriter.SHARD_BYTES);
            return new Imported(out, family, tensors.size(), bytes, weights.lines());
        }
    }

    private static long bytes(Outgoing tensor) {
        return tensor.shape().stream().reduce((long) tensor.dtype().bytes(), Math::multiplyExact);
    }

    private static void refuseModel(Path out) {
        for (String name : List.of(Checkpoint.SINGLE, Checkpoint.INDEX)) {
            if (Files.exists(out.resolve(name))) {
                throw new DataException(out.toString(), "a folder without a model", "one with " + name,
                        "choose another folder, or remove that file");
            }
        }
    }

    private static void requireRoom(Path out, long bytes) {
        try {
            Files.createDirectories(out);
            long free = Files.getFileStore(out).getUsableSpace();
            if (free < bytes) {
                throw new DataException(out.toString(), "room for %s of weights".formatted(size(bytes)),
                        size(free) + " free", "free some space, choose another disk, or a shorter type");
            }
        } catch (IOException failed) {
            throw IoProblems.writing(out, failed);
        }
    }

    /// @return bytes as people read them
    static String size(long bytes) {
        return bytes >= 1 << 20 ? String.format(Locale.ROOT, "%,.1f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%,d bytes", bytes);
    }

    /// The tensors against what the config says the model has, as a folder's are when it is loaded.
    private static void fits(Path file, Path out, List<Outgoing> tensors) {
        Map<String, TensorInfo> planned = new LinkedHashMap<>();
        tensors.forEach(tensor -> planned.put(tensor.name(),
                new TensorInfo(tensor.name(), tensor.dtype(), tensor.shape(), 0, bytes(tensor))));
        ModelConfig.read(out);
        List<Problem> problems = new ArrayList<>();
        for (Misfit misfit : ExpectedWeights.of(out, planned).orElse(List.of())) {
            problems.add(new Problem(file + ": " + misfit.name(), misfit.expected(), misfit.got(),
                    "the file is damaged, or its family has a part that this version does not know"));
        }
        if (!problems.isEmpty()) {
            throw new DataException(Problem.firstOf(problems));
        }
    }
}
