package dev.socratic.curator.duplicate;

import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.datasets.source.RowStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Real data beside the repository; a test that needs it is skipped where it is absent.
public final class SharedData {
    private SharedData() {}

    public static List<Question> gsm8k(String name) {
        try (RowStream<Question> rows = QuestionSource.File.of(file("data/gsm8k/" + name))
                .open(Quarantine.refuse(), 0)) {
            return rows.toList();
        }
    }

    public static Path file(String name) {
        String given = System.getProperty("SOCRATIC_SHARED", System.getenv().getOrDefault("SOCRATIC_SHARED", ""));
        Stream<Path> places = given.isEmpty()
                ? Stream.of(Path.of("../shared"), Path.of("../../shared"))
                : Stream.of(Path.of(given));
        Path found = places.map(place -> place.resolve(name)).filter(Files::exists).findFirst().orElse(Path.of(name));
        Assumptions.assumeTrue(Files.exists(found),
                "no " + name + ": set SOCRATIC_SHARED to the folder of shared data to run this test");
        return found;
    }
}
