package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the weights of a model folder as every Hugging Face tool reads them: `model.safetensors`, or, where they
/// are larger than a shard, `model-00001-of-00003.safetensors` and so on with their index.
///
/// Tensors keep the order given and fill one shard after the other, so the same weights give the same files. Every
/// file has its temporary name until it is whole, and what makes the new weights count (the single file, or the
/// index) comes last: a crash leaves the old weights, or none, but never a mixture. Files of the weights that were
/// there before are removed in the end.
public final class CheckpointWriter {
    /// As large as the reference's: shards stay handy to fetch and below what old file systems take.
    public static final long SHARD_BYTES = 5_000_000_000L;

    private static final Pattern SHARD = Pattern.compile("model-[0-9]{5,}-of-[0-9]{5,}\\.safetensors");

    private CheckpointWriter() {}

    /// @param weights float32; an array that comes under several names (a tied head) is written once, under the first
    /// @param dtype   F32, F16 or BF16
    public static void write(Path folder, Map<String, NDArray> weights, DType dtype, long shardBytes) {
        Set<NDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<String, NDArray> once = new LinkedHashMap<>();
        weights.forEach((name, array) -> {
            if (seen.add(array)) {
                once.put(name, array);
            }
        });
        write(folder, Outgoing.of(once, dtype), shardBytes);
    }

    /// @param shardBytes most bytes of data in one file; a larger tensor has a shard of its own
    public static void write(Path folder, List<Outgoing> tensors, long shardBytes) {
        List<List<Outgoing>> shards = split(tensors, shardBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve(Checkpoint.SINGLE), shards.getFirst());
            remove(folder, Set.of(Checkpoint.SINGLE));
            return;
        }
        Map<String, List<Outgoing>> files = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            files.put(String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size()),
                    shards.get(i));
        }
        if (files.keySet().stream().anyMatch(name -> Files.exists(folder.resolve(name)))) {
            delete(folder.resolve(Checkpoint.INDEX)); // an index of the old shards must not find new ones
        }
        files.forEach((name, shard) -> SafetensorsWriter.write(folder.resolve(name), shard));
        AtomicFiles.write(folder.resolve(Checkpoint.INDEX), index(files));
        Set<String> kept = Stream.concat(files.keySet().stream(), Stream.of(Checkpoint.INDEX))
                .collect(Collectors.toSet());
        remove(folder, kept);
    }

    private static List<List<Outgoing>> split(List<Outgoing> tensors, long shardBytes) {
        List<List<Outgoing>> shards = new ArrayList<>(List.of(new ArrayList<>()));
        long filled = 0;
        for (Outgoing tensor : tensors) {
            if (filled + tensor.bytes() > shardBytes && !shards.getLast().isEmpty()) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.getLast().add(tensor);
            filled += tensor.bytes();
        }
        return shards;
    }

    private static String index(Map<String, List<Outgoing>> files) {
        Map<String, String> map = new TreeMap<>();
        long total = 0;
        for (Map.Entry<String, List<Outgoing>> file : files.entrySet()) {
            for (Outgoing tensor : file.getValue()) {
                map.put(tensor.name(), file.getKey());
                total += tensor.bytes();
            }
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", total));
        index.put("weight_map", map);
        return Json.pretty(index);
    }

    private static void remove(Path folder, Set<String> kept) {
        try (Stream<Path> list = Files.list(folder)) {
            list.filter(file -> {
                        String name = file.getFileName().toString();
                        return !kept.contains(name)
                                && (name.equals(Checkpoint.SINGLE) || name.equals(Checkpoint.INDEX)
                                        || SHARD.matcher(name).matches());
                    })
                    // The index before its shards.
                    .sorted((a, b) -> Boolean.compare(b.endsWith(Checkpoint.INDEX), a.endsWith(Checkpoint.INDEX)))
                    .forEach(CheckpointWriter::delete);
        } catch (IOException failed) {
            throw IoProblems.reading(folder, failed);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw IoProblems.writing(file, failed);
        }
    }
}
