package dev.socratic.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Usage;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.generate.GenerationConfig;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.EvaluateConfig;
import dev.socratic.trainer.config.MemoryConfig;
import dev.socratic.trainer.config.Packing;
import dev.socratic.trainer.config.ServedTeacherConfig;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.LazyTemplate;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.PeerReader;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.SharedEncoder;
import dev.socratic.trainer.data.TaggedEncoder;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.optim.AveragedWeights;
import dev.socratic.trainer.optim.Optimizer;
import dev.socratic.trainer.optim.OptimizerMemory;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.Planner;
import dev.socratic.trainer.rollout.AnswerJudge;
import dev.socratic.trainer.rollout.RolloutTools;
import dev.socratic.trainer.rollout.Rollouts;
import dev.socratic.trainer.rollout.RolloutsAhead;
import dev.socratic.trainer.run.card.Card;
import dev.socratic.trainer.run.card.MetricsFile;
import dev.socratic.trainer.run.card.RunSummary;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.prepare.FrozenWeights;
import dev.socratic.trainer.run.prepare.MaxSeq;
import dev.socratic.trainer.run.prepare.RowCheck;
import dev.socratic.trainer.run.prepare.SanityCheck;
import dev.socratic.trainer.run.prepare.Students;
import dev.socratic.trainer.run.prepare.TokenizerFiles;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.StepMemory;
import dev.socratic.trainer.step.TrainableWeights;
import dev.socratic.trainer.step.VocabularyHead;
import dev.socratic.trainer.step.WeightCopies;
import dev.socratic.trainer.teacher.ServedTeacher;
import dev.socratic.trainer.teacher.ServedTeachers;
import dev.socratic.trainer.teacher.StoredTeacher;
import dev.socratic.trainer.teacher.TeacherSide;
import dev.socratic.trainer.teacher.TeacherUse;
import dev.socratic.trainer.teacher.Teachers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// The training of a decoder from end to end: models loaded, checked against data and each other, trained, saved.
public final class DecoderTraining {
    private final Resolved run;
    private final TrainConfig config;
    private final Objective objective;
    private final NDManager manager;
    private final EosTokens eos;
    private final SpecialTokens special;
    private final RowEncoder studentRows;
    private final Decoder student;
    private final Optional<SelfTeacher> itself;
    private final Teachers teachers;
    private final Optional<StoredTeacher> stored;
    private final Optional<ServedTeacher> served;

    private DecoderTraining(Resolved run, EosTokens eos, SpecialTokens special, Decoder student,
            Optional<SelfTeacher> itself, Optional<StoredTeacher> stored, Teachers teachers,
            Optional<ServedTeacher> served) {
        this.run = run;
        this.config = run.config();
        this.objective = run.objective();
        this.manager = run.manager();
        this.eos = eos;
        this.special = special;
        this.student = student;
        this.itself = itself;
        this.teachers = teachers;
        this.stored = stored;
        this.served = served;
        this.studentRows = new RowEncoder(run.tokenizer(), new LazyTemplate(run.folder(), config.studentVariables()),
                config.bos().marks(run.folder(), run.tokenizer()), config.lossOn(), config.longest(), config.tooLong(),
                objective.needsPairs());
    }

    /// @return what became of rows and tokens; the student lies in the run's folder
    /// @param wire who opens a served teacher
    public static StageReport run(Resolved run, ServedTeachers wire) {
        TrainConfig config = run.config();
        EosTokens eos = EosTokens.of(TokenizerFiles.origin(config), run.folder(), run.tokenizer());
        SpecialTokens special = TokenizerFiles.special(run.folder(), run.tokenizer(), eos);
        try (Asked asked = Asked.of(run, wire);
                StoredTeacher.Maybe stored = StoredTeacher.open(config, run.objective(), run.manager());
                Decoder student = Students.start(config, run.tokenizer(), special, run.manager(),
                        run.compute().compute());
                MaybeSelf itself = MaybeSelf.of(run, student);
                Teachers teachers = config.store().isPresent()
                        ? Teachers.NONE
                        : itself.teacher().map(own -> Teachers.itself(own.decoder(), run.tokenizer(), run.folder()))
                                .orElseGet(() -> Teachers.of(run.objective(), config.teacherFolder(),
                                        config.moreTeacherFolders(), run.manager(), run.teacherCompute(),
                                        config.memory().teacher()))) {
            return new DecoderTraining(run, eos, special, student, itself.teacher(), stored.teacher(), teachers,
                    asked.teacher()).run();
        }
    }

    /// The student as its own teacher, where it is.
    private record MaybeSelf(Optional<SelfTeacher> teacher) implements AutoCloseable {
        static MaybeSelf of(Resolved run, Decoder student) {
            return new MaybeSelf(run.config().selfWeights().filter(ignored -> run.objective().needsTeacher())
                    .map(weights -> new SelfTeacher(weights, student, run.manager(),
                            () -> student.asItIs(run.manager()))));
        }

        @Override
        public void close() {
            teacher.ifPresent(SelfTeacher::close);
        }
    }

    private StageReport run() {
        FrozenWeights.freeze(config, student);
        requireContext("the student's", student);
        teachers.decoders().forEach(teacher -> requireContext("the teacher's", teacher));
        if (run.begins()) {
            run.tags().ifPresent(run.corpus()::requireTags);
            run.reading().ifPresent(reading -> reading.requireFields(run.corpus(),
                    objective.learnsFromPeers() ? Set.of(PeerReader.FEEDBACK) : Set.of()));
            stored.ifPresent(store -> store.requireAll(run.corpus(), tagged(studentRows), studentRows));
        }
        served.ifPresent(this::requireContext);
        Plan plan = stored.map(StoredTeacher::vocab).or(() -> served.map(ServedTeacher::vocab))
                .map(vocab -> Planner.planStored(objective, Math.min(vocab, student.config().vocab())))
                .orElseGet(() -> teachers.plan(objective, student, run.tokenizer(), eos));
        ExampleEncoder bothSides = teachers.encoder(studentRows, plan, config.bos(), run.reading(),
                config.teacherVariables());
        ExampleEncoder rows = tagged(plan.sharedIds().<ExampleEncoder>map(same -> new SharedEncoder(bothSides, same))
                .orElse(bothSides));
        if (run.begins()) {
            checkRows(plan, rows);
            checkModels(rows);
        }
        Rollouts rollouts = new Rollouts(objective.rollout(), eos.ids(), config.longest(),
                Rollouts.cacheTokens(Math.max(config.batchTokens(), config.microTokens())), run.seed("rollout"),
                teachers.ownText(bothSides, plan, eos.ids(), config.lossOn()), plan.sharedIds(),
                objective.rewards().isEmpty() && !objective.learnsFromPeers() ? Optional.empty()
                        : Optional.of(new AnswerJudge(run.tokenizer(), eos.ids())), tools());
        Packing packing = packing(plan);
        student.trainable(true);
        try (BatchStream stream = run.stream(rows, packing); StudentsStart start = start()) {
            return saved(stream, train(plan, rollouts, rows, stream, packing, start));
        }
    }

    /// What is compared inside the models, or changed there, has its place among rows side by side.
    private Packing packing(Plan plan) {
        boolean inside = !plan.featureTerms().isEmpty() || !(objective.edit() instanceof Edit.None);
        if (inside && config.packing() != Packing.NONE) {
            run.context().progress().note("packing: rows of similar length side by side all the same, for objective "
                    + "'%s' reads inside the models".formatted(objective.name()));
        }
        return inside ? Packing.NONE : config.packing();
    }

    private TrainState train(Plan plan, Rollouts rollouts, ExampleEncoder rows, BatchStream stream,
            Packing packing, StudentsStart start) {
        Map<String, NDArray> trained = TrainableWeights.trained(objective.edit(), student, teachers.decoders());
        try (WeightCopies copies = copies();
                RolloutQueue queue = RolloutQueue.of(objective, copies);
                VocabularyHead vocabulary = new VocabularyHead(manager);
                StepMemory memory = StepMemory.of(config.memory(), manager, student.compute(),
                        run.folder().resolve("streams"));
                OptimizerMemory paged = OptimizerMemory.of(config.memory(), manager, run.folder().resolve("paged"));
                ObjectiveLoss loss = new ObjectiveLoss(manager, plan);
                Replicas replicas = new Replicas(run, plan, student, this::again, packing == Packing.BFD);
                Optimizer optimizer = new Optimizer(manager, config.optimizer(), all(trained, loss.learned()),
                        paged.state(), run.seed("rounding"));
                AveragedWeights averaged = new AveragedWeights(manager, trained, optimizer, config.ema());
                Backward backward = new Backward(manager, student,
                        TeacherSide.of(plan, teachers.decoders(), stored, served, vocabulary::select), start.decoder(),
                        vocabulary, all(trained, loss.learned()), memory, packing == Packing.BFD)) {
            if (config.memory().step() == MemoryConfig.Step.IN_BACKWARD) {
                backward.early(optimizer::early);
            }
            Replicas.require(loss, run.compute());
            replicas.join(backward, loss);
            BudgetTracker budget = new BudgetTracker(config.budget(), stream, run.corpus().rowCount());
            Alarms alarms = new Alarms(run.context().progress(), config.alarms());
            DecoderLearner learner = new DecoderLearner(config, student, stream, budget, rollouts,
                    itself, teachers.decoders().stream().findFirst(), alarms, plan, loss, backward,
                    heldOut(studentRows, packing),
                    new BothSides(config.evaluate().filter(EvaluateConfig::bothSides).isPresent()
                            ? heldOut(rows, packing) : List.of(), teachers.decoders().stream().findFirst(),
                            itself.map(SelfTeacher::steady).orElse(true), plan),
                    run.tasks().map(tasks -> new StudentTasks(tasks, student, run.folder(), special, manager)),
                    queue.ahead(), served);
            Map<String, NDArray> arrays = all(all(TrainableWeights.held(student), loss.learned()),
                    all(loss.kept(), averaged.state()));
            arrays = all(arrays, itself.map(SelfTeacher::arrays).orElse(Map.of()));
            return new TrainingLoop(config, run.context(), stream, budget, run.checkpoints(), alarms, arrays, optimizer,
                    averaged, backward.accumulation()).run(manager, learner.begin(run.from()), learner);
        }
    }

    private StageReport saved(BatchStream stream, TrainState end) {
        RunSummary summary = new RunSummary(stream.rowCounts(), end,
                MetricsFile.read(run.folder().resolve("metrics.jsonl"),
                        end.studentStep(config.keepBest().isPresent())), run.context().threads(),
                RunSummary.Adapter.of(student), RunSummary.Frozen.of(student));
        AtomicFiles.write(run.folder().resolve("README.md"),
                Card.of(config, student.config(), summary, run.lineage()));
        student.save(run.folder(), config.dtype().stored());
        GenerationConfig.write(TokenizerFiles.start(config.student()), TokenizerFiles.origin(config), run.folder(),
                eos);
        return drawn(told(summary.report(run.corpus(), student.config().parameters())));
    }

    private StageReport drawn(StageReport report) {
        return run.curriculum().map(rows -> {
            Map<String, Object> notes = new LinkedHashMap<>(report.notes());
            notes.put("curriculum", rows.facts().notes());
            return new StageReport(report.counts(), report.usage(), notes);
        }).orElse(report);
    }

    /// What a served teacher was asked is told with what it costs.
    private StageReport told(StageReport report) {
        return served.map(teacher -> {
            TeacherUse.Total use = teacher.use().total();
            double usd = use.usd(config.servedTeacher().orElseThrow().price());
            Map<String, Object> notes = new LinkedHashMap<>(report.notes());
            notes.put("teacher_requests", use.requests());
            notes.put("teacher_rows", use.rows());
            notes.put("teacher_tokens", use.tokens());
            notes.put("teacher_usd", usd);
            return new StageReport(report.counts(), report.usage().plus(new Usage(use.tokens(), 0, usd)), notes);
        }).orElse(report);
    }

    private List<MicroBatch> heldOut(ExampleEncoder encoder, Packing packing) {
        return config.evaluate()
                .map(evaluate -> Corpus.heldOut(evaluate.source(), evaluate.rows(), encoder, packing,
                        config.microTokens(), run.seed("evaluate")))
                .orElse(List.of());
    }

    private ExampleEncoder tagged(ExampleEncoder rows) {
        return run.tags().<ExampleEncoder>map(known -> new TaggedEncoder(rows, known)).orElse(rows);
    }

    private void checkRows(Plan plan, ExampleEncoder rows) {
        Progress progress = run.context().progress();
        run.corpus().report(studentRows.template(), progress);
        plan.sharedIds().ifPresent(same -> progress.note("teacher: compared over %s ids; left out are %s".formatted(
                same.ids().length, same.text())));
        RowCheck check = RowCheck.of(run.corpus(), rows);
        check.tell(config.longest(), MaxSeq.of(config, objective), progress);
        check.require(config.tooLongLimit(), config.tooLong(), config.longest());
        plan.sharedIds().ifPresent(check::requireShared);
    }

    private void checkModels(ExampleEncoder rows) {
        SanityCheck check = new SanityCheck(run.corpus(), rows, config.microTokens(), manager);
        check.student(student, switch (config.student()) {
            case StudentStart.Random ignored -> "student";
            case StudentStart.Architecture ignored -> "student";
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.Folder start -> start.path().toString();
            case StudentStart.LayersOf start -> start.path().toString();
        });
        for (int i = 0; i < teachers.decoders().size(); i++) {
            check.teacher(teachers.decoders().get(i), teachers.folders().get(i).toString(), run.context().progress());
        }
    }

    private void requireContext(ServedTeacher teacher) {
        if (teacher.context() > 0 && config.longest() - 1 > teacher.context()) {
            throw new ConfigException("max_seq",
                    "at most %s, the served teacher's context and the token predicted last".formatted(
                            teacher.context() + 1),
                    "%s".formatted(config.longest()), "write a smaller max_seq");
        }
    }

    /// A served teacher, where the config names one and the objective compares with it.
    private record Asked(Optional<ServedTeacher> teacher) implements AutoCloseable {
        static Asked of(Resolved run, ServedTeachers wire) {
            return new Asked(run.config().servedTeacher().filter(ignored -> run.objective().needsTeacher())
                    .map(config -> new ServedTeacher(opened(wire, config), config.topK(), run.tokenizer(),
                            new TeacherUse(run.folder()))));
        }

        private static DistributionModel opened(ServedTeachers wire, ServedTeacherConfig config) {
            try {
                return wire.open(config);
            } catch (InterruptedException stopped) {
                throw new RetryLaterException("training", "an answer of the teacher", "an interrupt before it came",
                        "run the same command");
            }
        }

        @Override
        public void close() {
            teacher.ifPresent(ServedTeacher::close);
        }
    }

    private void requireContext(String whose, Decoder decoder) {
        if (config.longest() - 1 > decoder.config().context()) {
            throw new ConfigException(
                    "max_seq",
                    "at most %s, %s context and the token predicted last".formatted(decoder.config().context() + 1,
                            whose),
                    "%s".formatted(config.longest()),
                    "write a smaller max_seq or take a model with a longer context");
        }
    }

    /// The student on another device, in the beginning.
    private Decoder again(NDManager there) {
        Decoder copy = Students.start(config, run.tokenizer(), special, there, run.compute().compute());
        FrozenWeights.freeze(config, copy);
        return copy;
    }

    private Optional<RolloutTools> tools() {
        return objective.rollout() instanceof Rollout.Student own
                ? own.tools().map(wanted -> RolloutTools.of(wanted, studentRows.template().get(), run.tokenizer()))
                : Optional.empty();
    }

    /// As many as steps are written ahead, with weights that are overwritten.
    private WeightCopies copies() {
        int wanted = objective.rollout() instanceof Rollout.Student own ? own.staleness() : 0;
        return new WeightCopies(manager, student, IntStream.range(0, wanted).mapToObj(copy ->
                Students.start(config, run.tokenizer(), special, manager, run.compute().compute())).toList());
    }

    /// Who writes ahead, where the objective lets text be old.
    private record RolloutQueue(Optional<RolloutsAhead> ahead) implements AutoCloseable {
        static RolloutQueue of(Objective objective, WeightCopies copies) {
            return new RolloutQueue(objective.rollout() instanceof Rollout.Student own && own.staleness() > 0
                    ? Optional.of(new RolloutsAhead(own.staleness(), copies::of)) : Optional.empty());
        }

        @Override
        public void close() {
            ahead.ifPresent(RolloutsAhead::close);
        }
    }

    /// What learns is copied, the rest is the student's own: of an adapter's training the start costs no second base.
    /// No checkpoint was read yet, whether the run begins or goes on.
    private StudentsStart start() {
        return new StudentsStart(objective.needsReference() || config.klToStart()
                ? Optional.of(student.asItIs(manager)) : Optional.empty());
    }

    /// The student as it was before the first step, where the objective reads it.
    private record StudentsStart(Optional<Decoder> decoder) implements AutoCloseable {
        @Override
        public void close() {
            decoder.ifPresent(Decoder::close);
        }
    }

    private static Map<String, NDArray> all(Map<String, NDArray> some, Map<String, NDArray> more) {
        Map<String, NDArray> both = new LinkedHashMap<>(some);
        both.putAll(more);
        return both;
    }
}
