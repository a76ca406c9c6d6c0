package dev.socratic.datasets.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Names of columns. One without a name, such as the index that pandas writes, is called `Unnamed: 0` after its
/// place, as pandas calls it.
/// Of names that stand twice none is kept, for it would be a guess which is meant: they are called `note.1`, `note.2`.
final class CsvHeader {
    private CsvHeader() {}

    static List<String> names(List<Optional<String>> cells) {
        List<String> given = cells.stream().map(cell -> cell.orElse("")).toList();
        Set<String> taken = new HashSet<>(given);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String name = given.get(i);
            if (name.isBlank()) {
                names.add(free("Unnamed: " + i, "", 0, taken));
            } else {
                names.add(Collections.frequency(given, name) == 1 ? name : free(name, ".", 1, taken));
            }
        }
        return List.copyOf(names);
    }

    private static String free(String name, String before, int first, Set<String> taken) {
        String free = before.isEmpty() ? name : name + before + first;
        for (int n = first + 1; !taken.add(free); n++) {
            free = name + "." + n;
        }
        return free;
    }
}
