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
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SharedPass;
import dev.socratic.models.network.SpecialTokens;
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
                Program rope = Program.resource(manager, Decoder.class, "/programs/rope.ts.py");
                Program int8 = Program.resource(manager, Decoder.class, "/programs/int8.ts.py");
                Program packed = Program.resource(manager, Decoder.class, "/programs/packed.ts.py");
                Program mapped = Program.resource(manager, Decoder.class, "/programs/mapped.ts.py");
                Program views = Program.resources(manager, Decoder.class, List.of(Distribution.TEXT,
                        "/dev/socratic/trainer/programs/distances.txt", "/dev/socratic/trainer/programs/views.txt"));
                Decoder decoder = Decoder.random(ModelConfig.llama(
                        40, 16, 2, 2, 2, 24, 32, true, SpecialTokens.none()), 1, manager);
                Decoding first = Decoding.start(decoder, List.of(new long[] {1, 2, 3}));
                Decoding second = Decoding.start(decoder, List.of(new long[] {4, 5}))) {
            Arg like = Arg.of(manager.create(0f));
            rope.withGraph("rope_dynamic", Arg.of(new double[] {10_000, 8, 2, 16}), Arg.of(40), like);
            rope.withGraph("rope_llama3", Arg.of(new double[] {10_000, 8, 8, 1, 4, 16}), like);
            rope.withGraph("rope_yarn", Arg.of(new double[] {10_000, 8, 4, 1, 3}), like);
            rope.withGraph("rope_longrope", Arg.of(new double[] {10_000, 8, 1, 1.5, 2, 3}), like);
            int8.withGraph("quantise", Arg.of(manager.ones(new Shape(4, 6))), Arg.of(true));
            packed.run("packed_trial", Arg.of(manager.ones(new Shape(4, 4))), Arg.of(6));
            packed.run("packed_product_and_bias", Arg.of(manager.ones(new Shape(2, 4))),
                    Arg.of(manager.ones(new Shape(3, 4))), Arg.of(manager.ones(new Shape(3))));
            mapped.withGraph("rounded", Arg.of(manager.ones(new Shape(4))), Arg.of(15));
            views.withGraph("one_hot", Arg.of(manager.ones(new Shape(2, 5))),
                    Arg.of(manager.create(new long[] {1, 4})));
            first.join(second);
            new SharedPass(decoder).run(List.of(new SharedPass.Row(new long[] {1, 2, 3}, 1),
                    new SharedPass.Row(new long[] {1, 2, 4, 5}, 1)), manager, (states, places) -> { });
            try (Distribution distribution = new Distribution(manager)) {
                distribution.labelled(manager.ones(new Shape(2, 5)), manager.create(new long[] {0, 1, 1}),
                        manager.create(new long[] {4, 0, 3}));
            }
            first.keep(new int[] {0, 0, 1});
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
    void everyFunctionOfEveryProgramIsReachedByATest() throws IOException {
        MetaRehearsal.Findings found = MetaRehearsal.findings();
        assumeTrue(found.classes() > 60, "only with all tests of the module: " + found.classes() + " classes ran");
        assertEquals(Map.of(), found.unreached(texts()));
    }
}
