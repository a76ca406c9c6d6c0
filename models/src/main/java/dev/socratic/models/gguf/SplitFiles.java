package dev.socratic.models.gguf;

import dev.socratic.core.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Models in several files: `name-00001-of-00003.gguf` and so on, the first of which has the metadata.
final class SplitFiles {
    private static final Pattern NAME = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf");
    private static final int MOST = 10_000;

    private SplitFiles() {}

    /// @return all parts in their order; the file itself where it is whole
    /// @throws DataException if a part is missing
    static List<Path> of(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        int count = name.matches() ? Integer.parseInt(name.group(3)) : 1;
        if (count < 1 || count > MOST || !name.matches()) {
            return List.of(file);
        }
        List<Path> parts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Path part = file.resolveSibling(
                    String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", name.group(1), i, count));
            if (!Files.exists(part)) {
                throw new DataException(part.toString(), "part %s of %s".formatted(i, count), "none there",
                        "put all parts into one folder");
            }
            parts.add(part);
        }
        return parts;
    }

    /// @param files   how many were found by name
    /// @param tensors in all of them
    /// @throws DataException if the metadata says otherwise
    static void check(Path file, Metadata metadata, int files, int tensors) {
        long said = metadata.whole("split.count").orElse(1);
        if (Math.max(1, said) != files) {
            throw new DataException(file.toString(), "a model in %s files, as its split.count says".formatted(said),
                    "%s of that name".formatted(files),
                    "give parts the names they had: NAME-00001-of-%s.gguf".formatted(
                            String.format(Locale.ROOT, "%05d", said)));
        }
        long all = metadata.whole("split.tensors.count").orElse(tensors);
        if (all != tensors) {
            throw new DataException(file.toString(), "%s tensors in all parts".formatted(all), "" + tensors,
                    "fetch the parts again");
        }
    }
}
