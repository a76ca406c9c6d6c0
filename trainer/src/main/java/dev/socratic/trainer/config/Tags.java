package dev.socratic.trainer.config;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which teacher a row is for, by a field of the row; read by objectives that weigh teachers by `tag`.
///
/// ```yaml
/// tags: {field: teacher.name, of: {large-math: 0, large-code: 1}}
/// ```
///
/// @param field     where in a row its tag stands; `teacher.name` is who answered in what `generate` and `curate`
///                  write
/// @param of        for each tag the number of its teacher: 0 is `teacher` (or `store`), then `more_teachers` (or
///                  `more_stores`) in their order
/// @param otherwise number of the teacher of rows with another tag or none; left out, such rows are refused
public record Tags(@Default("tag") String field, Map<String, Integer> of, Optional<Integer> otherwise) {
    public Tags {
        of = Collections.unmodifiableMap(new LinkedHashMap<>(of));
        FieldPath.of(field);
        if (of.isEmpty() && otherwise.isEmpty()) {
            throw new IllegalArgumentException(
                    "of: at least one tag and the number of its teacher; got none; write of: {math: 0, code: 1}");
        }
    }

    public FieldPath path() {
        return FieldPath.of(field);
    }

    /// @param teachers how many there are
    /// @throws ConfigException for each number that is no teacher's
    public void check(int teachers) {
        List<Problem> problems = new ArrayList<>();
        String expected = "the number of a teacher, 0 to %s".formatted(teachers - 1);
        String remedy = "0 is teacher or store, then more_teachers or more_stores in their order";
        of.forEach((tag, number) -> {
            if (number < 0 || number >= teachers) {
                problems.add(new Problem("tags.of." + tag, expected, "" + number, remedy));
            }
        });
        otherwise.filter(number -> number < 0 || number >= teachers)
                .ifPresent(number -> problems.add(new Problem("tags.otherwise", expected, "" + number, remedy)));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /// @param row opened with [#path]
    /// @return the number of its teacher
    /// @throws DataException with its file and line, if it has no tag that is known
    public int teacher(Example row) {
        Example.Tag tag = row.tag().orElse(Example.Tag.NONE);
        Optional<Integer> known = tag.text().flatMap(text -> Optional.ofNullable(of.get(text))).or(() -> otherwise);
        return known.orElseThrow(() -> new DataException(
                tag.place() + ": " + field, "a tag, one of " + String.join(", ", of.keySet()), tag.text()
                        .map(text -> "'" + text + "'").orElse("nothing"),
                tag.text().flatMap(text -> Spelling.nearest(text, of.keySet()))
                        .map(name -> "write '%s', or ".formatted(name)).orElse("")
                        + "add it to tags.of, or give such rows a teacher: tags.otherwise"));
    }
}
