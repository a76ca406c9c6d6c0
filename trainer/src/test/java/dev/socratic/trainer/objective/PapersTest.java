package dev.socratic.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PapersTest {
    @Test
    void thePageIsWhatThePresetsSay() throws IOException {
        assertEquals(
                Papers.page(), Files.readString(Path.of("../PAPERS.md")),
                "PAPERS.md is older than the presets; write it anew: socratic objective list --papers > PAPERS.md");
    }
}
