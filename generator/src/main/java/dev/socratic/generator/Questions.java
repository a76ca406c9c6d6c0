package dev.socratic.generator;

import dev.socratic.core.run.Progress;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.datasets.source.RowStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The questions to ask, each once.
///
/// @param all      in the order of the source
/// @param repeated how many were left out because the same question had come before
/// @param bad      how many rows could not be read; they are in the quarantine file
record Questions(List<Question> all, long repeated, long bad) {

    /// @param quarantine file for the rows that cannot be read
    static Questions read(QuestionSource source, Optional<Integer> limit, long seed, Path quarantine,
            Progress progress) {
        List<Question> all = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        long repeated = 0;
        try (Quarantine bad = Quarantine.file(quarantine)) {
            try (RowStream<Question> rows = source.open(bad, seed)) {
                for (Question question : rows) {
                    if (limit.isPresent() && all.size() == limit.get()) {
                        break;
                    }
                    if (ids.add(question.id())) {
                        all.add(question);
                    } else {
                        repeated++;
                    }
                }
            }
            if (repeated > 0) {
                progress.note("%s question%s came twice and %s asked once".formatted(repeated, repeated == 1 ? "" : "s",
                        repeated == 1 ? "is" : "are"));
            }
            bad.report().forEach(progress::note);
            return new Questions(List.copyOf(all), repeated, bad.count());
        }
    }

    /// @param file gets each question asked, one a line
    void write(Path file) {
        RowFiles.write(file, rows -> all.forEach(question -> rows.write(RowMapper.json(question))));
    }
}
