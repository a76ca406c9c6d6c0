package dev.socratic.trainer.logits.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Offload;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.Provenance;
import dev.socratic.trainer.logits.StoreFacts;
import dev.socratic.trainer.logits.StoredSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitCaptureTest {
    private static final ExampleSource ROWS = StoreFixture.rows(14); // four blocks of four, the last of two

    @TempDir
    Path folder;

    private Path teacher() throws IOException {
        Path path = folder.resolve("teacher");
        return Files.exists(path) ? path : StoreFixture.teacher(path, 1);
    }

    private Path capture(String name, Encoding encoding) throws IOException {
        Path store = folder.resolve(name);
        LogitCapture.run(teacher(), ROWS, StoreFixture.config(encoding), StoreFixture.context(store, Progress.SILENT),
                Compute.CPU);
        return store;
    }

    private static List<String> names(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertSame(Path expected, Path actual) throws IOException {
        assertEquals(names(expected), names(actual));
        for (String name : names(expected)) {
            assertArrayEquals(Files.readAllBytes(expected.resolve(name)), Files.readAllBytes(actual.resolve(name)),
                    name);
        }
    }

    @Test
    void aTeacherWhoseLayersStayOnDiskMakesTheSameStore() throws Exception {
        Path held = capture("held", new Encoding.Sampled(20));
        Path away = folder.resolve("away");
        LogitCapture.run(new TeacherSource.Weights(teacher(), Offload.ALWAYS), ROWS,
                StoreFixture.config(new Encoding.Sampled(20)), StoreFixture.context(away, Progress.SILENT),
                Compute.CPU);
        assertSame(held, away);
    }

    @Test
    void everyRowIsCountedAndEveryPositionOfIt() throws IOException {
        Path store = folder.resolve("store");
        StageReport report = LogitCapture.run(
                teacher(), ROWS, StoreFixture.config(new Encoding.Dense(Width.FLOAT)),
                StoreFixture.context(store, Progress.SILENT), Compute.CPU);
        LogitStore read = LogitStore.open(store, Provenance.of(teacher()));
        assertEquals(14, report.counts().in());
        assertEquals(report.counts().kept(), read.size());
        StoreFacts facts = StoreFacts.of(read);
        assertEquals(4, facts.blocks());
        assertEquals(1024, read.header().vocab(), "padded rows of the embedding are no tokens");
        assertTrue(facts.bytesAPosition() >= 4 * 1024 && facts.bytesAPosition() < 4 * 1024 + 20,
                "" + facts.bytesAPosition());
        read.verify();
    }

    @Test
    void whatIsReadAtAPositionIsWhatTheTeacherSaysThere() throws IOException {
        LogitStore store = LogitStore.open(capture("store", new Encoding.Dense(Width.FLOAT)));
        CaptureConfig config = StoreFixture.config(new Encoding.Dense(Width.FLOAT));
        // chunks of three tokens
        try (LocalTeacher teacher = new LocalTeacher(new TeacherSource.Weights(teacher()), config,
                new ChunkedHead(3 * 1032), Compute.CPU)) {
            var rows = ROWS.open(dev.socratic.datasets.format.Quarantine.list(), config.seed()).iterator();
            for (int i = 0; i < 5; i++) {
                var kept = (dev.socratic.trainer.data.RowEncoder.Verdict.Kept) teacher.encoder().encode(rows.next());
                StoredSample sample = store.require(kept.row());
                assertEquals("#" + i, sample.id());
                int[] next = {0};
                int[] positions = sample.positions();
                teacher.read(List.of(kept.row()), slice -> {
                    float[] logs = slice.logP().toFloatArray();
                    for (int t = 0; t < slice.labels().length; t++) {
                        int position = positions[next[0]++];
                        int label = kept.row().ids()[position];
                        assertEquals(label, slice.labels()[t]);
                        float[] mass = sample.at(position, label).mass();
                        for (int id = 0; id < 1024; id++) {
                            assertEquals(Math.exp(logs[t * 1024 + id]), mass[id], 1e-5,
                                    "position %s, token %s".formatted(position, id));
                        }
                    }
                });
                assertEquals(positions.length, next[0]);
            }
        }
    }

    @Test
    void aRunThatStopsBetweenBlocksGoesOnToTheSameBytes() throws IOException {
        for (Encoding encoding : List.of(new Encoding.Sampled(50), new Encoding.TopK(12, Tail.BUCKET))) {
            String name = encoding.getClass().getSimpleName();
            Path whole = capture(name + "-whole", encoding);
            Path stopped = folder.resolve(name + "-stopped");
            assertThrows(IllegalStateException.class, () -> LogitCapture.run(
                    teacher(), ROWS, StoreFixture.config(encoding), StoreFixture.context(stopped, new StopAfter(8)),
                    Compute.CPU));
            assertEquals(2, names(stopped).stream().filter(file -> file.startsWith("block-")).count());
            DataException unfinished = assertThrows(DataException.class, () -> LogitStore.open(stopped));
            assertTrue(unfinished.getMessage()
                    .endsWith("a store that is whole; got one without index.bin; run the same socratic logits "
                            + "command again: it goes on where it stopped"),
                    unfinished.getMessage());
            // What kill -9 may leave: part of a block under its temporary name.
            Files.write(stopped.resolve(".block-00002.bin.tmp"), new byte[100]);
            Files.write(stopped.resolve(".block-00001.bin.samples.tmp"), new byte[100]);
            Files.write(stopped.resolve(".block-00002.bin.samples.tmp"), new byte[9999]);
            capture(name + "-stopped", encoding);
            assertSame(whole, stopped);
        }
    }

    @Test
    void aStoreThatIsWholeIsLeftAsItIs() throws IOException {
        Path store = capture("store", new Encoding.Sampled(50));
        var before = Files.getLastModifiedTime(store.resolve("block-00000.bin"));
        capture("store", new Encoding.Sampled(50));
        assertEquals(before, Files.getLastModifiedTime(store.resolve("block-00000.bin")));
    }

    @Test
    void aFlippedBitIsRefusedWithTheFileAndTheRemedyAndCapturedAnew() throws IOException {
        Path whole = capture("whole", new Encoding.Sampled(50));
        Path store = capture("store", new Encoding.Sampled(50));
        Path block = store.resolve("block-00001.bin");
        byte[] bytes = Files.readAllBytes(block);
        bytes[bytes.length - 1] ^= 4;
        Files.write(block, bytes);
        LogitStore opened = LogitStore.open(store);
        DataException refused = assertThrows(DataException.class, opened::verify);
        assertEquals(
                block + ": a block as it was written; got sample '#7' with another checksum; delete this file and "
                        + "index.bin, and run the same "
                + "socratic logits command again: it captures this block anew", refused.getMessage());
        Files.delete(block); // the remedy
        Files.delete(store.resolve("index.bin"));
        capture("store", new Encoding.Sampled(50));
        assertSame(whole, store);
    }

    @Test
    void aBlockCutShortAndADamagedIndexAreRefusedAtOpening() throws IOException {
        Path store = capture("store", new Encoding.Sampled(50));
        Path block = store.resolve("block-00003.bin");
        byte[] bytes = Files.readAllBytes(block);
        for (int length : new int[] {0, 10, 40, bytes.length - 1}) {
            Files.write(block, java.util.Arrays.copyOf(bytes, length));
            SocraticException refused = assertThrows(DataException.class, () -> LogitStore.open(store),
                    "length " + length);
            assertEquals(1, refused.getMessage().lines().count());
            assertTrue(refused.getMessage().startsWith(block + ": a block as it was written; got "),
                    refused.getMessage());
        }
        Files.write(block, bytes);
        LogitStore.open(store);
        Path index = store.resolve("index.bin");
        byte[] good = Files.readAllBytes(index);
        good[20] ^= 1;
        Files.write(index, good);
        assertTrue(assertThrows(DataException.class, () -> LogitStore.open(store)).getMessage()
                .contains("it is made from the blocks, no teacher is asked"));
        Files.delete(index); // the remedy
        capture("store", new Encoding.Sampled(50));
        LogitStore.open(store);
    }

    @Test
    void anotherTeacherTokenizerOrTemplateIsRefusedByName() throws IOException {
        Path store = capture("store", new Encoding.Sampled(50));
        Path other = StoreFixture.teacher(folder.resolve("other"), 2);
        String message = assertThrows(DataException.class, () -> LogitStore.open(store, Provenance.of(other)))
                .getMessage();
        assertTrue(message.startsWith(store + ": teacher: the one the store was made with, "), message);
        assertTrue(message.endsWith("name that teacher, or capture a new store into another folder"), message);
        assertEquals(1, message.lines().count());

        Path changed = folder.resolve("teacher");
        Files.writeString(changed.resolve("chat_template.jinja"), "{{ messages }}");
        String template = assertThrows(DataException.class, () -> LogitStore.open(store, Provenance.of(changed)))
                .getMessage();
        assertTrue(template.startsWith(store + ": template: "), template);
        Files.delete(changed.resolve("chat_template.jinja"));
        Files.writeString(changed.resolve("tokenizer.json"), Files.readString(changed.resolve("tokenizer.json")) + " ");
        String tokenizer = assertThrows(DataException.class, () -> LogitStore.open(store, Provenance.of(changed)))
                .getMessage();
        assertTrue(tokenizer.startsWith(store + ": tokenizer: "), tokenizer);
    }

    @Test
    void goingOnWithOtherSettingsIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path store = capture("store", new Encoding.Sampled(50));
        DataException refused = assertThrows(DataException.class, () -> capture("store", new Encoding.Sampled(51)));
        assertEquals(
                store + ": the settings this store was begun with; got other encoding; run the command as before to "
                        + "go on with it, or delete the folder, or capture into another",
                refused.getMessage());
        CaptureConfig config = StoreFixture.config(new Encoding.Sampled(50));
        StageContext more = new StageContext(store, Progress.SILENT, java.time.Clock.systemUTC(), 2);
        LogitCapture.run(teacher(), ROWS, config, more, Compute.CPU); // whole, so the number of threads decides nothing
        assertEquals(1, LogitStore.open(store).header().threads());
        byte[] index = Files.readAllBytes(store.resolve("index.bin"));
        Files.delete(store.resolve("index.bin"));
        DataException threads = assertThrows(DataException.class,
                () -> LogitCapture.run(teacher(), ROWS, config, more, Compute.CPU));
        assertEquals(
                store + ": the settings this store was begun with; got other threads (1 then, 2 now); run the "
                        + "command as before to go on with it, "
                + "or delete the folder, or capture into another", threads.getMessage());
        Files.write(store.resolve("index.bin"), index);
        DataException rows = assertThrows(DataException.class, () -> LogitStore.open(store).sample(0).at(0, 0));
        assertTrue(rows.getMessage().contains("capture with the same loss_on as the training"), rows.getMessage());
    }

    @Test
    void aBlockLargerThanAnyBufferComesBackInTheOrderOfTheData() throws IOException {
        CaptureConfig wide = new CaptureConfig(new Encoding.Dense(Width.FLOAT), 1, 7, Optional.of(200), TooLong.DROP,
                Bos.TOKENIZER, LossOn.ASSISTANT, 512, 64);
        // one block of three megabytes and more
        Path one = StoreFixture.capture(teacher(), folder.resolve("one"), ROWS, wide);
        LogitStore few = LogitStore.open(capture("few", new Encoding.Dense(Width.FLOAT)));
        LogitStore all = LogitStore.open(one);
        all.verify();
        assertEquals(few.ids(), all.ids());
        assertTrue(StoreFacts.of(all).bytes() > 1 << 20);
        for (int i = 0; i < all.size(); i++) {
            assertArrayEquals(few.sample(i).positions(), all.sample(i).positions());
        }
    }

    @Test
    void aTeacherWhoseLogitsAreNoNumbersLeavesNoStore() throws IOException {
        Path broken = StoreFixture.teacher(folder.resolve("broken"), 1);
        try (ai.djl.ndarray.NDManager manager = dev.socratic.models.engine.Engines.manager();
                dev.socratic.models.network.Decoder decoder = dev.socratic.models.network.Decoder.load(broken,
                        manager)) {
            // Each weight is a number, and so the folder loads; what comes of them is beyond the largest one.
            decoder.weights().get("model.norm.weight").muli(3e38f);
            decoder.save(broken, dev.socratic.models.checkpoint.DType.F32);
        }
        Path store = folder.resolve("store");
        String message = assertThrows(DataException.class,
                () -> StoreFixture.capture(broken, store, ROWS, StoreFixture.config(new Encoding.Sampled(50))))
                        .getMessage();
        assertTrue(message.matches(
                ("\\Q%s\\E: a teacher whose logits are numbers; got \\d+ that are not; look at its weights with: "
                        + "socratic inspect --check \\Q%s\\E").formatted(broken, broken)), message);
        assertEquals(List.of(".lock", "header.json"),
                names(store).stream().filter(name -> !name.startsWith("quarantine")).toList());
    }

    @Test
    void aFolderThatIsNoStoreSaysHowToMakeOne() {
        String message = assertThrows(DataException.class, () -> LogitStore.open(folder)).getMessage();
        assertTrue(message.contains(
                "a folder without header.json; make one with: socratic logits --teacher MODEL --data FILE --out"),
                        message);
    }

    /// Stops the run once so many rows are done.
    private record StopAfter(long[] done, long rows) implements Progress {
        StopAfter(long rows) {
            this(new long[1], rows);
        }

        @Override
        public void done(long items) {
            done[0] += items;
            if (done[0] >= rows) {
                throw new IllegalStateException("stopped by the test");
            }
        }

        @Override
        public void total(long items) {}

        @Override
        public void spent(Usage usage) {}

        @Override
        public void failed(long items) {}

        @Override
        public void note(String line) {}
    }
}
