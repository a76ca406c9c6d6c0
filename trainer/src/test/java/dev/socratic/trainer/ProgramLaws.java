package dev.socratic.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// What holds for every program text: it runs where its arguments lie, and reads no number but where that is said.
/// Stands behind all other tests of the module, whose calls [MetaRehearsal] made again; the build runs it when they are
/// done, for they run in several JVMs.
@Order(Integer.MAX_VALUE)
class ProgramLaws {
    private static final Path MODELS = Path.of("../models/src/main/resources");
    private static final Path TRAINER = Path.of("src/main/resources");
    private static final Pattern FACTORY = Pattern.compile(
            "torch\\.(arange|zeros|ones|full|empty|eye|tensor|rand|randn|linspace|triu_indices|tril_indices|from_file"
                    + "|scalar_tensor|hann_window)\\(");

    /// What no test of this module reaches, called as it is called elsewhere.
    @BeforeAll
    static void callsOfOtherTests() {
        try (NDManager manager = Compute.CPU.manager();
                Program views = Program.resources(manager, Decoder.class, List.of(Distribution.TEXT,
                        "/dev/socratic/trainer/programs/distances.txt", "/dev/socratic/trainer/programs/views.txt"))) {
            views.withGraph("one_hot", Arg.of(manager.ones(new Shape(2, 5))),
                    Arg.of(manager.create(new long[] {1, 4})));
        }
    }

    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path root : List.of(MODELS, TRAINER)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(path -> path.toString().contains("programs/"))
                        .filter(Files::isRegularFile).toList()) {
                    texts.put("/" + root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
                }
            }
        }
        assertTrue(texts.size() >= 10, "texts: " + texts.keySet());
        return texts;
    }

    /// `from_file` alone is the processor's by its nature; what it gives is copied to where it is wanted.
    @Test
    void noTextMakesATensorWithoutADevice() throws IOException {
        List<String> without = new ArrayList<>();
        texts().forEach((path, text) -> {
            String[] lines = text.split("\n");
            for (int i = 0; i < lines.length; i++) {
                String code = lines[i].replaceFirst("#.*", "");
                long made = FACTORY.matcher(code).results()
                        .filter(found -> !found.group(1).equals("from_file")).count();
                if (made > code.split("device=", -1).length - 1) {
                    without.add(path + ":" + (i + 1) + ": " + code.strip());
                }
            }
        });
        assertEquals(List.of(), without);
    }

    @Test
    void everyCallOfTheTestsRunsOnADeviceOfItsOwn() throws IOException {
        assertEquals("", String.join("\n", MetaRehearsal.findings().failed().entrySet().stream()
                .map(failed -> failed.getKey() + ": " + failed.getValue()).toList()));
    }

    @Test
    void noFunctionReadsANumberButThoseThatSaySo() throws IOException {
        TreeSet<String> unsaid = new TreeSet<>(MetaRehearsal.findings().reading());
        unsaid.removeAll(Decoder.READING);
        assertEquals(new TreeSet<>(), unsaid);
    }

    @Test
    void everyFunctionOfEveryProgramOfThisModuleIsReachedByATest() throws IOException {
        MetaRehearsal.Findings found = MetaRehearsal.findings();
        assumeTrue(found.classes() > 60, "only with all tests of the module: " + found.classes() + " classes ran");
        Map<String, String> own = texts();
        own.keySet().removeIf(path -> path.startsWith("/programs/")); // of `models`, whose own laws hold them
        assertEquals(Map.of(), found.missing(own));
    }
}
