package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.engine.FloatType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The weights of a model folder: `model.safetensors`, or the shards that `model.safetensors.index.json` lists.
public final class Checkpoint implements AutoCloseable {
    public static final String SINGLE = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";
    private static final long LONGEST_INDEX = 32 << 20;

    private final Path folder;
    private final List<Safetensors> files;
    private final Map<String, Safetensors> home;

    private Checkpoint(Path folder, List<Safetensors> files, Map<String, Safetensors> home) {
        this.folder = folder;
        this.files = files;
        this.home = home;
    }

    /// @throws DataException if there are no weights, if they are damaged, or if all there is are pickles
    public static Checkpoint open(Path folder) {
        List<Safetensors> files = new ArrayList<>();
        MappedTensors mapped = new MappedTensors();
        try {
            Map<String, Safetensors> home = new LinkedHashMap<>();
            if (Files.exists(folder.resolve(SINGLE))) {
                files.add(Safetensors.open(folder.resolve(SINGLE), mapped));
                files.getFirst().tensors().keySet().forEach(name -> home.put(name, files.getFirst()));
            } else if (Files.exists(folder.resolve(INDEX))) {
                shards(folder, files, home, mapped);
            } else {
                throw nothing(folder);
            }
            return new Checkpoint(folder, files, home);
        } catch (RuntimeException failed) {
            files.forEach(Safetensors::close);
            throw failed;
        }
    }

    private static void shards(Path folder, List<Safetensors> files, Map<String, Safetensors> home,
            MappedTensors mapped) {
        Path index = folder.resolve(INDEX);
        Map<String, String> map = weightMap(index);
        Map<String, Safetensors> shards = new LinkedHashMap<>();
        for (String name : new TreeSet<>(map.values())) {
            Safetensors shard = Safetensors.open(folder.resolve(name), mapped);
            files.add(shard);
            shards.put(name, shard);
        }
        List<Problem> problems = new ArrayList<>();
        map.forEach((tensor, shard) -> {
            home.put(tensor, shards.get(shard));
            if (!shards.get(shard).tensors().containsKey(tensor)) {
                problems.add(
                        new Problem(index.toString(), "tensor '%s' in %s".formatted(tensor, shard), "none there",
                                "fetch the shard again"));
            }
        });
        if (!problems.isEmpty()) {
            throw new DataException(Problem.firstOf(problems));
        }
    }

    /// Which shard holds which tensor. Shards are plain names in the same folder: an index must not reach out of it.
    ///
    /// @param index `model.safetensors.index.json`
    /// @throws DataException if it is damaged or names anything else
    public static Map<String, String> weightMap(Path index) {
        try {
            if (Files.size(index) > LONGEST_INDEX) {
                throw new DataException(index.toString(), "an index of at most %s bytes".formatted(LONGEST_INDEX),
                        "more", "fetch it again");
            }
        } catch (IOException failed) {
            throw IoProblems.reading(index, failed);
        }
        JsonNode map = PublishedJson.read(index).path("weight_map");
        Map<String, String> shards = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        map.properties().forEach(entry -> {
            String shard = entry.getValue().asText();
            if (entry.getValue().isTextual() && shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
                shards.put(entry.getKey(), shard);
            } else if (problems.size() < 10) {
                problems.add(new Problem(index.toString(), "the plain name of a .safetensors file next to the index",
                        "'%s'".formatted(shard.length() > 80 ? shard.substring(0, 80) + "..." : shard)
                                .replace('\n', ' '), ""));
            }
        });
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        if (shards.isEmpty()) {
            throw new DataException(index.toString(), "a weight_map with tensors", "none", "fetch the index again");
        }
        return shards;
    }

    /// @return what to throw where there are no weights
    public static DataException nothing(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> list = all.sorted().toList();
            List<String> found = list.stream().map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".safetensors") && !name.equals(LoraAdapter.WEIGHTS)).toList();
            if (!found.isEmpty()) {
                boolean shards = found.stream().allMatch(name -> name.matches(".*-[0-9]+-of-[0-9]+\\.safetensors"));
                return new DataException(folder.toString(),
                        shards ? INDEX + " beside its shards" : "%s or %s".formatted(SINGLE, INDEX),
                        Problem.few(found) + (shards ? " without it" : ""),
                        shards ? "fetch the index too: it says which shard holds what"
                                : "give the file that name if it holds all weights");
            }
            return list.stream().filter(Pickles::named).findFirst().map(Pickles::refusal)
                    .orElseGet(() -> new DataException(
                    folder.toString(), "a model folder with %s or %s".formatted(SINGLE, INDEX), "neither",
                    "give the folder of a model"));
        } catch (IOException failed) {
            throw IoProblems.reading(folder, failed);
        }
    }

    /// @return every tensor by name
    public Map<String, TensorInfo> tensors() {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        home.forEach((name, file) -> tensors.put(name, file.tensors().get(name)));
        return Collections.unmodifiableMap(tensors);
    }

    /// @return a tensor as float32, on `manager`; a copy
    public NDArray read(String name, NDManager manager) {
        return file(name).read(name, manager);
    }

    /// @return a tensor in a type, on `manager`; a copy
    public NDArray read(String name, FloatType type, NDManager manager) {
        return file(name).read(name, type, manager);
    }

    /// @return the same numbers in another type, on the manager of the array; the array itself where it has that type
    NDArray rounded(NDArray numbers, FloatType type) {
        return files.getFirst().rounded(numbers, type);
    }

    /// @return a tensor in its own type, on `manager`, not copied but mapped (see [Safetensors#stored])
    public NDArray stored(String name, NDManager manager) {
        return file(name).stored(name, manager);
    }

    /// @param numbers floating-point
    /// @return whether all of them are finite
    public boolean finite(NDArray numbers) {
        return files.getFirst().finite(numbers);
    }

    /// @return what to say of a tensor that holds NaN or infinite numbers
    public static Problem notFinite(String place) {
        return new Problem(place, "finite numbers", "NaN or infinite ones",
                "take an earlier checkpoint, or another format of numbers "
                + "(float16 ends at 65504); socratic inspect --check counts them");
    }

    /// @return the file that holds a tensor
    public Safetensors file(String name) {
        Safetensors file = home.get(name);
        if (file == null) {
            throw new DataException(folder.toString(), "a tensor '%s'".formatted(name), "none",
                    "the folder holds another model");
        }
        return file;
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
    }
}
