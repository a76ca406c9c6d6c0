package dev.socratic.cli.recipe;

import dev.socratic.cli.benchmark.BenchmarkFolder;
import dev.socratic.core.config.Parts;
import dev.socratic.core.config.Parts.Part;
import dev.socratic.core.config.Places;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.curator.CurateStage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Exchanges;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.eval.harness.SuiteRun;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.constrain.Grammar;
import dev.socratic.models.embed.SentenceConfig;
import dev.socratic.models.generate.GenerationConfig;
import dev.socratic.trainer.config.ModelRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One look at all that a recipe names, before the first request is sent and the first file written: it is there, it
/// is what it is taken for, it fits.
///
/// `run`, the commands of one stage and `--dry-run` share it, so what a dry run says is what a run would say. It reads
/// the first rows of files and the
/// headers of weights, sends nothing, writes nothing and takes seconds. Files, prompts, objectives and endpoints are
/// found by walking through the
/// config ([Parts]), so a new step or source that names one is looked at without a line here.
public final class Preflight {
    private final Recipe recipe;
    private final Path root;
    private final Set<Stage> stages;
    private final Map<String, String> environment;
    private final Findings findings;
    private final RowsCheck rows;
    private final PromptCheck prompts;

    private Preflight(Recipe recipe, Path root, Set<Stage> stages, Map<String, String> environment, Findings findings) {
        this.recipe = recipe;
        this.root = root;
        this.stages = stages;
        this.environment = environment;
        this.findings = findings;
        this.rows = new RowsCheck(findings);
        this.prompts = new PromptCheck(findings);
    }

    /// @param root        the run's folder
    /// @param stages      that are to run; what only the others read is not looked at
    /// @param environment where keys may be
    /// @param places      where the recipe's parts are written
    /// @param threads     processor threads
    /// @param computes    where and in what numbers models run
    /// @param rehearsal   whether nothing is to run, so that a key may be absent
    public static Findings check(
            Recipe recipe, Path root, Set<Stage> stages, Map<String, String> environment, Places places, int threads,
                    Computes computes, boolean rehearsal) {
        Findings findings = new Findings(places);
        Preflight look = new Preflight(recipe, root, stages, environment, findings);
        try (ModelCheck models = new ModelCheck(findings)) {
            IoProblems.hindrance(root).ifPresent(found -> findings.problem("", found));
            if (threads > Runtime.getRuntime().availableProcessors()) {
                findings.warn("",
                        ("--threads %s on a machine with %s processors is slower, and its bytes are those of %s "
                                + "threads").formatted(
                        threads, Runtime.getRuntime().availableProcessors(), threads));
            }
            places.formerNames().forEach(name -> findings.warn("", name.toString()));
            new DeviceCheck(recipe, stages, computes, findings).run();
            look.parts(rehearsal);
            look.generate(models);
            look.asked().forEach((name, model) -> {
                if (recipe.embedders().contains(name)) {
                    look.embedder("models." + name, model);
                } else {
                    look.opened("models." + name, model, models);
                }
            });
            recipe.licences().look(recipe, findings);
            look.earlierStages(rehearsal);
            MachineCheck machine = new MachineCheck(findings, root);
            TrainCheck training = new TrainCheck(recipe, models, findings, root, stages, machine,
                    computes.all());
            if (stages.contains(Stage.LOGITS)) {
                training.captures();
            }
            if (stages.contains(Stage.TRAIN)) {
                training.students();
            }
            look.evaluate(models, machine);
        }
        return findings;
    }

    /// Everything that is looked at wherever it stands.
    private void parts(boolean rehearsal) {
        recipe.generate().filter(ignored -> stages.contains(Stage.GENERATE))
                .ifPresent(config -> parts(config, "generate", rehearsal));
        recipe.curate().filter(ignored -> stages.contains(Stage.CURATE))
                .ifPresent(config -> parts(config, "curate", rehearsal));
        asked().forEach((name, model) -> parts((Record) model, "models." + name, rehearsal));
        if (stages.contains(Stage.LOGITS)) {
            for (int i = 0; i < recipe.logits().size(); i++) {
                parts(recipe.logits().get(i), "logits[%s]".formatted(i), rehearsal);
            }
        }
        if (stages.contains(Stage.TRAIN)) {
            for (int i = 0; i < recipe.train().size(); i++) {
                parts(recipe.train().get(i), "train[%s]".formatted(i), rehearsal);
            }
        }
        recipe.eval().filter(ignored -> stages.contains(Stage.EVAL))
                .ifPresent(config -> parts(config, "eval", rehearsal));
    }

    /// @return whom the stages that are to run ask by name
    private Map<String, TeacherConfig> asked() {
        Map<String, TeacherConfig> asked = new TreeMap<>();
        asked.putAll(stages.contains(Stage.GENERATE) ? recipe.played() : Map.of());
        asked.putAll(stages.contains(Stage.CURATE) ? recipe.asked() : Map.of());
        asked.putAll(stages.contains(Stage.EVAL) ? recipe.judges() : Map.of());
        return asked;
    }

    /// A folder says how its states become a vector, or it is none of an embedder.
    private void embedder(String path, TeacherConfig asked) {
        if (asked instanceof TeacherConfig.Weights weights && !SentenceConfig.isOf(weights.path())) {
            findings.problem(path + ".weights.path", "a folder of a sentence encoder, with modules.json",
                    "'%s'".formatted(weights.path()),
                    "fetch one: socratic pull sentence-transformers/all-MiniLM-L6-v2");
        }
    }

    private void opened(String path, TeacherConfig asked, ModelCheck models) {
        switch (asked) {
            case TeacherConfig.Weights weights -> models.whole(path + ".weights.path", weights.path());
            case TeacherConfig.Endpoint ignored -> { } // its key is looked at with all other parts
        }
    }

    private void parts(Record config, String path, boolean rehearsal) {
        for (Part part : Parts.of(config, path)) {
            switch (part.value()) {
                case QuestionSource.File file when rows.file(part.path() + ".path", file.path(),
                        "a file of questions") ->
                    rows.first(part.path(), RowsCheck.QUESTION, 1, bad -> file.open(bad, 0));
                case QuestionSource.Split split when split.source() instanceof QuestionSource.WordProblems ->
                    rows.first(part.path(), RowsCheck.QUESTION, 1, bad -> split.open(bad, 0));
                case ExampleSource.File file when rows.file(part.path() + ".path", file.path(), "a file of rows") ->
                    rows.first(part.path(), "conversation or text", 1, bad -> file.open(bad, 0));
                case QuestionSource.Benchmark benchmark -> {
                    try {
                        BenchmarkFolder.from(environment).questions(part.path(), benchmark.name());
                    } catch (SocraticException refused) {
                        findings.problem(part.path(), refused);
                    }
                }
                case TeacherConfig.Endpoint endpoint -> {
                    key(part.path(), endpoint, rehearsal);
                    cache(part.path(), endpoint);
                }
                default -> prompts.named(part);
            }
        }
    }

    private void cache(String path, TeacherConfig.Endpoint endpoint) {
        if (!endpoint.cache() && !path.startsWith("logits")) {
            findings.warn(path + ".cache", "answers are kept in the run's folder asked/ whatever this says, so that "
                    + "none is paid for twice; leave it out, and delete asked/ to ask anew");
        }
    }

    private void key(String path, TeacherConfig.Endpoint endpoint, boolean rehearsal) {
        endpoint.keyEnv().filter(variable -> environment.getOrDefault(variable, "").isBlank()).ifPresent(variable -> {
            if (rehearsal) {
                findings.warn(path + ".key_env",
                        "the environment variable %s is not set; a run needs it: export %1$s=...".formatted(variable));
            } else {
                findings.problem(path + ".key_env", "an environment variable that holds the endpoint's key",
                        "'%s', which is not set".formatted(variable),
                                "export %s=... and run again".formatted(variable));
            }
        });
    }

    private void generate(ModelCheck models) {
        if (recipe.generate().isEmpty() || !stages.contains(Stage.GENERATE)) {
            return;
        }
        GenerateConfig config = recipe.generate().get();
        Optional<Question> first = first(config.questions());
        prompts.strategy(config.strategy());
        Optional<List<dev.socratic.core.text.ChatMessage>> messages =
                first.flatMap(question -> prompts.messages("generate", config.prompt(), config.fewShot(), question));
        teacher("generate.teacher", config.teacher(), config.sampling().maxTokens(), messages, models);
        if (config.teacher() instanceof TeacherConfig.Weights weights) {
            recommended(weights.path(), config.sampling().sampling());
            constrained("generate.sampling.constrain", config.sampling());
        }
    }

    /// What local weights cannot obey is said before any is asked.
    private void constrained(String place, GenerationParameters parameters) {
        try {
            parameters.constrain().ifPresent(Grammar::of);
        } catch (DataException refused) {
            findings.problem(place, refused);
        }
    }

    /// A model's makers know at which temperature it thinks best; whoever draws otherwise may not know that they do.
    private void recommended(Path folder, Sampling sampling) {
        GenerationConfig.recommended(folder).filter(wanted -> !wanted.equals(sampling)).ifPresent(wanted ->
                findings.warn("generate.sampling", "drawn with %s; the model's generation_config.json recommends %s"
                        .formatted(words(sampling), words(wanted))));
    }

    private static String words(Sampling sampling) {
        StringBuilder words = new StringBuilder("temperature %s, top_p %s, top_k %s, min_p %s".formatted(
                sampling.temperature(), sampling.topP(), sampling.topK(), sampling.minP()));
        sampling.further().forEach((name, value) -> {
            if (!name.equals("top_k") && !name.equals("min_p")) {
                words.append(", ").append(name).append(' ').append(value);
            }
        });
        return words.toString();
    }

    private void teacher(
            String path, TeacherConfig teacher, int maxTokens,
                    Optional<List<dev.socratic.core.text.ChatMessage>> messages, ModelCheck models) {
        if (teacher instanceof TeacherConfig.Weights weights) {
            String place = path + ".weights.path";
            models.whole(place, weights.path()).ifPresent(shape -> room(place, weights.path(), shape,
                    path.replaceFirst("\\..*", "") + ".sampling.max_tokens", maxTokens, messages, models));
            weights.draft().ifPresent(draft -> models.whole(path + ".weights.draft.path", draft.path()));
        }
    }

    /// Whether prompt and answer have room in the model's context.
    private void room(
            String path, Path folder, ModelCheck.Shape shape, String limit, int maxTokens,
                    Optional<List<dev.socratic.core.text.ChatMessage>> messages,
            ModelCheck models) {
        messages.map(prompt -> models.tokens(path, folder, prompt)).filter(java.util.OptionalInt::isPresent)
                .ifPresent(tokens -> {
            int prompt = tokens.getAsInt();
            int room = shape.context() - prompt;
            if (room < 1) {
                findings.problem(path, "a context with room for the first prompt of %s tokens and an answer".formatted(
                        prompt), "%s".formatted(shape.context()),
                        "take a model with a longer context, or a shorter prompt or fewer examples");
            } else if (room < maxTokens) {
                findings.warn(limit,
                        ("%s new tokens at most, but behind the first prompt of %s the context of %s has room "
                                + "for %s: longer answers are cut off").formatted(
                        maxTokens, prompt, shape.context(), room));
            }
        });
    }

    private Optional<Question> first(QuestionSource source) {
        Findings told = new Findings(Places.none()); // what is wrong with the files is told already
        return new RowsCheck(told).first("", RowsCheck.QUESTION, 1, bad -> source.open(bad, 0)).stream().findFirst();
    }

    /// What stages that run read of stages that do not.
    ///
    /// The rows of answers are looked at in a rehearsal only: a run reads them at once, before anything is paid, and
    /// keeps each bad one.
    private void earlierStages(boolean rehearsal) {
        if (stages.contains(Stage.CURATE) && recipe.curate().isPresent()) {
            recipe.answers().ifPresent(files -> files.paths().stream()
                    .filter(file -> rows.file("answers", file, "a file of answers") && rehearsal)
                    .forEach(file -> rows.first("answers", "row of a conversation", 1,
                            bad -> Exchanges.open(recipe.curate().get().source(file), bad))));
            if (recipe.answers().isEmpty() && !stages.contains(Stage.GENERATE)) {
                made(Stage.GENERATE, root.resolve("generate/answers.jsonl"), "the answers of an earlier run");
            }
        }
        boolean corpus = stages.contains(Stage.TRAIN)
                && recipe.train().stream().anyMatch(student -> student.data().isEmpty())
                || stages.contains(Stage.LOGITS) && recipe.logits().stream().anyMatch(store -> store.data().isEmpty());
        if (corpus && !stages.contains(Stage.CURATE)) {
            made(Stage.CURATE, root.resolve("curate").resolve(CurateStage.TRAIN), "the corpus of an earlier run");
        }
        if (stages.contains(Stage.TRAIN) && !stages.contains(Stage.LOGITS)) {
            recipe.train().stream().flatMap(student -> student.capturedStores().stream()).distinct().forEach(store ->
                    made(Stage.LOGITS, root.resolve("logits").resolve(store).resolve("header.json"),
                            "the store '%s' of an earlier run".formatted(store)));
        }
        if (stages.contains(Stage.LOGITS) && !stages.contains(Stage.TRAIN)) {
            recipe.logits().stream().flatMap(store -> store.teacher().stream()).forEach(teacher -> {
                if (teacher instanceof ModelRef.Earlier earlier) {
                    trained(earlier.name());
                }
            });
        }
        if (stages.contains(Stage.EVAL) && !stages.contains(Stage.TRAIN)) {
            recipe.eval().ifPresent(evaluation -> evaluation.students().forEach(this::trained));
        }
    }

    private void trained(String student) {
        made(Stage.TRAIN, root.resolve("train").resolve(student).resolve("config.json"),
                "the student '%s', trained".formatted(student));
    }

    private void made(Stage by, Path file, String what) {
        if (!Files.exists(file)) {
            String stage = by.name().toLowerCase(java.util.Locale.ROOT);
            findings.problem("", new Problem(file.toString(), what, "none there",
                    "run the stage %s first: --from %s instead of --only or a later --from".formatted(stage, stage)));
        }
    }

    private void evaluate(ModelCheck models, MachineCheck machine) {
        if (recipe.eval().isEmpty() || !stages.contains(Stage.EVAL)) {
            return;
        }
        Evaluation evaluation = recipe.eval().get();
        suites(evaluation);
        if (evaluation.tasks().isEmpty()) {
            evaluation.inOrder().forEach((name, model) ->
                    model(name, model, "eval.suites", 1, Optional.empty(), models, machine));
        }
        for (int i = 0; i < evaluation.tasks().size(); i++) {
            EvalTask task = evaluation.tasks().get(i);
            String path = "eval.tasks[%s]".formatted(i);
            if (!evaluation.models().values().stream().allMatch(Evaluation.Model.Endpoint.class::isInstance)) {
                constrained(path + ".constrain", task.generation());
            }
            Optional<Question> question = gold(path, task);
            Optional<List<dev.socratic.core.text.ChatMessage>> messages =
                    question.flatMap(one -> prompts.messages(path, task.prompt(), task.fewShot(), one));
            evaluation.inOrder().forEach((name, model) ->
                    model(name, model, path + ".max_tokens", task.generation().maxTokens(), messages, models, machine));
        }
    }

    /// Names, files, keys and templates of the tasks, and whether their data are here; what is in them shows when they
    /// are made ready, and in a rehearsal.
    private void suites(Evaluation evaluation) {
        for (int i = 0; i < evaluation.suites().size(); i++) {
            String path = "eval.suites[%s]".formatted(i);
            try {
                SuiteRun.problems(evaluation.suites().get(i)).forEach(problem -> findings.problem(path, problem));
            } catch (SocraticException refused) {
                findings.problem(path, refused);
            }
        }
    }

    private Optional<Question> gold(String path, EvalTask task) {
        Optional<Question> first = first(task.questions());
        return first.isEmpty() ? first : rows.withGold(path + ".questions", bad -> task.questions().open(bad, 0));
    }

    private void model(
            String name, Evaluation.Model model, String limit, int maxTokens,
                    Optional<List<dev.socratic.core.text.ChatMessage>> messages, ModelCheck models,
            MachineCheck machine) {
        String path = "eval.models." + name;
        switch (model) {
            case Evaluation.Model.Weights weights ->
                    models.whole(path + ".weights.path", weights.path()).ifPresent(shape -> {
                machine.weights(path, shape.parameters());
                room(path + ".weights.path", weights.path(), shape, limit, maxTokens, messages, models);
            });
            case Evaluation.Model.Student ignored -> { }
            case Evaluation.Model.Endpoint ignored -> { } // its key is looked at with all other parts
            case Evaluation.Model.Teacher ignored -> {
                if (recipe.generate().isEmpty()) {
                    findings.problem(path, "a model of its own", "teacher, in a recipe without generate",
                            "name its folder: {weights: {path: ...}}");
                } else if (!stages.contains(Stage.GENERATE)) {
                    teacher("generate.teacher", recipe.generate().get().teacher(), maxTokens, messages, models);
                }
            }
        }
    }
}
