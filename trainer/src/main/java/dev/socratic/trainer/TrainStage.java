package dev.socratic.trainer;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.generate.GenerationConfig;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.Tags;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.ContentHashes;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.LazyTemplate;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.SharedEncoder;
import dev.socratic.trainer.data.TaggedEncoder;
import dev.socratic.trainer.encoder.EncoderStage;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.Planner;
import dev.socratic.trainer.rollout.Rollouts;
import dev.socratic.trainer.run.Trainer;
import dev.socratic.trainer.run.card.Card;
import dev.socratic.trainer.run.card.Lineage;
import dev.socratic.trainer.run.card.MetricsFile;
import dev.socratic.trainer.run.card.RunSummary;
import dev.socratic.trainer.run.checkpoint.CheckpointStore;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.prepare.MaxSeq;
import dev.socratic.trainer.run.prepare.RowCheck;
import dev.socratic.trainer.run.prepare.SanityCheck;
import dev.socratic.trainer.run.prepare.Students;
import dev.socratic.trainer.run.prepare.TokenizerFiles;
import dev.socratic.trainer.run.prepare.TrainChecks;
import dev.socratic.trainer.teacher.StoreChecks;
import dev.socratic.trainer.teacher.StoredTeacher;
import dev.socratic.trainer.teacher.Teachers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The stage `train`: rows in, a student's Hugging Face folder out.
///
/// Killed at any moment and called again with the same arguments, it goes on from the last checkpoint and ends with
/// the files an undisturbed run gives, byte for byte on one machine and number of threads (but for `timings.jsonl`
/// and the TensorBoard events, which hold times).
public final class TrainStage {
    private TrainStage() {}

    /// @param context its folder becomes the student's
    /// @throws dev.socratic.core.error.SocraticException with what to mend
    public static StageReport run(TrainConfig written, StageContext context, Compute compute) {
        return run(written, context, Lineage.NONE, compute);
    }

    /// @param lineage what the trainer cannot know of where the student comes from, for its card
    /// @param compute where and in what numbers
    public static StageReport run(TrainConfig written, StageContext context, Lineage lineage, Compute compute) {
        Path folder = context.folder();
        Objective objective = Objective.named(written.objective());
        TrainConfig config = MaxSeq.resolved(written, objective);
        config.captured().ifPresent(name -> {
            throw new ConfigException("captured", "a recipe that captures this store before",
                    "'" + name + "' outside of one", "name its folder: store: <folder>");
        });
        List<Problem> problems = TrainChecks.ofConfig(config, objective, EncoderStage.takes(config));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        ExampleSource data = config.data()
                .orElseThrow(() ->
                        new ConfigException("data", "rows to learn", "nothing",
                                "write data: {file: {path: train.jsonl}}"));
        Engines.threads(context.threads());
        TokenizerFiles.prepare(config, folder);
        StoreChecks.check(config, objective, folder, context.progress());
        Optional<Tags> tags = tags(config, objective);
        Corpus corpus = Corpus.open(data, Seeds.derive(config.seed(), "data"), folder.resolve("quarantine.jsonl"),
                tags.map(Tags::path));
        CheckpointStore checkpoints =
                new CheckpointStore(folder.resolve("checkpoints"),
                        fingerprint(config, data, objective, context, compute),
                        config.keep());
        TrainState from = checkpoints.newest(context.progress()::note).orElse(TrainState.START);
        if (from.step() > 0) {
            context.progress().note("goes on after step %s, %s tokens".formatted(from.step(), from.tokens()));
        }
        Lineage whole = Lineage.of(config, objective, folder).and(lineage);
        try (NDManager manager = compute.only("a training", FloatType.FLOAT32).manager();
                Tokenizer tokenizer = Tokenizer.open(folder)) {
            return EncoderStage.takes(config)
                    ? EncoderStage.run(config, objective, context, corpus, checkpoints, from, manager, tokenizer, whole)
                    : train(config, objective, context, corpus, checkpoints, from, manager, tokenizer, whole);
        }
    }

    private static StageReport train(
            TrainConfig config, Objective objective, StageContext context, Corpus corpus, CheckpointStore checkpoints,
            TrainState from,
            NDManager manager, Tokenizer tokenizer, Lineage lineage) {
        Path folder = context.folder();
        EosTokens eos = EosTokens.of(TokenizerFiles.origin(config), folder, tokenizer);
        SpecialTokens special = TokenizerFiles.special(folder, tokenizer, eos);
        RowEncoder encoder = new RowEncoder(
                tokenizer, new LazyTemplate(folder), config.bos().marks(folder, tokenizer), config.lossOn(),
                        config.longest(), config.tooLong(), objective.needsPairs());
        List<MicroBatch> heldOut = config.evaluate()
                .map(e -> Corpus.heldOut(e.source(), e.rows(), encoder, config.microTokens(),
                        Seeds.derive(config.seed(), "evaluate")))
                .orElse(List.of());
        BatchStream.Settings order =
                new BatchStream.Settings(config.window(), config.microTokens(), Seeds.derive(config.seed(), "order"));
        try (StoredTeacher.Maybe store = StoredTeacher.open(config, objective, manager);
                Decoder student = Students.start(config.student(), config.seed(), tokenizer, special, manager);
                Teachers teacher = config.store().isPresent()
                        ? Teachers.NONE
                        : Teachers.of(objective, config.teacherFolder(), config.moreTeacherFolders(), manager)) {
            checkContext(config, "the student's", student);
            teacher.decoders().forEach(decoder -> checkContext(config, "the teacher's", decoder));
            Optional<Tags> tags = tags(config, objective);
            if (from.step() == 0) {
                tags.ifPresent(corpus::requireTags);
                store.teacher().ifPresent(stored -> stored.requireAll(corpus, tagged(encoder, tags), encoder));
            }
            Plan plan = store.teacher()
                    .map(stored -> Planner.planStored(objective, stored.vocab()))
                    .orElseGet(() -> teacher.plan(objective, student, tokenizer, eos));
            ExampleEncoder read = teacher.encoder(encoder, plan, config.teacherFolder(), config.bos());
            ExampleEncoder rows = tagged(plan.sharedIds().<ExampleEncoder>map(same -> new SharedEncoder(read, same))
                    .orElse(read), tags);
            if (from.step() == 0) {
                corpus.report(encoder.template(), context.progress());
                plan.sharedIds()
                        .ifPresent(same -> context.progress().note("teacher: compared over %s ids; left out are %s"
                        .formatted(same.ids().length, same.text())));
                RowCheck check = RowCheck.of(corpus, rows);
                check.tell(config.longest(), MaxSeq.of(config, objective), context.progress());
                check.require(config.tooLongLimit(), config.tooLong(), config.longest());
                plan.sharedIds().ifPresent(check::requireShared);
                look(new SanityCheck(corpus, rows, config.microTokens(), manager), config, student, teacher,
                        context.progress());
            }
            Rollouts rollouts = new Rollouts(
                    objective.rollout(), eos.ids(), config.longest(), Seeds.derive(config.seed(), "rollout"),
                    teacher.ownText(rows, plan, eos.ids(), config.lossOn()), plan.sharedIds());
            try (BatchStream stream = new BatchStream("data", corpus::readable, rows, order, from.position())) {
                Trainer trainer = new Trainer(config, context, student, stream, corpus.rowCount(), heldOut, checkpoints,
                        rollouts);
                TrainState end = objective.needsStart()
                        ? fromStart(trainer, config, tokenizer, special, manager, from, plan, teacher, store.teacher())
                        : trainer.run(manager, from, plan, teacher.decoders(), store.teacher(), Optional.empty());
                RunSummary run = new RunSummary(stream.rowCounts(), end,
                        MetricsFile.read(folder.resolve("metrics.jsonl")),
                        context.threads());
                AtomicFiles.write(folder.resolve("README.md"), Card.of(config, student.config(), run, lineage));
                student.save(folder, config.dtype().stored());
                GenerationConfig.write(TokenizerFiles.start(config.student()), TokenizerFiles.origin(config), folder,
                        eos);
                return run.report(corpus, student.config().parameters());
            }
        }
    }

    /// @return what tags mean, where the objective reads them
    /// @throws ConfigException if it does and they are not said, or name teachers that are not there
    private static Optional<Tags> tags(TrainConfig config, Objective objective) {
        if (!objective.needsTags()) {
            return Optional.empty();
        }
        Tags tags = config.tags().orElseThrow(() -> new ConfigException(
                "tags", "which teacher a row's tag names, by which objective '%s' weighs them".formatted(
                        objective.name()), "nothing",
                "add tags: {field: <field of the rows>, of: {<tag>: 0, <tag>: 1}}"));
        tags.check(1 + (config.store().isPresent() ? config.moreStores().size() : config.moreTeachers().size()));
        return Optional.of(tags);
    }

    private static ExampleEncoder tagged(ExampleEncoder rows, Optional<Tags> tags) {
        return tags.<ExampleEncoder>map(known -> new TaggedEncoder(rows, known)).orElse(rows);
    }

    private static void look(SanityCheck first, TrainConfig config, Decoder student, Teachers teacher,
            Progress progress) {
        first.student(student, switch (config.student()) {
            case StudentStart.Random ignored -> "student";
            case StudentStart.Architecture ignored -> "student";
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.Folder start -> start.path().toString();
            case StudentStart.LayersOf start -> start.path().toString();
        });
        for (int i = 0; i < teacher.decoders().size(); i++) {
            first.teacher(teacher.decoders().get(i),
                    (i == 0 ? config.teacherFolder().orElseThrow() : config.moreTeacherFolders().get(i - 1))
                            .toString(), progress);
        }
    }

    /// The start is made a second time, from the same weights or seed, whether the run begins or goes on.
    private static TrainState fromStart(
            Trainer trainer, TrainConfig config, Tokenizer tokenizer, SpecialTokens special, NDManager manager,
            TrainState from, Plan plan,
            Teachers teacher, Optional<StoredTeacher> stored) {
        try (Decoder start = Students.start(config.student(), config.seed(), tokenizer, special, manager)) {
            return trainer.run(manager, from, plan, teacher.decoders(), stored, Optional.of(start));
        }
    }

    private static void checkContext(TrainConfig config, String whose, Decoder decoder) {
        if (config.longest() - 1 > decoder.config().context()) {
            throw new ConfigException(
                    "max_seq",
                    "at most %s, %s context and the token predicted last".formatted(decoder.config().context() + 1,
                            whose),
                    "%s".formatted(config.longest()),
                    "write a smaller max_seq or take a model with a longer context");
        }
    }

    /// Everything the result depends on: config and objective with every default, the content of the files they name,
    /// number of threads, device, library and number types.
    private static String fingerprint(TrainConfig config, ExampleSource data, Objective objective,
            StageContext context, Compute compute) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("config", ConfigWriter.tree(config));
        all.put("objective", ConfigWriter.tree(objective));
        all.put("threads", context.threads());
        all.put("compute", compute.facts());
        all.put("data", ContentHashes.ofData(data));
        config.evaluate().ifPresent(evaluate -> all.put("evaluate", ContentHashes.ofData(evaluate.source())));
        config.teacherFolder().ifPresent(teacher -> all.put("teacher", ContentHashes.ofModel(teacher)));
        List<Path> stores = StoreChecks.named(config, objective);
        stores.stream().findFirst().ifPresent(store -> all.put("store", LogitStore.hash(store)));
        if (stores.size() > 1) {
            all.put("more_stores", stores.stream().skip(1).map(LogitStore::hash).toList());
        }
        if (!config.moreTeachers().isEmpty()) {
            all.put("more_teachers", config.moreTeacherFolders().stream().map(ContentHashes::ofModel).toList());
        }
        switch (config.student()) {
            case StudentStart.Random ignored -> {}
            case StudentStart.Architecture start ->
                    all.put("student", Hashes.ofFile(start.path().resolve("config.json")));
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.Folder start -> all.put("student", ContentHashes.ofModel(start.path()));
            case StudentStart.LayersOf start -> all.put("student", ContentHashes.ofModel(start.path()));
        }
        all.put("tokenizer", Hashes.ofFile(context.folder().resolve("tokenizer.json")));
        return Hashes.ofJson(all);
    }
}
