package dev.socratic.trainer.logits.capture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.FileLocks;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.data.ContentHashes;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.BlockFile;
import dev.socratic.trainer.logits.BlockTable;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Checksums;
import dev.socratic.trainer.logits.Codec;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.Spill;
import dev.socratic.trainer.logits.StoreFacts;
import dev.socratic.trainer.logits.StoreHeader;
import dev.socratic.trainer.logits.StoreIndex;
import dev.socratic.trainer.run.prepare.RowCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The stage `logits`: a teacher and rows in, a store out.
///
/// Killed at any moment and called again with the same arguments, it goes on with the block that was in flight and
/// ends with the files an undisturbed run gives, byte for byte on one machine and number of threads.
public final class LogitCapture {
    private final CaptureConfig config;
    private final DistributionReader teacher;
    private final RowEncoder encoder;
    private final Codec codec;

    private LogitCapture(CaptureConfig config, DistributionReader teacher) {
        this.config = config;
        this.teacher = teacher;
        this.encoder = teacher.encoder();
        this.codec = new Codec(config.encoding(), teacher.vocab());
    }

    /// @param teacher folder of the teacher
    /// @param context its folder becomes the store
    /// @param compute where and in what numbers the teacher runs
    /// @throws DataException if the folder holds a store that was made otherwise
    public static StageReport run(Path teacher, ExampleSource data, CaptureConfig config, StageContext context,
            Compute compute) {
        try {
            return run(new TeacherSource.Weights(teacher), data, config, context, compute);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("weights are read without waiting", impossible);
        }
    }

    /// The same of whoever has the teacher.
    ///
    /// @throws InterruptedException if the calling thread was interrupted; the blocks that are whole stay
    public static StageReport run(TeacherSource source, ExampleSource data, CaptureConfig asked,
            StageContext context, Compute compute) throws InterruptedException {
        TeacherSource teacher = source.placed(compute, context.progress()::note);
        CaptureConfig config = DistributionReader.resolved(teacher, asked);
        Path folder = context.folder();
        Engines.threads(context.threads());
        try (FileLocks ignored = FileLocks.take(folder.resolve(".lock"), folder);
                DistributionReader opened = DistributionReader.open(teacher, config, compute)) {
            StoreHeader header = header(teacher, data, config, opened.vocab(), context.threads(), compute);
            begin(folder, header);
            Corpus corpus = Corpus.open(data, config.seed(), folder.resolve("quarantine.jsonl"));
            LogitCapture capture = new LogitCapture(config, opened);
            if (!Files.exists(BlockFile.path(folder, 0))) {
                corpus.report(capture.encoder.template(), context.progress());
                RowCheck.of(corpus, capture.encoder).tell(config.longest(), config.longest(), context.progress());
            }
            List<BlockTable> tables = capture.blocks(corpus, context);
            StoreIndex.write(folder, tables);
            return report(corpus, tables, folder);
        }
    }

    private static StoreHeader header(TeacherSource teacher, ExampleSource data, CaptureConfig config, int vocab,
            int threads, Compute compute) {
        return switch (teacher) {
            case TeacherSource.Weights weights ->
                new StoreHeader(StoreHeader.FORMAT, weights.provenance(), ContentHashes.ofData(data),
                        compute.compute().label(), vocab,
                        threads,
                        config);
            case TeacherSource.Served served ->
                    new StoreHeader(StoreHeader.FORMAT, served.provenance(), ContentHashes.ofData(data),
                            StoreHeader.SERVED, vocab, 0,
                            config);
        };
    }

    private static void begin(Path folder, StoreHeader header) {
        if (!StoreHeader.existsIn(folder)) {
            header.write(folder);
            return;
        }
        StoreHeader before = StoreHeader.read(folder);
        before.requireSame(folder, header.provenance());
        List<String> differing = new ArrayList<>();
        JsonNode stored = ConfigWriter.tree(before);
        JsonNode asked = ConfigWriter.tree(header);
        for (String field : List.of("data", "precision", "vocab")) {
            if (!stored.path(field).equals(asked.path(field))) {
                differing.add(field);
            }
        }
        asked.path("capture").properties().stream()
                .filter(field -> !field.getValue().equals(stored.path("capture").path(field.getKey())))
                .forEach(field -> differing.add(field.getKey()));
        // a whole store stays as it is
        if (!StoreIndex.existsIn(folder) && before.threads() != 0 && before.threads() != header.threads()) {
            differing.add("threads (%s then, %s now)".formatted(before.threads(), header.threads()));
        }
        if (!differing.isEmpty()) {
            throw new DataException(folder.toString(), "the settings this store was begun with",
                    "other " + String.join(", ", differing),
                    "run the command as before to go on with it, or delete the folder, or capture into another");
        }
    }

    private List<BlockTable> blocks(Corpus corpus, StageContext context) throws InterruptedException {
        Path folder = context.folder();
        context.progress().total(corpus.rowCount());
        List<BlockTable> tables = new ArrayList<>();
        try (RowStream<Example> stream = corpus.readable()) {
            Iterator<Example> rows = stream.iterator();
            int count = Math.toIntExact(Math.ceilDiv(corpus.rowCount(), (long) config.blockRows()));
            for (int block = 0; block < count; block++) {
                boolean there = BlockFile.isIntact(folder, block);
                if (!there && Files.exists(BlockFile.path(folder, block))) {
                    context.progress().note("block %s is damaged and is captured anew".formatted(block));
                }
                if (there) {
                    Spill.discard(BlockFile.path(folder, block));
                }
                int read = 0;
                List<Example> examples = new ArrayList<>();
                for (; read < config.blockRows() && rows.hasNext(); read++) {
                    Example row = rows.next();
                    if (!there) {
                        examples.add(row);
                    }
                }
                tables.add(there ? BlockFile.table(folder, block) : capture(folder, block, examples));
                context.progress().done(read);
                context.progress()
                        .spent(new Usage(there
                                ? 0
                                : tables.getLast().entries().stream().mapToInt(BlockTable.Entry::tokens).sum(), 0, 0));
            }
        }
        return tables;
    }

    private BlockTable capture(Path folder, int block, List<Example> examples) throws InterruptedException {
        List<TokenRow> rows = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        SortedMap<String, Integer> dropped = new TreeMap<>();
        for (int i = 0; i < examples.size(); i++) {
            switch (encoder.encode(examples.get(i))) {
                case RowEncoder.Verdict.Kept kept -> {
                    rows.add(kept.row());
                    numbers.add(i);
                }
                case RowEncoder.Verdict.Dropped gone -> dropped.merge(gone.reason(), 1, Integer::sum);
            }
        }
        long first = (long) block * config.blockRows();
        List<SplittableRandom> randoms = numbers.stream()
                .map(number -> Seeds.random(config.seed(), "draws", Long.toString(first + number))).toList();
        try (Spill samples = new Spill(BlockFile.path(folder, block), rows)) {
            teacher.read(rows, slice -> {
                List<byte[]> positions = slice.encode(teacher.kernel(), uniforms(slice.rows(), randoms), codec);
                for (int i = 0; i < positions.size(); i++) {
                    samples.add(slice.rows().get(i), positions.get(i));
                }
            });
            List<BlockTable.Entry> entries = new ArrayList<>();
            long offset = 0;
            for (int i = 0; i < rows.size(); i++) {
                long number = first + numbers.get(i);
                String own = examples.get(numbers.get(i)).id();
                entries.add(
                        new BlockTable.Entry(own.isEmpty() ? "#" + number : own, number, Checksums.of(rows.get(i)),
                                rows.get(i).ids().length,
                        rows.get(i).lossTokens(), offset, samples.length(i), samples.crc(i)));
                offset += samples.length(i);
            }
            BlockTable table = new BlockTable(block, entries, dropped);
            BlockFile.write(folder, table, samples::copy);
            return table;
        }
    }

    /// The draws of a row depend on the seed and its number in the data alone.
    private double[] uniforms(List<Integer> owners, List<SplittableRandom> randoms) {
        return switch (config.encoding()) {
            case Encoding.Sampled sampled -> owners.stream()
                    .flatMapToDouble(owner -> Arrays.stream(draws(randoms.get(owner), sampled.draws())))
                    .toArray();
            case Encoding.TopK ignored -> new double[0];
            case Encoding.Dense ignored -> new double[0];
        };
    }

    /// 53 bits of each long: the same numbers on every Java.
    public static double[] draws(SplittableRandom random, int count) {
        double[] uniforms = new double[count];
        for (int i = 0; i < count; i++) {
            uniforms[i] = (random.nextLong() >>> 11) * 0x1.0p-53;
        }
        return uniforms;
    }

    private static StageReport report(Corpus corpus, List<BlockTable> tables, Path folder) {
        SortedMap<String, Long> dropped = new TreeMap<>();
        tables.forEach(table -> table.dropped()
                .forEach((reason, rows) -> dropped.merge(reason, (long) rows, Long::sum)));
        long samples = tables.stream().mapToLong(table -> table.entries().size()).sum();
        StoreFacts facts = StoreFacts.of(LogitStore.open(folder));
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("positions", facts.positions());
        notes.put("bytes", facts.bytes());
        notes.put("bytes_a_position", facts.bytesAPosition());
        return new StageReport(
                Counts.of(corpus.rowCount() + corpus.unreadable(), samples, dropped, corpus.unreadable()), Usage.NONE,
                notes);
    }
}
