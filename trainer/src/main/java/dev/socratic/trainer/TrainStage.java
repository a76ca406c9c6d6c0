package dev.socratic.trainer;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Usage;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.decoder.SpecialTokens;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.trainer.batch.BatchStream;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.batch.RowEncoder;
import dev.socratic.trainer.batch.Tally;
import dev.socratic.trainer.loop.CheckpointStore;
import dev.socratic.trainer.loop.TrainState;
import dev.socratic.trainer.loop.Trainer;
import dev.socratic.trainer.prepare.Corpus;
import dev.socratic.trainer.prepare.Students;
import dev.socratic.trainer.prepare.Template;
import dev.socratic.trainer.prepare.TokenizerFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The stage `train`: rows in, a student's Hugging Face folder out.
///
/// Killed at any moment and called again with the same arguments, it goes on from the last checkpoint and ends with the files an undisturbed
/// run gives, byte for byte on one machine and number of threads (but for `timings.jsonl` and the TensorBoard events, which hold times).
public final class TrainStage {
    private TrainStage() {}

    /// @param context its folder becomes the student's
    /// @throws dev.socratic.core.error.SocraticException with what to mend
    public static StageReport run(TrainConfig config, StageContext context) {
        Path folder = context.folder();
        Engines.threads(context.threads());
        TokenizerFiles.prepare(config, folder);
        Corpus corpus = Corpus.open(data(config), Seeds.derive(config.seed(), "data"), folder.resolve("quarantine.jsonl"));
        String run = fingerprint(config, context, folder);
        CheckpointStore checkpoints = new CheckpointStore(folder.resolve("checkpoints"), run, config.keep());
        TrainState from = checkpoints.newest(context.progress()::note).orElse(TrainState.START);
        if (from.step() > 0) {
            context.progress().note("goes on after step %d, %d tokens".formatted(from.step(), from.tokens()));
        }
        try (NDManager manager = Engines.manager();
                Tokenizer tokenizer = Tokenizer.open(folder)) {
            SpecialTokens special = TokenizerFiles.special(folder, tokenizer);
            RowEncoder encoder = new RowEncoder(
                    tokenizer, new Template(folder), special.eos().stream().findFirst(), config.lossOn(), config.maxSeq(), config.tooLong());
            List<MicroBatch> heldOut = config.evaluate()
                    .map(e -> Corpus.heldOut(e.source(), e.rows(), encoder, config.microTokens(), Seeds.derive(config.seed(), "evaluate")))
                    .orElse(List.of());
            BatchStream.Settings settings =
                    new BatchStream.Settings(config.window(), config.microTokens(), Seeds.derive(config.seed(), "order"));
            try (Decoder student = Students.start(config.student(), config.seed(), tokenizer, special, manager);
                    BatchStream stream = new BatchStream("data", corpus::pass, encoder, settings, from.place())) {
                checkContext(config, student);
                TrainState end = new Trainer(config, context, student, stream, corpus.rows(), heldOut, checkpoints)
                        .run(manager, from, Optional.empty());
                student.save(folder, config.dtype().stored());
                return report(corpus, stream.tally(), end, student);
            }
        }
    }

    private static ExampleSource data(TrainConfig config) {
        return config.data()
                .orElseThrow(() -> new ConfigException("data", "rows to learn", "nothing", "write data: {file: {path: train.jsonl}}"));
    }

    private static void checkContext(TrainConfig config, Decoder student) {
        if (config.maxSeq() - 1 > student.config().context()) {
            throw new ConfigException(
                    "max_seq",
                    "at most %d, the student's context and the token predicted last".formatted(student.config().context() + 1),
                    "%d".formatted(config.maxSeq()),
                    "write a smaller max_seq or start from a student with a longer context");
        }
    }

    /// Everything the result depends on: config with every default, the content of the folders it names, number of threads.
    private static String fingerprint(TrainConfig config, StageContext context, Path folder) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("config", ConfigWriter.tree(config));
        all.put("threads", context.threads());
        all.put("tokenizer", Hashes.ofFile(folder.resolve("tokenizer.json")));
        return Hashes.ofJson(all);
    }

    private static StageReport report(Corpus corpus, Tally tally, TrainState end, Decoder student) {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("parameters", student.config().parameters());
        notes.put("steps", end.step());
        notes.put("tokens", end.tokens());
        notes.put("counted_tokens", end.counted());
        notes.put("skipped_steps", end.empty() + end.notFinite());
        return new StageReport(
                Counts.of(tally.read() + corpus.bad(), tally.kept(), tally.dropped(), corpus.bad()),
                new Usage(end.tokens(), 0, 0),
                notes);
    }
}
