package dev.socratic.models.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.SocraticException;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.PublishedJson;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Every weight file that can be opened, and what is wrong with the others. Unlike [Checkpoint] it goes on after the
/// first broken shard.
final class WeightFiles implements AutoCloseable {
    private final Map<String, Safetensors> files = new TreeMap<>();
    private final Map<String, Safetensors> home = new LinkedHashMap<>();
    private final List<Defect> defects = new ArrayList<>();

    private WeightFiles() {}

    static WeightFiles open(Path folder) {
        WeightFiles weights = new WeightFiles();
        Path single = folder.resolve(Checkpoint.SINGLE);
        Path index = folder.resolve(Checkpoint.INDEX);
        if (Files.exists(single)) {
            weights.add(folder, Checkpoint.SINGLE);
            weights.files.values()
                    .forEach(file -> file.tensors().keySet().forEach(name -> weights.home.put(name, file)));
            if (Files.exists(index)) {
                weights.defects.add(
                        Defect.warning("weights", index.toString(), "no index beside a single " + Checkpoint.SINGLE,
                                "both",
                        "delete the one that is not meant; here the single file counts"));
            }
        } else if (Files.exists(index)) {
            weights.shards(folder, index);
        } else {
            weights.defects.addAll(Defect.errors("weights", Checkpoint.nothing(folder).problems()));
        }
        return weights;
    }

    private void add(Path folder, String name) {
        try {
            files.put(name, Safetensors.open(folder.resolve(name)));
        } catch (SocraticException broken) {
            defects.addAll(Defect.errors("weights", broken.problems()));
        }
    }

    private void shards(Path folder, Path index) {
        Map<String, String> map;
        try {
            map = Checkpoint.weightMap(index);
        } catch (SocraticException broken) {
            defects.addAll(Defect.errors("weights", broken.problems()));
            return;
        }
        new TreeSet<>(map.values()).forEach(name -> add(folder, name));
        List<Defect> missing = new ArrayList<>();
        map.forEach((tensor, shard) -> {
            Safetensors file = files.get(shard);
            if (file != null && file.tensors().containsKey(tensor)) {
                home.put(tensor, file);
            } else if (file != null) {
                missing.add(
                        Defect.error("weights", index.toString(), "tensor '%s' in %s".formatted(tensor, shard),
                                "none there", "fetch the shard again"));
            }
        });
        List<Defect> unlisted = new ArrayList<>();
        files.forEach((shard, file) -> file.tensors().keySet().stream()
                .filter(name -> !shard.equals(map.get(name)))
                .forEach(name ->
                        unlisted.add(
                                Defect.warning("weights", folder.resolve(shard).toString(),
                                        "only tensors the index has there",
                        "'%s'".formatted(name), "it is not read; write the index again if it is meant"))));
        defects.addAll(Defect.few(missing));
        defects.addAll(Defect.few(unlisted));
        total(index);
    }

    private void total(Path index) {
        JsonNode said = PublishedJson.read(index).path("metadata").path("total_size");
        long bytes = home.entrySet().stream().mapToLong(e -> bytes(e.getValue().tensors().get(e.getKey()))).sum();
        if (defects.isEmpty() && said.isNumber() && said.asLong() != bytes) {
            defects.add(Defect.warning("weights", index + ": metadata.total_size",
                    "%s, the bytes of all tensors".formatted(bytes),
                    said.asText(), "some loaders plan their memory by it; write %s".formatted(bytes)));
        }
    }

    static long bytes(TensorInfo tensor) {
        return tensor.count() * tensor.dtype().bytes();
    }

    List<Defect> defects() {
        return defects;
    }

    /// @return every tensor that can be reached
    Map<String, TensorInfo> tensors() {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        home.forEach((name, file) -> tensors.put(name, file.tensors().get(name)));
        return tensors;
    }

    /// @return the file a tensor is in
    Safetensors home(String tensor) {
        return home.get(tensor);
    }

    /// @return the files that could be opened
    Map<String, Safetensors> files() {
        return files;
    }


    @Override
    public void close() {
        files.values().forEach(Safetensors::close);
    }
}
