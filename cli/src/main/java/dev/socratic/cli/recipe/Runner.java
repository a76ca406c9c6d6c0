package dev.socratic.cli.recipe;

import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.progress.LineProgress;
import dev.socratic.core.run.CodeVersion;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.RunFolder;
import dev.socratic.core.run.StageBody;
import dev.socratic.core.run.StagePlan;
import dev.socratic.core.run.StageResult;
import dev.socratic.core.text.TextModel;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.eval.EvalStage;
import dev.socratic.eval.report.Report;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateStage;
import dev.socratic.generator.TeacherConfig;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.prompts.PromptTemplate;
import dev.socratic.trainer.TrainConfig;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.store.LogitCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Runs a recipe in a folder: each stage if it has to, every stage saying why, rows and cost printed as it ends.
public final class Runner {
    private final Recipe recipe;
    private final Path root;
    private final Console console;
    private final Clock clock;
    private final int threads;
    private final Map<String, StageResult> results = new LinkedHashMap<>();

    /// @param root    the run's folder, made if needed
    /// @param threads processor threads; part of what a byte-equal result depends on
    public Runner(Recipe recipe, Path root, Console console, Clock clock, int threads) {
        this.recipe = recipe;
        this.root = root;
        this.console = console;
        this.clock = clock;
        this.threads = threads;
    }

    /// @param stages those that may run; the others are taken as they are
    /// @return the exit code
    public int run(Set<Stage> stages) throws InterruptedException {
        int code = ExitCode.DONE;
        try (RunFolder run = RunFolder.open(root)) {
            AtomicFiles.write(root.resolve("recipe.yaml"), ConfigWriter.yaml(recipe));
            if (recipe.generate().isPresent() && stages.contains(Stage.GENERATE)) {
                code = Math.max(code, generate(run, recipe.generate().get()));
            }
            if (recipe.curate().isPresent() && stages.contains(Stage.CURATE)) {
                curate(run, recipe.curate().get());
            }
            for (Chain.Link link : recipe.inOrder()) {
                switch (link) {
                    case Chain.Link.Store store when stages.contains(Stage.LOGITS) -> capture(run, store.capture());
                    case Chain.Link.Student student when stages.contains(Stage.TRAIN) -> train(run, student.config());
                    case Chain.Link.Store ignored -> { }
                    case Chain.Link.Student ignored -> { }
                }
            }
            if (recipe.eval().isPresent() && stages.contains(Stage.EVAL)) {
                evaluate(run, recipe.eval().get());
            }
            if (stages.contains(Stage.REPORT)) {
                Report.write(new ReportFacts(recipe, run).input(Memory.peakMegabytes()), ReportFacts.questions(run), root);
            }
        }
        return code;
    }

    private int generate(RunFolder run, GenerateConfig config) throws InterruptedException {
        askAgain(run);
        StageResult result = stage(run, "generate", config, new TreeMap<>(), new Class<?>[] {GenerateStage.class, LocalModel.class, PromptTemplate.class, Question.class}, context -> {
            try (TextModel teacher = Models.teacher(
                    config.teacher(), context.folder().resolve("cache"), console.environment(), config.seed(), threads)) {
                return GenerateStage.run(config, teacher, context);
            }
        });
        boolean over = Boolean.TRUE.equals(result.report().notes().get("over_reject_limit"));
        if (over) {
            console.talk("generate: more rows were rejected or failed than generate.reject_limit %s allows".formatted(config.rejectLimit()));
        }
        return over ? ExitCode.REJECTED : ExitCode.DONE;
    }

    /// Requests that failed for a passing reason are asked again by the next run, although nothing it depends on has changed: their file goes, so
    /// the stage is not whole, and its journal still has every answer that came.
    private void askAgain(RunFolder run) {
        long temporary = Optional.ofNullable(run.manifest().stages().get("generate"))
                .flatMap(Manifest.Stage::report)
                .map(report -> report.notes().get("temporary_failures"))
                .map(n -> ((Number) n).longValue())
                .orElse(0L);
        if (temporary > 0) {
            Path failed = run.folder("generate").resolve(GenerateStage.FAILED);
            try {
                Files.deleteIfExists(failed);
            } catch (IOException e) {
                throw IoProblems.writing(failed, e);
            }
            console.talk("generate: %s requests failed for a passing reason and are asked again".formatted(temporary));
        }
    }

    private void curate(RunFolder run, CurateConfig config) throws InterruptedException {
        Path answers = recipe.answers().orElse(run.folder("generate").resolve("answers.jsonl"));
        Path questions = run.folder("generate").resolve(GenerateStage.QUESTIONS);
        SortedMap<String, Path> inputs = new TreeMap<>(Map.of("answers", answers));
        Curation curation = new Curation(config, recipe.evaluationQuestions());
        stage(run, "curate", curation, inputs, new Class<?>[] {CurateStage.class, Question.class}, context ->
                CurateStage.run(curation, answers, Optional.of(questions).filter(Files::exists), context));
    }

    private void capture(RunFolder run, Capture store) throws InterruptedException {
        ExampleSource data = store.data().orElseGet(() -> corpus(run));
        String stage = "logits/" + store.name();
        Capture placed = store.of(data).from(model -> placed(run, stage, model));
        stage(run, stage, placed, new TreeMap<>(), new Class<?>[] {LogitCapture.class, LocalModel.class, Question.class}, context ->
                placed.run(data, console.environment(), context));
    }

    /// @return a model where it lies; a student of this recipe in its folder of the run
    private static ModelRef placed(RunFolder run, String stage, ModelRef model) {
        return switch (model) {
            case ModelRef.Folder folder -> folder;
            case ModelRef.Earlier earlier -> {
                Path folder = run.folder("train/" + earlier.name());
                if (!Files.exists(folder.resolve("config.json"))) {
                    throw new ConfigException(stage, "the student '%s' of this recipe as a teacher".formatted(earlier.name()), "none in " + folder,
                            "train it first: run the stage train too");
                }
                yield new ModelRef.Folder(folder);
            }
        };
    }

    private static ExampleSource corpus(RunFolder run) {
        return ExampleSource.File.of(run.folder("curate").resolve(CurateStage.TRAIN));
    }

    private void train(RunFolder run, TrainConfig config) throws InterruptedException {
        TrainConfig named = config.withTeachers(model -> placed(run, "train/" + config.name(), model));
        TrainConfig taught = named.withStores(store -> run.folder("logits/" + store));
        TrainConfig learning = taught.data().isPresent() ? taught : taught.withData(corpus(run));
        TrainConfig student = learning.student() instanceof StudentStart.Earlier earlier
                ? learning.withStudent(new StudentStart.Folder(run.folder("train/" + earlier.name())))
                : learning;
        stage(run, "train/" + config.name(), student, new TreeMap<>(), new Class<?>[] {TrainStage.class, LocalModel.class, Question.class}, context ->
                TrainStage.run(student, context));
    }

    private void evaluate(RunFolder run, Evaluation evaluation) throws InterruptedException {
        for (Map.Entry<String, Evaluation.Model> entry : evaluation.inOrder().entrySet()) {
            String name = entry.getKey();
            SortedMap<String, Path> inputs = new TreeMap<>();
            weights(run, entry.getValue()).ifPresent(folder -> inputs.putAll(Inputs.ofModel(folder)));
            stage(run, "eval/" + name, evaluation.config(), inputs, new Class<?>[] {EvalStage.class, LocalModel.class, PromptTemplate.class, Question.class}, context -> {
                try (TextModel model = open(run, entry.getValue(), evaluation.batch(), context.folder())) {
                    return EvalStage.run(evaluation.config(), name, model, context);
                }
            });
        }
    }

    private TextModel open(RunFolder run, Evaluation.Model model, int batch, Path folder) {
        return weights(run, model)
                .<TextModel>map(weights -> Models.weights(weights, batch, threads))
                .orElseGet(() -> Models.teacher(teacher(), folder.resolve("cache"), console.environment(), 0, threads));
    }

    /// @return the folder of local weights, or nothing for an endpoint
    private Optional<Path> weights(RunFolder run, Evaluation.Model model) {
        return switch (model) {
            case Evaluation.Model.Weights weights -> Optional.of(weights.path());
            case Evaluation.Model.Student student -> Optional.of(run.folder("train/" + student.name()));
            case Evaluation.Model.Teacher teacher -> teacher() instanceof TeacherConfig.Weights weights ? Optional.of(weights.path()) : Optional.empty();
        };
    }

    private TeacherConfig teacher() {
        return recipe.generate().orElseThrow(() -> new ConfigException(
                "eval.models", "a model of its own", "teacher, in a recipe without generate", "name its folder: {weights: {path: ...}}")).teacher();
    }

    private StageResult stage(
            RunFolder run, String name, Record config, SortedMap<String, Path> inputs, Class<?>[] code, StageBody body)
            throws InterruptedException {
        inputs.putAll(Inputs.of(config));
        StagePlan plan = StagePlan.of(name, ConfigWriter.tree(config), inputs, CodeVersion.of(code), threads);
        try (LineProgress progress = new LineProgress(console.err(), name, console.look(), clock)) {
            StageResult result = run.run(plan, progress, clock, body);
            results.put(name, result);
            progress.note("%s: %s".formatted(name, result.report().counts()));
            return result;
        }
    }
}
