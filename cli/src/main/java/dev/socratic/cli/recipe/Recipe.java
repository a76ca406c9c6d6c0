package dev.socratic.cli.recipe;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.FileName;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.curator.config.ScoreConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.datasets.format.FileList;
import dev.socratic.eval.judged.JudgedTask;
import dev.socratic.eval.judged.Judging;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.strategy.Strategy;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.trainer.config.TrainConfig;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A whole run as data. Every part may be left out; what is there runs in this order and meets in the run's folder.
///
/// @param name     names the run's folder unless the command line does
/// @param generate ask a teacher
/// @param answers  answers to curate, for a recipe that does not generate its own: `a.jsonl`, or `{files: [a.jsonl,
///                 b.csv]}`
/// @param curate   choose what is learned from; reads `generate/answers.jsonl`, or `answers`
/// @param logits   stores of a teacher's distributions, each over `curate/train.jsonl` unless it has `data`; those of
///                 a student come right behind it
/// @param train    students, one after another; one without `data` learns from `curate/train.jsonl`. A student may
///                 start from one before it, and be taught by one: a chain of assistants
/// @param eval     put the models through tasks; the report compares them
/// @param compute  on which device, in what numbers
/// @param licences what happens where a teacher's terms forbid training on what it writes: `warn`, `refuse` or `ignore`
/// @param energy   what an hour of the machine takes, for the costs on a student's card
/// @param models   whom the strategy of `generate`, the steps of `curate` and the judged tasks of `eval` ask, by the
///                 name they have there: local weights or an endpoint, written as a teacher is
public record Recipe(
        String name,
        Optional<GenerateConfig> generate,
        Optional<FileList> answers,
        Optional<CurateConfig> curate,
        @Default("[]") List<Capture> logits,
        @Default("[]") List<TrainConfig> train,
        Optional<Evaluation> eval,
        @Default("{}") ComputeConfig compute,
        @Default("warn") LicenceCheck licences,
        @Default("{}") EnergyConfig energy,
        @Default("{}") Map<String, TeacherConfig> models) {
    public Recipe {
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        models.keySet().forEach(called -> FileName.checked("models", called));
        checkModels(curate, models);
        checkRoles(generate, models);
        checkJudged(eval, models);
        logits = List.copyOf(logits);
        train = List.copyOf(train);
        FileName.checked("name", name);
        if (curate.isPresent() && generate.isPresent() == answers.isPresent()) {
            throw new IllegalArgumentException(
                    "curate: reads the answers of generate or the file answers; give one of the two");
        }
        if (generate.isPresent() && curate.filter(CurateConfig::readsOtherLayouts).isPresent()) {
            throw new IllegalArgumentException("curate: layout and fields say how answers of your own are named, and "
                    + "generate "
                    + "writes rows of its own; got both; remove layout and fields, or name a file under answers");
        }
        Set<String> stores = new HashSet<>();
        for (Capture capture : logits) {
            if (!stores.add(capture.name())) {
                throw new IllegalArgumentException(
                        "logits: every store needs a name of its own; got '%s' twice".formatted(capture.name()));
            }
        }
        Set<String> names = new HashSet<>();
        for (TrainConfig student : train) {
            if (!names.add(student.name())) {
                throw new IllegalArgumentException(
                        "train: every student needs a name of its own; got '%s' twice".formatted(student.name()));
            }
        }
        new Chain(logits, train);
        if (curate.isEmpty() && logits.stream().anyMatch(capture -> capture.data().isEmpty())) {
            throw new IllegalArgumentException(
                    "logits: a store without data is captured from the curated corpus; add curate, or give it data");
        }
        boolean corpusNeeded = train.stream().anyMatch(student -> student.data().isEmpty());
        if (corpusNeeded && curate.isEmpty()) {
            throw new IllegalArgumentException(
                    "train: a student without data learns from the curated corpus; add curate, or give it data");
        }
        train.forEach(student -> checkTasks(student, eval));
        eval.ifPresent(evaluation -> checkOnce(evaluation, generate));
        eval.ifPresent(evaluation -> evaluation.models().forEach((called, model) -> {
            if (model instanceof Evaluation.Model.Student student && !names.contains(student.name())) {
                throw new IllegalArgumentException(
                        "eval.models.%s.student: a student that this recipe trains; got '%s'; %s".formatted(
                        called, student.name(), Spelling.remedy(student.name(), names)));
            }
        }));
    }

    /// A recipe that leaves the device to the command line.
    public Recipe(
            String name, Optional<GenerateConfig> generate, Optional<FileList> answers,
            Optional<CurateConfig> curate, List<Capture> logits, List<TrainConfig> train, Optional<Evaluation> eval) {
        this(name, generate, answers, curate, logits, train, eval, ComputeConfig.AUTO, LicenceCheck.WARN,
                EnergyConfig.UNKNOWN, Map.of());
    }

    /// A curation of files alone.
    public static Recipe curating(FileList answers, CurateConfig curate, Map<String, TeacherConfig> models) {
        return new Recipe("curate", Optional.empty(), Optional.of(answers), Optional.of(curate), List.of(), List.of(),
                Optional.empty(), ComputeConfig.AUTO, LicenceCheck.WARN, EnergyConfig.UNKNOWN, models);
    }

    /// An evaluation alone.
    public static Recipe evaluating(Evaluation evaluation, Map<String, TeacherConfig> models) {
        return new Recipe("eval", Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(),
                Optional.of(evaluation), ComputeConfig.AUTO, LicenceCheck.WARN, EnergyConfig.UNKNOWN, models);
    }

    /// Steps ask whom the recipe names, and score by local weights.
    private static void checkModels(Optional<CurateConfig> curate, Map<String, TeacherConfig> models) {
        List<StepConfig> steps = curate.map(CurateConfig::steps).orElse(List.of());
        for (int i = 0; i < steps.size(); i++) {
            String place = "curate.steps[%s]".formatted(i);
            StepConfig step = steps.get(i);
            Stream.concat(step.models().stream(), step.embedders().stream()).distinct().sorted().forEach(asked -> {
                if (!models.containsKey(asked)) {
                    throw new IllegalArgumentException("%s: a model of this recipe's models; got '%s'; %s"
                            .formatted(place, asked, models.isEmpty()
                                    ? "add models: {%s: {weights: {path: FOLDER}}}".formatted(asked)
                                    : Spelling.remedy(asked, models.keySet())));
                }
                if (step instanceof ScoreConfig score && score.needsWeights()
                        && models.get(asked) instanceof TeacherConfig.Endpoint) {
                    throw new IllegalArgumentException(("%s: local weights, which score text; got the endpoint "
                            + "'%s'; write models: {%s: {weights: {path: FOLDER}}}")
                            .formatted(place, asked, asked));
                }
            });
        }
    }

    /// Whoever plays a role of the strategy is the teacher or one of the recipe's models.
    private static void checkRoles(Optional<GenerateConfig> generate, Map<String, TeacherConfig> models) {
        generate.map(GenerateConfig::strategy).ifPresent(strategy -> strategy.roles().forEach((role, model) -> {
            if (!model.equals(Strategy.TEACHER) && !models.containsKey(model)) {
                throw new IllegalArgumentException(
                        "generate.strategy.%s.%s: teacher or a model of this recipe's models; got '%s'; %s".formatted(
                        strategy.name(), role, model, models.isEmpty()
                                ? "add models: {%s: {weights: {path: FOLDER}}} to the recipe".formatted(model)
                                : Spelling.remedy(model, models.keySet())));
            }
        }));
        generate.ifPresent(config -> config.strategy().chain().forEach(part ->
                Stream.concat(part.opens().stream(), part.goesOn().stream()).forEach(role -> {
            String name = part.roles().get(role);
            TeacherConfig model = name.equals(Strategy.TEACHER) ? config.teacher() : models.get(name);
            if (model instanceof TeacherConfig.Endpoint endpoint) {
                throw new IllegalArgumentException(("generate.strategy.%s.%s: local weights, whose prompts are written "
                        + "here; got the endpoint '%s'; write {weights: {path: FOLDER}}").formatted(
                        part.name(), role, endpoint.model()));
            }
        })));
    }

    /// @return those models that the strategy of `generate` asks beside its teacher
    SortedMap<String, TeacherConfig> played() {
        SortedMap<String, TeacherConfig> played = new TreeMap<>();
        generate.map(GenerateConfig::strategy).ifPresent(strategy -> strategy.roles().values().stream()
                .filter(model -> !model.equals(Strategy.TEACHER))
                .forEach(model -> played.put(model, models.get(model))));
        return played;
    }

    private static void checkJudged(Optional<Evaluation> eval, Map<String, TeacherConfig> models) {
        List<JudgedTask> judged = eval.map(Evaluation::judged).orElse(List.of());
        for (int i = 0; i < judged.size(); i++) {
            String place = "eval.judged[%s]".formatted(i);
            judged.get(i).models().stream().sorted().filter(asked -> !models.containsKey(asked)).findFirst()
                    .ifPresent(asked -> {
                        throw new IllegalArgumentException("%s: a model of this recipe's models; got '%s'; %s"
                                .formatted(place, asked, models.isEmpty()
                                        ? "add models: {%s: {weights: {path: FOLDER}}}".formatted(asked)
                                        : Spelling.remedy(asked, models.keySet())));
                    });
            JudgedTask task = judged.get(i);
            task.models().forEach(asked -> models.get(asked).check(place, task.judgement()
                    .filter(who -> who.judges().contains(asked)).map(Judging::generation).orElse(task.generation())));
        }
    }

    /// @return those models that judged tasks of the evaluation ask
    SortedMap<String, TeacherConfig> judges() {
        SortedMap<String, TeacherConfig> asked = new TreeMap<>();
        eval.map(Evaluation::judged).orElse(List.of()).forEach(task ->
                task.models().forEach(called -> asked.put(called, models.get(called))));
        return asked;
    }

    /// No field of the sampling both in a task and in the body of an endpoint's own.
    private static void checkTasks(TrainConfig student, Optional<Evaluation> eval) {
        List<String> known = eval.stream().flatMap(evaluation -> evaluation.tasks().stream()).map(EvalTask::name)
                .toList();
        student.evaluate().stream().flatMap(evaluate -> evaluate.tasks().stream())
                .filter(task -> !known.contains(task)).findFirst().ifPresent(task -> {
                    throw new IllegalArgumentException(
                            "train: evaluate.tasks of student '%s' names tasks of eval; got '%s'; %s".formatted(
                                    student.name(), task, Spelling.remedy(task, known)));
                });
    }

    private static void checkOnce(Evaluation evaluation, Optional<GenerateConfig> generate) {
        for (Evaluation.Model model : evaluation.models().values()) {
            Optional<TeacherConfig> asked = switch (model) {
                case Evaluation.Model.Endpoint endpoint -> Optional.of(endpoint.asked());
                case Evaluation.Model.Teacher teacher -> generate.map(GenerateConfig::teacher);
                case Evaluation.Model.Weights weights -> Optional.empty();
                case Evaluation.Model.Student student -> Optional.empty();
            };
            for (int i = 0; i < evaluation.tasks().size(); i++) {
                String place = "eval.tasks[%s]".formatted(i);
                GenerationParameters generation = evaluation.tasks().get(i).generation();
                asked.ifPresent(who -> who.check(place, generation));
            }
            for (int i = 0; i < evaluation.judged().size(); i++) {
                String place = "eval.judged[%s]".formatted(i);
                GenerationParameters generation = evaluation.judged().get(i).generation();
                asked.ifPresent(who -> who.check(place, generation));
            }
        }
    }

    /// @return what the evaluation asks, which no student is to learn from
    List<EvaluationQuestions> evaluationQuestions() {
        return eval.stream()
                .flatMap(evaluation -> evaluation.tasks().stream()
                        .map(task -> new EvaluationQuestions(task.name(), task.questions(), evaluation.seed())))
                .toList();
    }

    /// @return those models that a step of the curation asks
    SortedMap<String, TeacherConfig> asked() {
        SortedMap<String, TeacherConfig> asked = new TreeMap<>();
        curate.map(CurateConfig::steps).orElse(List.of()).forEach(step -> {
            step.models().forEach(called -> asked.put(called, models.get(called)));
            step.embedders().forEach(called -> asked.put(called, models.get(called)));
        });
        return asked;
    }

    /// @return names of those models that embed texts
    Set<String> embedders() {
        return curate.map(CurateConfig::steps).orElse(List.of()).stream().flatMap(step -> step.embedders().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @return stores and students in the order they are made
    List<Chain.Link> inOrder() {
        return new Chain(logits, train).inOrder();
    }
}
