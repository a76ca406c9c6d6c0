package dev.socratic.cli.recipe;

import dev.socratic.cli.benchmark.BenchmarkFolder;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.progress.LineProgress;
import dev.socratic.core.run.CodeVersion;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.RunFolder;
import dev.socratic.core.run.StagePlan;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.run.StageResult;
import dev.socratic.core.text.Batching;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.config.ScoreConfig;
import dev.socratic.curator.review.ReviewLog;
import dev.socratic.datasets.format.FileList;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.harness.SuiteRun;
import dev.socratic.eval.report.Report;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateStage;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.run.card.Card;
import dev.socratic.trainer.run.card.Lineage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Runs a recipe in a folder: each stage if it has to, every stage saying why, rows and cost printed as it ends.
public final class Runner {
    private final Recipe recipe;
    private final Path root;
    private final Console console;
    private final Clock clock;
    private final Work.Surroundings around;
    private boolean partial;

    /// @param root    the run's folder, made if needed
    /// @param threads processor threads; part of what a byte-equal result depends on
    /// @param compute where and in what numbers models run
    public Runner(Recipe recipe, Path root, Console console, Clock clock, int threads, Compute compute) {
        this(recipe, root, console, clock, threads, Computes.of(compute));
    }

    /// The same where the command line may have said it.
    public Runner(Recipe recipe, Path root, Console console, Clock clock, int threads, Computes computes) {
        this.recipe = recipe;
        this.root = root;
        this.console = console;
        this.clock = clock;
        this.around = new Work.Surroundings(console.environment(), threads, computes);
    }

    /// @param on whether stages go on with what an incomplete one before them has
    public Runner partial(boolean on) {
        this.partial = on;
        return this;
    }

    /// @param stages those that may run; the others are taken as they are
    /// @return the exit code
    public int run(Set<Stage> stages) throws InterruptedException {
        try (RunFolder run = RunFolder.open(root)) {
            AtomicFiles.write(root.resolve("recipe.yaml"), ConfigWriter.yaml(recipe));
            Stages ends = new Stages(run);
            if (recipe.generate().isPresent() && stages.contains(Stage.GENERATE)) {
                generate(ends, recipe.generate().get());
            }
            if (recipe.curate().isPresent() && stages.contains(Stage.CURATE) && ends.go()) {
                curate(ends, recipe.curate().get());
            }
            for (Chain.Link link : recipe.inOrder()) {
                switch (link) {
                    case Chain.Link.Store store when stages.contains(Stage.LOGITS) && ends.go() ->
                        capture(ends, store.capture());
                    case Chain.Link.Student student when stages.contains(Stage.TRAIN) && ends.go() ->
                        train(ends, student.config());
                    case Chain.Link.Store ignored -> { }
                    case Chain.Link.Student ignored -> { }
                }
            }
            if (recipe.eval().isPresent() && stages.contains(Stage.EVAL) && ends.go()) {
                evaluate(ends, recipe.eval().get());
            }
            if (stages.contains(Stage.TRAIN) || stages.contains(Stage.EVAL)) {
                recipe.train().forEach(student -> tellOfTheRun(run, student));
            }
            if (stages.contains(Stage.REPORT)) {
                Report.write(new ReportFacts(recipe, run).input(), ReportFacts.questions(run), root);
            }
            return ends.code;
        }
    }

    /// How the stages ended so far.
    private final class Stages {
        private final RunFolder run;
        private int code = ExitCode.DONE;
        private boolean stopped;

        Stages(RunFolder run) {
            this.run = run;
        }

        /// @return whether the stages that stand on those before may run
        boolean go() {
            return !stopped || partial;
        }

        StageResult run(Work work) throws InterruptedException {
            Compute compute = work.compute(around);
            Basis basis = Basis.of(work).in(compute);
            StagePlan plan = new StagePlan(
                    work.stage(), basis.config(), basis.inputs(), CodeVersion.of(work.code().toArray(Class<?>[]::new)),
                    basis.seeds(), Versions.all(compute), around.threads());
            try (LineProgress progress = new LineProgress(console.err(), work.stage(), console.look(), clock)) {
                StageResult result = run.run(plan, progress, clock, context -> work.run(context, around, compute));
                progress.note("%s: %s".formatted(work.stage(), result.report().counts()));
                ended(work, result.report());
                return result;
            }
        }

        private void ended(Work work, StageReport report) {
            String stage = work.stage();
            Counts counts = report.counts();
            if (report.incomplete().isPresent()) {
                lost(stage + ": incomplete: " + report.incomplete().get()
                        + (partial ? "" : ", or go on with what there is: --partial"));
            } else if (counts.kept() == 0 && (counts.in() > 0 || work instanceof Work.Curate)) {
                lost(stage + ": nothing usable came out: " + counts + first(report));
            } else if (counts.failed() > work.failedLimit() * counts.in()) {
                tooMany(stage + ": " + (2 * counts.failed() > counts.in()
                        ? "most rows failed: "
                        : "more rows failed than " + stage + ".failed_limit allows: ") + counts + first(report));
            } else if (counts.failed() > 0) {
                first(report, counts);
            }
        }

        /// Some rows failed, fewer than the limit.
        private void first(StageReport report, Counts counts) {
            String first = first(report);
            if (!first.isEmpty()) {
                console.talk("%s of %s rows failed%s".formatted(counts.failed(), counts.in(), first));
            }
        }

        /// The stages behind go on, and the exit code says it.
        private void tooMany(String line) {
            code = ExitCode.NOT_WHOLE;
            console.talk(line);
        }

        private static String first(StageReport report) {
            Object problem = report.notes().getOrDefault("first_problem", report.notes().get("first_failure"));
            return problem == null ? "" : "; the first: " + problem;
        }

        private void lost(String line) {
            code = ExitCode.NOT_WHOLE;
            stopped = true;
            console.talk(line);
        }
    }

    private void generate(Stages ends, GenerateConfig config) throws InterruptedException {
        StageResult result = ends.run(new Work.Generate(config, recipe.played()));
        Object share = result.report().notes().getOrDefault("reject_share", 0);
        if (share instanceof Number lost && lost.doubleValue() > config.rejectLimit()) {
            ends.tooMany("generate: more rows were rejected or failed than generate.reject_limit %s allows"
                    .formatted(config.rejectLimit()));
        }
    }

    private void curate(Stages ends, CurateConfig config) throws InterruptedException {
        List<Path> answers = recipe.answers().map(FileList::paths)
                .orElseGet(() -> List.of(ends.run.folder(GenerateStage.NAME).resolve(GenerateStage.ANSWERS)));
        Path questions = ends.run.folder(GenerateStage.NAME).resolve(GenerateStage.QUESTIONS);
        Path reviewed = ends.run.folder("review").resolve(ReviewLog.FILE);
        Curation plain = new Curation(BenchmarkFolder.from(console.environment()).in(config),
                recipe.evaluationQuestions());
        Curation curation = Files.exists(reviewed) ? plain.reviewed(reviewed) : plain;
        boolean counted = config.steps().stream().anyMatch(step -> step instanceof ScoreConfig.PassRate rate
                && rate.samples().isEmpty());
        Stream<Path> rejected = recipe.answers().isPresent() ? Stream.of()
                : Stream.of(ends.run.folder(GenerateStage.NAME).resolve(GenerateStage.REJECTED)).filter(Files::exists);
        List<Path> samples = counted ? Stream.concat(answers.stream(), rejected).toList() : List.of();
        ends.run(new Work.Curate(curation, answers, Optional.of(questions).filter(Files::exists), samples,
                recipe.asked()));
    }

    private void capture(Stages ends, Capture store) throws InterruptedException {
        ExampleSource data = store.data().orElseGet(() -> corpus(ends.run));
        Capture placed = store.of(data).from(model -> placed(ends.run, "logits/" + store.name(), model));
        ends.run(new Work.Logits(placed, data));
    }

    /// @return a model where it lies; a student of this recipe in its folder of the run
    private static ModelRef placed(RunFolder run, String stage, ModelRef model) {
        return switch (model) {
            case ModelRef.Folder folder -> folder;
            case ModelRef.Earlier earlier -> new ModelRef.Folder(student(run, stage, earlier.name(), "a teacher"));
            case ModelRef.Self itself -> itself;
        };
    }

    private static Path student(RunFolder run, String stage, String name, String as) {
        Path folder = run.folder("train/" + name);
        if (!Files.exists(folder.resolve("config.json"))) {
            throw new ConfigException(
                    stage, "the student '%s' of this recipe as %s".formatted(name, as), "none in " + folder,
                    "train it first: run the stage train too");
        }
        return folder;
    }

    private static ExampleSource corpus(RunFolder run) {
        return ExampleSource.File.of(run.folder("curate").resolve(CurateStage.TRAIN));
    }

    private void train(Stages ends, TrainConfig config) throws InterruptedException {
        RunFolder run = ends.run;
        TrainConfig named = config.withTeachers(model -> placed(run, "train/" + config.name(), model));
        TrainConfig taught = named.withStores(store -> run.folder("logits/" + store));
        TrainConfig learning = taught.data().isPresent() ? taught : taught.withData(corpus(run));
        TrainConfig student = learning.student() instanceof StudentStart.Earlier earlier
                ? learning.withStudent(new StudentStart.Folder(run.folder("train/" + earlier.name())))
                : learning;
        boolean generated = config.data().isEmpty() && recipe.answers().isEmpty();
        List<Lineage.Model> taughtBy = Stream.concat(
                recipe.generate().stream().map(GenerateConfig::teacher), recipe.played().values().stream())
                .filter(teacher -> generated)
                .map(teacher -> switch (teacher) {
                    case TeacherConfig.Weights weights -> Lineage.Model.of(weights.path());
                    case TeacherConfig.Endpoint endpoint -> new Lineage.Model(endpoint.model(), Optional.empty());
                })
                .toList();
        ends.run(new Work.Train(student, new Lineage(Optional.empty(), taughtBy, List.of(), List.of()),
                recipe.eval().flatMap(evaluation -> evaluation.live(student.evaluate()))));
    }

    private void evaluate(Stages ends, Evaluation evaluation) throws InterruptedException {
        for (Map.Entry<String, Evaluation.Model> entry : evaluation.inOrder().entrySet()) {
            Work.Examined model = examined(ends.run, entry.getKey(), entry.getValue(), evaluation);
            StageResult result = ends.run(new Work.Evaluate(evaluation.config(), entry.getKey(), model,
                    SuiteRun.files(evaluation.suites()), recipe.judges()));
            boolean whole = result.report().incomplete().isEmpty();
            if (whole) {
                contamination(ends.run, "eval/" + entry.getKey());
            }
            if (whole && entry.getValue() instanceof Evaluation.Model.Student student) {
                Path evaluated = ends.run.folder("eval/" + entry.getKey());
                tellOnCard(ends.run, student.name(), evaluated);
                SavedSamples.onOtherScales(evaluated).forEach(task -> console.talk("socratic: not on the card of "
                        + student.name() + ", its figures stand in results_*.json: " + task));
            }
        }
    }

    /// What the students of this run learn from is known here, and what was asked: how much of the one is in the other.
    private void contamination(RunFolder run, String stage) {
        Optional.ofNullable(run.manifest().stages().get("curate"))
                .filter(entry -> entry.state() == Manifest.State.DONE)
                .flatMap(entry -> Optional.ofNullable(entry.outputs().get(CurateStage.TRAIN)))
                .ifPresent(hash -> Contamination.tell(run, stage, run.folder("curate").resolve(CurateStage.TRAIN), hash)
                        .forEach(console::talk));
    }

    /// A student's folder travels without its run: what it was found to be able to do goes with it.
    private static void tellOnCard(RunFolder run, String student, Path evaluation) {
        Path card = run.folder("train/" + student).resolve("README.md");
        List<Lineage.Figure> figures = SavedSamples.ofFolder(evaluation).entrySet().stream()
                .map(task -> new Lineage.Figure(task.getKey(), figure(task.getValue())))
                .toList();
        String text = RegularFiles.text(card);
        String told = Card.evaluated(text, figures);
        if (!told.equals(text)) {
            run.rewrite("train/" + student, "README.md", told);
        }
    }

    /// Teachers, sources, filters, scores beside base and teacher, and costs are the run's to tell.
    private void tellOfTheRun(RunFolder run, TrainConfig student) {
        String stage = "train/" + student.name();
        Optional<Manifest.Stage> made = Optional.ofNullable(run.manifest().stages().get(stage))
                .filter(entry -> entry.state() == Manifest.State.DONE && entry.outputs().containsKey("README.md"));
        Path card = run.folder(stage).resolve("README.md");
        if (made.isPresent() && Files.exists(card)) {
            String text = RegularFiles.text(card);
            String told = RunCard.told(text, recipe, run, student);
            if (!told.equals(text)) {
                run.rewrite(stage, "README.md", told);
            }
        }
    }

    private static String figure(SavedSamples samples) {
        return String.format(
                Locale.ROOT, "%.1f %% right [%.1f, %.1f] of %d, %d cut off", 100 * samples.accuracy(),
                100 * samples.ci95().low(), 100 * samples.ci95().high(), samples.size(), samples.truncated());
    }

    private Work.Examined examined(RunFolder run, String name, Evaluation.Model model, Evaluation evaluation) {
        int batch = evaluation.batch();
        Optional<Batching> batching = evaluation.batching();
        return switch (model) {
            case Evaluation.Model.Weights weights -> new Work.Examined.Weights(
                    weights.path(), batch, weights.weights(), weights.device(), weights.dtype(), batching);
            case Evaluation.Model.Student student ->
                new Work.Examined.Weights(student(run, "eval/" + name, student.name(), "a model to evaluate"), batch,
                        Optional.empty(), student.device(), student.dtype(), batching);
            case Evaluation.Model.Endpoint endpoint -> new Work.Examined.Endpoint(endpoint.asked());
            case Evaluation.Model.Teacher teacher -> switch (teacher()) {
                case TeacherConfig.Weights weights ->
                        new Work.Examined.Weights(weights.path(), batch, weights.weights(),
                                weights.device(), weights.dtype(), batching);
                case TeacherConfig.Endpoint endpoint -> new Work.Examined.Endpoint(endpoint);
            };
        };
    }

    private TeacherConfig teacher() {
        return recipe.generate()
                .orElseThrow(() -> new ConfigException(
                        "eval.models", "a model of its own", "teacher, in a recipe without generate",
                        "name its folder: {weights: {path: ...}}"))
                .teacher();
    }
}
