package dev.socratic.eval.harness.data;

import dev.socratic.core.config.YamlNode;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A data set as the hub keeps one: `configs` in the front matter of its README.md where it has them, else files whose
/// names say their split, in a folder named as the config where there is one.
///
/// @param root   its folder
/// @param config part of it
record HubLayout(Path root, Optional<String> config) {
    /// Words that say the same, most specific first, as `datasets` knows them.
    private static final Map<String, List<String>> WORDS = Map.of(
            "train", List.of("train", "training"), "validation", List.of("validation", "valid", "dev", "val"),
            "test", List.of("test", "testing", "eval", "evaluation"));
    private static final Pattern ROWS = Pattern.compile(".*\\.(jsonl|ndjson|json|csv|tsv|parquet)(\\.gz)?");

    List<Path> files(String split) {
        List<Path> all = all();
        Optional<List<Path>> said = readme().flatMap(text -> said(text, split, all));
        if (said.isPresent()) {
            return said.get();
        }
        List<Path> of = config.map(name -> all.stream().filter(file -> below(file, name)).toList())
                .filter(some -> !some.isEmpty()).orElse(all);
        for (String word : Stream.concat(Stream.of(split), WORDS.getOrDefault(split, List.of()).stream()).toList()) {
            List<Path> named = of.stream().filter(file -> says(file, word)).toList();
            if (!named.isEmpty()) {
                return named;
            }
        }
        return List.of();
    }

    private boolean below(Path file, String name) {
        Path relative = root.relativize(file);
        return Stream.iterate(relative.getParent(), part -> part != null, Path::getParent)
                .anyMatch(part -> part.getFileName().toString().equals(name)) || file.getFileName().toString()
                .toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + "_")
                || file.getFileName().toString().toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)
                + "-");
    }

    private static boolean says(Path file, String word) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Pattern.compile("(^|[-._ 0-9])" + Pattern.quote(word.toLowerCase(Locale.ROOT)) + "([-._ 0-9]|$)")
                .matcher(name).find() || file.getParent().getFileName().toString().equals(word);
    }

    private List<Path> all() {
        try (Stream<Path> all = Files.walk(root, 6)) {
            return all.filter(file -> ROWS.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT)).matches())
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("dataset_infos.json")).sorted().toList();
        } catch (IOException e) {
            throw IoProblems.reading(root, "a folder of a data set", e);
        }
    }

    private Optional<String> readme() {
        Path readme = root.resolve("README.md");
        if (!Files.isRegularFile(readme)) {
            return Optional.empty();
        }
        String text = RegularFiles.text(readme);
        int end = text.indexOf("\n---", 3);
        return text.startsWith("---") && end > 0 ? Optional.of(text.substring(3, end)) : Optional.empty();
    }

    private Optional<List<Path>> said(String front, String split, List<Path> all) {
        if (!(YamlNode.read(front, root.resolve("README.md").toString()) instanceof YamlNode.Entries map)
                || !(map.get("configs").orElse(map) instanceof YamlNode.Items configs)) {
            return Optional.empty();
        }
        for (YamlNode one : configs.items()) {
            if (one instanceof YamlNode.Entries entries && (config.isEmpty()
                    || text(entries, "config_name").equals(config))) {
                List<PathMatcher> patterns = new ArrayList<>();
                patterns(entries, split).forEach(pattern ->
                        patterns.add(FileSystems.getDefault().getPathMatcher("glob:" + pattern)));
                List<Path> files = all.stream().filter(file -> patterns.stream().anyMatch(pattern ->
                        pattern.matches(root.relativize(file)))).toList();
                return files.isEmpty() ? Optional.empty() : Optional.of(files);
            }
        }
        return Optional.empty();
    }

    private static List<String> patterns(YamlNode.Entries config, String split) {
        List<String> patterns = new ArrayList<>();
        if (config.get("data_files").orElse(config) instanceof YamlNode.Items files) {
            for (YamlNode file : files.items()) {
                if (file instanceof YamlNode.Entries entries && text(entries, "split").equals(Optional.of(split))) {
                    switch (entries.get("path").orElse(entries)) {
                        case YamlNode.Scalar one -> patterns.add(one.text());
                        case YamlNode.Items several -> several.items().stream()
                                .filter(YamlNode.Scalar.class::isInstance)
                                .forEach(item -> patterns.add(((YamlNode.Scalar) item).text()));
                        case YamlNode.Entries ignored -> { }
                    }
                }
            }
        }
        return patterns;
    }

    private static Optional<String> text(YamlNode.Entries entries, String key) {
        return entries.get(key).filter(YamlNode.Scalar.class::isInstance).map(node -> ((YamlNode.Scalar) node).text());
    }
}
