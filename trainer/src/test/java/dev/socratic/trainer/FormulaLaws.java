package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.models.network.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No formula is written twice: what makes up one of a distribution stands in one program text of all, and nobody but
/// the chunked head cuts a vocabulary into chunks.
class FormulaLaws {
    private static final Path ROOT = Path.of("..");

    private static List<Path> files(String module, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static List<Path> programs() throws IOException {
        List<Path> all = new ArrayList<>(files("models", ".ts.py"));
        all.addAll(files("trainer", ".txt"));
        return all;
    }

    /// The operators that these formulas cannot do without.
    @ParameterizedTest
    @ValueSource(strings = {"logsumexp(", "nll_loss(", "cross_entropy_loss(", "searchsorted(", "cumsum("})
    void whatMakesAFormulaOfADistributionStandsInOneText(String operator) throws IOException {
        List<Path> programs = programs();
        assertTrue(programs.size() > 8, "the law sees the programs");
        for (Path program : programs) {
            if (!program.endsWith(Distribution.TEXT.substring(1)) && !allowed(program, operator)) {
                assertEquals(List.of(), lines(program, operator), "%s: call the formula of %s".formatted(
                        program.getFileName(), Distribution.TEXT));
            }
        }
    }

    /// Other sums: the mass before a token in the nucleus, the mass of a tail.
    private static boolean allowed(Path program, String operator) {
        return operator.equals("cumsum(")
                && (program.endsWith("sampler.ts.py") || program.endsWith("distances.txt"));
    }

    @Test
    void theTanhOfABoundStandsOnceForEveryModel() throws IOException {
        List<String> bounds = new ArrayList<>();
        for (Path program : programs()) {
            lines(program, "tanh(").stream().filter(line -> line.contains("* cap")).forEach(bounds::add);
        }
        assertEquals(1, bounds.size(), bounds.toString());
    }

    @Test
    void nobodyButTheChunkedHeadCutsLogitsIntoChunks() throws IOException {
        List<String> constants = new ArrayList<>();
        for (String module : List.of("models", "trainer")) {
            for (Path file : files(module, ".java")) {
                if (!file.endsWith("ChunkedHead.java")) {
                    constants.addAll(lines(file, "CHUNK_NUMBERS"));
                    constants.addAll(lines(file, "chunkNumbers"));
                }
            }
        }
        assertEquals(List.of(), constants);
    }

    private static List<String> lines(Path file, String text) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> line.contains(text)).map(String::strip)
                .filter(line -> !line.startsWith("#")).toList();
    }
}
