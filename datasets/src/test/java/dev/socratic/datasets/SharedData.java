package dev.socratic.datasets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Data sets and conformance cases that are not part of the project.
public final class SharedData {
    private SharedData() {}

    /// Skips the test where the file is absent.
    ///
    /// @param relative path below the folder that the property or variable `SOCRATIC_SHARED` names, or `../shared`,
    ///                 or `../../shared`
    public static Path file(String relative) {
        Optional<Path> found = Stream.of(System.getProperty("SOCRATIC_SHARED"), System.getenv("SOCRATIC_SHARED"),
                "../shared", "../../shared")
                .filter(folder -> folder != null && !folder.isBlank())
                .map(folder -> Path.of(folder).resolve(relative))
                .filter(Files::exists)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(),
                relative + " is not there; set SOCRATIC_SHARED to the folder of shared data");
        return found.get();
    }
}
