package dev.socratic.eval.harness.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.eval.harness.task.TaskConfig.Dataset;
import dev.socratic.eval.harness.task.TaskSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The files of each split of a task's data set, found on this machine: `data_files` of a task over `json`, `csv`,
/// `parquet` or `text`; else a folder in the layout of the hub, `dataset_path` itself or below one of the folders given
/// for data (`DIR/openai/gsm8k`, `DIR/openai--gsm8k`, `DIR/gsm8k`, or a hub cache's `datasets--openai--gsm8k`).
public final class TaskData {
    private static final Set<String> BUILDERS = Set.of("json", "csv", "parquet", "text");
    private static final int LARGEST = 5_000_000;

    private final Dataset data;
    private final Path base;
    private final List<Path> roots;

    /// @param source the task's file; paths in it are relative to its folder
    /// @param roots  folders of data sets
    public TaskData(Dataset data, TaskSource source, List<Path> roots) {
        this.data = data;
        this.base = source.file().map(file -> file.toAbsolutePath().normalize().getParent()).orElse(Path.of(""));
        this.roots = roots;
    }

    /// @param split a name of the task
    /// @return its rows, in their order; a row that cannot be read ends it, for a benchmark is whole or not one
    /// @throws DataException where the split is not here, with how to give it
    public List<ObjectNode> rows(String split) {
        List<ObjectNode> rows = new ArrayList<>();
        for (Path file : files(split)) {
            try (RowReader reader = RowFiles.read(file, Quarantine.refuse())) {
                while (reader.hasNext()) {
                    rows.add(reader.next().json());
                    if (rows.size() > LARGEST) {
                        throw new DataException(file.toString(), "at most %s documents".formatted(LARGEST), "more",
                                "cut the file");
                    }
                }
            }
        }
        return rows;
    }

    /// @return the files of a split
    /// @throws DataException where there are none
    public List<Path> files(String split) {
        String plain = split.replaceAll("\\[.*", "");
        if (!plain.equals(split)) {
            throw new DataException("split", "the name of a split", "'" + split + "', a slice of one",
                    "write the rows you want into a file of their own");
        }
        if (BUILDERS.contains(data.path())) {
            return named(split);
        }
        Path folder = folder().orElseThrow(() -> missing(split));
        List<Path> files = new HubLayout(folder, data.name()).files(split);
        if (files.isEmpty()) {
            throw new DataException(folder.toString(),
                    "files of the split '%s'%s".formatted(split, data.name().map(name -> " of '" + name + "'")
                            .orElse("")),
                    "none", "name one %s.jsonl or %s-00000-of-00001.parquet%s".formatted(split, split,
                            data.name().map(name -> ", in the folder " + name).orElse("")));
        }
        return files;
    }

    private DataException missing(String split) {
        return new DataException("dataset_path",
                "a folder on this machine with the split '%s'".formatted(split),
                "'%s'%s, a data set of the hub".formatted(data.path(), data.name().map(name -> " (" + name + ")")
                        .orElse("")),
                "download it and give the folder it lies in: --data DIR, where DIR/%s%s/%s.jsonl or .parquet is"
                        .formatted(data.path(), data.name().map(name -> "/" + name).orElse(""), split));
    }

    private Optional<Path> folder() {
        Path own = base.resolve(data.path());
        if (Files.isDirectory(own)) {
            return Optional.of(own);
        }
        if (Files.isDirectory(Path.of(data.path()))) {
            return Optional.of(Path.of(data.path()));
        }
        String flat = data.path().replace("/", "--");
        String last = data.path().substring(data.path().lastIndexOf('/') + 1);
        for (Path root : roots) {
            for (String name : List.of(data.path(), flat, last)) {
                if (Files.isDirectory(root.resolve(name))) {
                    return Optional.of(root.resolve(name));
                }
            }
            Optional<Path> cached = newest(root.resolve("datasets--" + flat).resolve("snapshots"));
            if (cached.isPresent()) {
                return cached;
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> newest(Path snapshots) {
        if (!Files.isDirectory(snapshots)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(snapshots)) {
            return all.filter(Files::isDirectory).max((a, b) ->
                    Long.compare(a.toFile().lastModified(), b.toFile().lastModified()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private List<Path> named(String split) {
        Object given = data.kwargs().get("data_files");
        if (given == null && data.kwargs().get("data_dir") instanceof String folder) {
            return new HubLayout(resolved(folder), data.name()).files(split);
        }
        List<String> names = switch (given) {
            case String one when split.equals("train") -> List.of(one);
            case List<?> several when split.equals("train") -> several.stream().map(String::valueOf).toList();
            case Map<?, ?> map when map.get(split) instanceof String one -> List.of(one);
            case Map<?, ?> map when map.get(split) instanceof List<?> several ->
                    several.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
        if (names.isEmpty()) {
            throw new DataException("dataset_kwargs.data_files", "files of the split '%s'".formatted(split),
                    given == null ? "none" : given.toString(),
                    "write dataset_kwargs: {data_files: {%s: FILE}}".formatted(split));
        }
        return names.stream().map(this::resolved).toList();
    }

    /// Relative to the task's file, else to where the command runs.
    private Path resolved(String name) {
        if (name.matches("https?:/.*|hf:/.*")) {
            throw new DataException("dataset_kwargs.data_files", "a file on this machine", "'" + name + "', an address",
                    "download it and give its path");
        }
        Path own = base.resolve(name);
        return Files.exists(own) || !Files.exists(Path.of(name)) ? own : Path.of(name);
    }
}
