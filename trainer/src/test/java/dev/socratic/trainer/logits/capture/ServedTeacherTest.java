package dev.socratic.trainer.logits.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.core.text.ModelCard;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.StoreHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A teacher that is asked through the border: local weights behind it, and weights that lie.
class ServedTeacherTest {
    private static final ExampleSource ROWS = StoreFixture.rows(14);
    private static final Encoding TOP = new Encoding.TopK(12, Tail.BUCKET);

    @TempDir
    static Path folder;

    private static Path teacher;
    private static LocalModel model;

    @BeforeAll
    static void open() throws IOException {
        teacher = StoreFixture.teacher(folder.resolve("teacher"), 1);
        Engines.threads(1);
        model = LocalModel.open(teacher, 8, Clock.systemUTC(), Compute.CPU);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /// Says what the weights say, changed.
    private record Lying(Change change) implements DistributionModel {
        interface Change {
            Distributions of(Distributions said);
        }

        @Override
        public ModelCard card() {
            return new ModelCard("m", "endpoint:http://host/v1", "r1", 0, 1, 3, false);
        }

        @Override
        public List<Distributions> distributions(List<int[]> rows, int k) throws InterruptedException {
            return model.distributions(rows, k).stream().map(change::of).toList();
        }

        @Override
        public void close() {}
    }

    private static StageReport capture(DistributionModel asked, Path store, CaptureConfig config)
            throws IOException, InterruptedException {
        return LogitCapture.run(new TeacherSource.Served(asked, teacher), ROWS, config,
                StoreFixture.context(store, Progress.SILENT), Compute.CPU);
    }

    private static List<String> blocks(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("block-")).sorted()
                    .toList();
        }
    }

    private static void assertSameBlocks(Path expected, Path actual) throws IOException {
        assertEquals(4, blocks(expected).size());
        assertEquals(blocks(expected), blocks(actual));
        for (String block : blocks(expected)) {
            assertArrayEquals(Files.readAllBytes(expected.resolve(block)), Files.readAllBytes(actual.resolve(block)),
                    block);
        }
    }

    private static String refused(Encoding encoding, Lying.Change change) {
        DataException refused = assertThrows(DataException.class,
                () -> capture(new Lying(change), Files.createTempDirectory(folder, "refused"),
                        StoreFixture.config(encoding)));
        assertEquals(1, refused.getMessage().lines().count());
        return refused.getMessage();
    }

    private static Distributions with(Distributions said, int[] ids) {
        return new Distributions(said.width(), ids, said.logs(), said.rest(), said.labels(), said.ranks(),
                said.words());
    }

    /// The mass of one dense store at a position of another temperature is found again to half a millionth of the
    /// largest.
    @Test
    void anotherTemperatureIsTakenFromTheWholeVocabulary() throws Exception {
        CaptureConfig hot = StoreFixture.config(new Encoding.Dense(Width.FLOAT), 2, 7);
        Path local = StoreFixture.capture(teacher, folder.resolve("hot-local"), ROWS, hot);
        capture(model, folder.resolve("hot-served"), hot);
        LogitStore here = LogitStore.open(local);
        LogitStore there = LogitStore.open(folder.resolve("hot-served"));
        for (int i = 0; i < here.size(); i++) {
            for (int position : here.sample(i).positions()) {
                float[] expected = here.sample(i).at(position, 0).mass();
                assertArrayEquals(expected, there.sample(i).at(position, 0).mass(), 1e-6f);
            }
        }
    }

    @Test
    void rowsOfAnEmbeddingThatStandForNoTokenAreLeftOutAndTheOthersSumToOne() throws Exception {
        CaptureConfig config = StoreFixture.config(new Encoding.Dense(Width.FLOAT));
        capture(new Lying(ServedTeacherTest::padded), folder.resolve("padded"), config);
        LogitStore store = LogitStore.open(folder.resolve("padded"));
        LogitStore plain = LogitStore.open(StoreFixture.capture(teacher, folder.resolve("unpadded"), ROWS, config));
        int position = plain.sample(0).positions()[0];
        assertArrayEquals(plain.sample(0).at(position, 0).mass(), store.sample(0).at(position, 0).mass(), 1e-6f);
    }

    /// A tenth of the mass goes to token 1024, behind the vocabulary.
    private static Distributions padded(Distributions said) {
        int width = said.width() + 1;
        int[] ids = new int[said.positions() * width];
        float[] logs = new float[ids.length];
        for (int i = 0; i < said.positions(); i++) {
            for (int j = 0; j < width; j++) {
                boolean own = j < said.width();
                ids[i * width + j] = own ? said.ids()[i * said.width() + j] : 1024;
                logs[i * width + j] = own
                        ? said.logs()[i * said.width() + j] + (float) Math.log(0.9)
                        : (float) Math.log(0.1);
            }
        }
        return new Distributions(width, ids, logs, said.rest(), said.labels(), said.ranks(), said.words());
    }

    @Test
    void theHeaderNamesAddressModelAndRevisionAndAnotherIsRefused() throws Exception {
        Path store = folder.resolve("header");
        capture(new Lying(said -> said), store, StoreFixture.config(TOP));
        StoreHeader header = StoreHeader.read(store);
        assertEquals("endpoint:http://host/v1 m@r1", header.provenance().teacher());
        assertEquals("served", header.precision());
        assertEquals(0, header.threads());
        assertEquals(1024, header.vocab());
        DataException other = assertThrows(DataException.class, () -> capture(model, store, StoreFixture.config(TOP)));
        assertEquals(
                store + (": teacher: the one the store was made with, endpoint:http://host/v1 m@r1; got %s %s@%s; "
                        + "name that teacher, or capture a new store into another folder")
                .formatted(model.card().place(), model.card().name(), model.card().revision()), other.getMessage());
        ConfigException named = assertThrows(ConfigException.class, () -> {
            throw new ConfigException(header.teacherMismatch(store, teacher));
        });
        assertTrue(named.getMessage()
                .startsWith(store + ": teacher: the one the store was made with, endpoint:http://host/v1 m@r1; got "),
                        named.getMessage());
    }

    @Test
    void aServerThatIsGoneInTheMiddleCostsTheBlockInFlightAndTheNextRunEndsWithTheSameBytes() throws Exception {
        Path whole = folder.resolve("calm");
        capture(new Lying(said -> said), whole, StoreFixture.config(TOP));
        Path stopped = folder.resolve("stopped");
        AtomicInteger answered = new AtomicInteger();
        assertThrows(RetryLaterException.class, () -> capture(new Lying(said -> {
            if (answered.incrementAndGet() > 9) {
                throw new RetryLaterException("http://host/v1", "an answer", "none",
                        "run the same command again later");
            }
            return said;
        }), stopped, StoreFixture.config(TOP)));
        assertEquals(2, blocks(stopped).size());
        List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
        capture(new Lying(said -> {
            asked.add(said.positions());
            return said;
        }), stopped, StoreFixture.config(TOP));
        assertEquals(6, asked.size(), "the rows of two blocks, no others");
        assertSameBlocks(whole, stopped);
    }

    @Test
    void aServerWithAnotherTokenizerOrNoDistributionIsRefusedByName() {
        String place = "endpoint:http://host/v1 m: ";
        String shifted = refused(TOP,
                said -> new Distributions(said.width(), said.ids(), said.logs(), said.rest(), said.labels(),
                        said.ranks(),
                said.words().stream().map(word -> word + "x").toList()));
        assertTrue(shifted.matches(
                ("\\Q%sa model with the tokenizer in %s; got \\E\\d+ of \\d+ tokens that read otherwise, such as "
                        + "token \\d+, which is \".*x\" there and \".*\" here; ")
                .formatted(place, teacher) + "name the folder of the served model's own tokenizer"), shifted);
        assertEquals(
                place + ("tokens of the vocabulary of 1,024 in %s; got number 1024; name the folder of the served "
                        + "model's own tokenizer").formatted(teacher), refused(TOP, said -> {
            int[] ids = said.ids().clone();
            java.util.Arrays.fill(ids, 1024);
            return with(said, ids);
        }));
        String twice = refused(TOP, said -> {
            int[] ids = said.ids().clone();
            java.util.Arrays.fill(ids, 3);
            return with(said, ids);
        });
        assertEquals(place + "each token once at a position; got token 3 twice; report it to whoever runs the server",
                twice);
    }

    /// As a server does that gives twelve at most and does not say so.
    @Test
    void whatNeedsTheWholeVocabularyIsRefusedByNameWhereAPartComes() {
        Lying.Change part = said -> {
            int width = 12;
            int[] ids = new int[said.positions() * width];
            float[] logs = new float[ids.length];
            for (int i = 0; i < said.positions(); i++) {
                System.arraycopy(said.ids(), i * said.width(), ids, i * width, width);
                System.arraycopy(said.logs(), i * said.width(), logs, i * width, width);
            }
            return new Distributions(width, ids, logs, said.rest(), said.labels(), said.ranks(), said.words());
        };
        String end =
                " needs; got those of 12 of 1,024; capture with --encoding '{top_k: {k: 20}}' at temperature 1, or "
                        + "serve a small vocabulary whole: "
                + "vLLM with --max-logprobs -1, or socratic serve";
        String start = "endpoint:http://host/v1 m: log probabilities of every token of the vocabulary, which ";
        assertEquals(start + "a store of 'sampled'" + end, refused(new Encoding.Sampled(50), part));
        assertEquals(start + "a store of 'dense'" + end, refused(new Encoding.Dense(Width.HALF), part));
        DataException hot = assertThrows(DataException.class,
                () -> capture(new Lying(part), folder.resolve("hot-part"), StoreFixture.config(TOP, 2, 1)));
        assertEquals(start + "a temperature of 2.0" + end, hot.getMessage());
    }

    @Test
    void theMassOfTheLikeliestIsReportedWhereNothingElseIsKnown() throws Exception {
        TeacherSource served = new TeacherSource.Served(new Lying(said -> said), teacher);
        CaptureConfig config = StoreFixture.config(TOP);
        assertFalse(Fidelity.needsFullDistributions(served, config));
        assertTrue(Fidelity.needsFullDistributions(served, StoreFixture.config(new Encoding.Sampled(50))));
        Coverage coverage = Coverage.measure(served, ROWS, 14, config, Compute.CPU);
        FidelityReport known = Fidelity.measure(teacher, ROWS, 14, config, List.of(TOP), Compute.CPU).getFirst();
        assertEquals(List.of(1, 2, 5, 10, 12), List.copyOf(coverage.mass().keySet()));
        assertEquals(known.positions(), coverage.positions());
        assertEquals(known.recoveredMass(), coverage.mass().get(12), 1e-5);
        assertEquals(known.teacherEce(), coverage.teacherEce(), 1e-5);
        assertEquals(known.bytesAPosition(), coverage.bytesAPosition());
        assertTrue(coverage.mass().get(1) < coverage.mass().get(12));
    }
}
