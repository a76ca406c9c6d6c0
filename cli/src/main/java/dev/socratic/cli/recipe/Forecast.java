package dev.socratic.cli.recipe;

import dev.socratic.core.error.SocraticException;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.ScoreConfig;
import dev.socratic.curator.judge.JudgeForecast;
import dev.socratic.eval.harness.Suite;
import dev.socratic.eval.harness.SuiteForecast;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateForecast;
import dev.socratic.generator.strategy.Ask;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.AdapterConfig;
import dev.socratic.trainer.config.Budget;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TokenizerStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.memory.MemoryNeed;
import dev.socratic.trainer.plan.memory.MemoryText;
import dev.socratic.trainer.plan.memory.ProcessMemory;
import dev.socratic.trainer.plan.memory.TrainingMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a recipe would cost, one line a stage, before anything runs: requests, tokens, price, arithmetic, memory.
///
/// Training memory is [TrainingMemory]'s. Arithmetic is 6 floating point operations a weight and token, 4 where it has
/// no gradient of its own, and 2 for a teacher's.
public final class Forecast {
    private final Recipe recipe;
    private final Compute compute;

    /// @param compute where and in what numbers trainings run that say nothing of their own
    public Forecast(Recipe recipe, Compute compute) {
        this.recipe = recipe;
        this.compute = compute;
    }

    /// @return a line a stage; of a stage that cannot be foreseen, because what it names is not there or does not fit,
    /// that it cannot
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        recipe.generate().ifPresent(generate -> lines.addAll(generated(generate)));
        recipe.curate().ifPresent(curate -> {
            lines.add("curate: %s steps".formatted(curate.steps().size()));
            curate.steps().forEach(step -> {
                if (step instanceof ScoreConfig.Judge judge) {
                    lines.add(line("curate", () -> judged(curate, judge)));
                }
            });
        });
        recipe.inOrder().forEach(link -> lines.add(switch (link) {
            case Chain.Link.Store store -> line("logits/" + store.capture().name(), () -> capture(store.capture()));
            case Chain.Link.Student student -> line("train/" + student.config().name(), () -> train(student.config()));
        }));
        recipe.eval().ifPresent(evaluation -> {
            lines.add(evaluate(evaluation));
            evaluation.suites().forEach(suite -> lines.add(line("eval", () -> suite(evaluation, suite))));
        });
        return lines;
    }

    private static String line(String stage, Supplier<String> foreseen) {
        try {
            return foreseen.get();
        } catch (SocraticException refused) {
            return stage + ": cannot be foreseen";
        }
    }

    /// Rows that are no questions are told with their reason: a mapping of columns that fits none is seen here.
    private static List<String> generated(GenerateConfig config) {
        List<String> lines = new ArrayList<>();
        lines.add(line("generate", () -> {
            GenerateForecast forecast = GenerateForecast.of(config);
            forecast.said().forEach(said -> lines.add("generate: " + said));
            return generate(config, forecast);
        }));
        return lines;
    }

    private static String generate(GenerateConfig config, GenerateForecast forecast) {
        String unreadable = forecast.unreadable() == 0 ? ""
                : ", %s rows that are no questions".formatted(forecast.unreadable());
        String price = config.teacher() instanceof TeacherConfig.Weights
                ? "local weights, no price"
                : String.format(Locale.ROOT, "%.2f to %.2f USD", forecast.leastUsd(), forecast.mostUsd());
        if (!(config.strategy() instanceof Ask)) {
            return say("generate: %s over %,d questions%s: at most %,d requests of at most %,d new tokens together; "
                    + "the first steps are %,d requests of about %,d prompt tokens, %s; prompts of later steps hold "
                    + "what was answered before, and the budget is looked at before each",
                    config.strategy().name(), forecast.questions(), unreadable, forecast.requests(),
                    forecast.mostTokens(), forecast.firstRequests(), forecast.promptTokens(), price);
        }
        return say("generate: %,d requests (%,d questions x %d samples%s), about %,d prompt tokens and at most %,d "
                + "new ones; %s",
                forecast.requests(), forecast.questions(), config.samples(), unreadable, forecast.promptTokens(),
                forecast.mostTokens(), price);
    }

    /// Rows that are still to be generated cannot be counted: what one of them takes depends on its answer.
    private String judged(CurateConfig curate, ScoreConfig.Judge judge) {
        TeacherConfig model = recipe.models().get(judge.model());
        if (recipe.answers().isEmpty()) {
            return say("curate: judge '%s' asks once a row that reaches it, at most %,d new tokens each%s",
                    judge.model(), judge.generation().maxTokens(),
                    judge.budget().limits() ? ", within its budget" : "");
        }
        JudgeForecast most = JudgeForecast.of(judge,
                recipe.answers().get().paths().stream().map(curate::source).toList());
        String price = model instanceof TeacherConfig.Weights ? "local weights, no price"
                : String.format(Locale.ROOT, "%.2f to %.2f USD", model.price(most.promptTokens(), 0),
                        model.price(most.promptTokens(), most.mostTokens()));
        return say("curate: judge '%s' asks about at most %,d rows, about %,d prompt tokens and at most %,d new ones; "
                + "%s", judge.model(), most.rows(), most.promptTokens(), most.mostTokens(), price);
    }

    private String capture(Capture store) {
        String teacher = store.endpoint().map(endpoint -> "the served " + endpoint.model())
                .orElseGet(() -> store.teacher().flatMap(this::model)
                .map(known -> say("a teacher of %,d weights", known.parameters()))
                        .orElse("a teacher whose shape is known once it is there"));
        return "logits/%s: what %s expects at every position of its rows, once".formatted(store.name(), teacher);
    }

    private String train(TrainConfig config) {
        String budget = switch (config.budget()) {
            case Budget.Tokens tokens -> say("%,d tokens", tokens.n());
            case Budget.Steps steps -> say("%,d steps of %,d tokens", steps.n(), config.batchTokens());
            case Budget.Epochs epochs -> say("%,d passes over the data", epochs.n());
        };
        Optional<ModelConfig> student = shape(config);
        List<ModelRef> teachers = teachers(config);
        long taught = taught(teachers);
        String head = "train/%s: %s".formatted(config.name(), budget);
        if (student.isEmpty()) {
            return head + "; the student's shape is known once it is there";
        }
        ModelConfig shape = student.get();
        MemoryNeed need = memory(config).orElseThrow().peak();
        String work = tokens(config.budget(), config.batchTokens())
                .map(n -> say(", %.1f TFLOP", n * (6.0 * learned(config, shape) + 4.0 * frozen(config, shape)
                        + 2.0 * taught) / 1e12))
                .orElse("");
        String adapter = config.adapter().isPresent()
                ? say(", of which an adapter's %,d learn", learned(config, shape))
                : "";
        return head + say("; %,d weights%s%s%s, about %s", shape.parameters() + adapterOnly(config, shape),
                adapter,
                taught == 0 ? "" : say(teachers.size() == 1
                        ? " beside a teacher of %,d"
                        : " beside " + teachers.size() + " teachers of together %,d", taught), work,
                MemoryText.line(need));
    }

    /// @return what a training takes, where the shapes of its models can be known before
    Optional<TrainingMemory> memory(TrainConfig written) {
        Objective objective = Objective.named(written.objective());
        TrainConfig config = written.completed(objective);
        List<ModelConfig> taught = teachers(config).stream().flatMap(one -> model(one).stream()).toList();
        Compute own = config.precision().map(compute::in).orElse(compute);
        return shape(config).map(student -> new TrainingMemory(longest(config, student, taught), objective, student,
                taught, own, config.teacherPrecision().map(own::in).orElse(own), ProcessMemory.TYPICAL));
    }

    /// As `MaxSeq` resolves it, from the shapes alone.
    private static TrainConfig longest(TrainConfig config, ModelConfig student, List<ModelConfig> teachers) {
        int most = Stream.concat(Stream.of(student), teachers.stream()).mapToInt(ModelConfig::context).min()
                .orElseThrow();
        return config.maxSeq().isPresent() ? config : config.withMaxSeq(Math.min(config.microTokens(), most));
    }

    /// @return numbers that have a gradient and moments: all of the student's, or those of its adapter
    private static long learned(TrainConfig config, ModelConfig shape) {
        return config.adapter().isPresent() ? adapterOnly(config, shape) : shape.parameters(config::learns);
    }

    private static long frozen(TrainConfig config, ModelConfig shape) {
        return config.adapter().isPresent() ? shape.parameters() : shape.parameters(name -> !config.learns(name));
    }

    private static long adapterOnly(TrainConfig config, ModelConfig shape) {
        return config.adapter().map(adapter -> switch (adapter) {
            case AdapterConfig.Lora lora -> shape.adapterParameters(lora.r(), lora.targets());
        }).orElse(0L);
    }

    /// @return the teachers that are in memory beside the student
    private static List<ModelRef> teachers(TrainConfig config) {
        boolean live = config.store().isEmpty() && config.captured().isEmpty();
        List<ModelRef> teachers = new ArrayList<>();
        Objective objective = Objective.named(config.objective());
        config.teacher().filter(ignored -> live && objective.needsTeacher()).ifPresent(teachers::add);
        teachers.addAll(live && objective.needsTeachers() ? config.moreTeachers() : List.of());
        return teachers;
    }

    private long taught(List<ModelRef> teachers) {
        return teachers.stream().flatMap(one -> model(one).stream()).mapToLong(ModelConfig::parameters).sum();
    }

    private static Optional<Long> tokens(Budget budget, int batchTokens) {
        return switch (budget) {
            case Budget.Tokens tokens -> Optional.of(tokens.n());
            case Budget.Steps steps -> Optional.of(steps.n() * batchTokens);
            case Budget.Epochs epochs -> Optional.empty();
        };
    }

    /// @return the student's shape, where it can be known before anything has run
    Optional<ModelConfig> shape(TrainConfig config) {
        return switch (config.student()) {
            case StudentStart.Architecture architecture -> decoder(architecture.path());
            case StudentStart.Folder folder -> decoder(folder.path());
            case StudentStart.Earlier earlier -> student(earlier.name());
            case StudentStart.LayersOf layers -> decoder(layers.path())
                    .filter(whole -> layers.keep().of(whole.layers()).getLast() < whole.layers())
                    .map(whole -> whole.keeping(layers.keep().of(whole.layers())));
            case StudentStart.Random random -> config.tokenizer().flatMap(Forecast::vocabulary)
                    .map(vocab -> ModelConfig.llama(
                    vocab, random.hidden(), random.layers(), random.heads(), random.kvHeads(), random.intermediate(),
                    random.context(),
                    random.tiedHead(), SpecialTokens.none()));
        };
    }

    Optional<ModelConfig> model(ModelRef model) {
        return switch (model) {
            case ModelRef.Folder folder -> decoder(folder.path());
            case ModelRef.Earlier earlier -> student(earlier.name());
            case ModelRef.Self ignored -> Optional.empty();
        };
    }

    private Optional<ModelConfig> student(String name) {
        return recipe.train().stream().filter(other -> other.name().equals(name)).findFirst().flatMap(this::shape);
    }

    /// @return nothing for an encoder
    private static Optional<ModelConfig> decoder(Path folder) {
        return EncoderConfig.isOf(folder) ? Optional.empty() : Optional.of(ModelConfig.read(folder));
    }

    private static Optional<Integer> vocabulary(TokenizerStart tokenizer) {
        return switch (tokenizer) {
            case TokenizerStart.TrainBpe bpe -> Optional.of(bpe.vocab());
            case TokenizerStart.Folder folder -> Optional.of(folder.path())
                    .filter(path -> Files.exists(path.resolve("config.json")))
                    .map(path -> ModelConfig.read(path).vocab());
        };
    }

    private static String evaluate(Evaluation evaluation) {
        Map<String, String> tasks = evaluation.tasks().stream()
                .collect(Collectors.toMap(EvalTask::name,
                        task -> "%sat most %s new tokens".formatted(task.repeats().repeats() == 1 ? ""
                                : task.repeats().repeats() + " answers each, ", task.generation().maxTokens()),
                        (a, b) -> a, java.util.TreeMap::new));
        String suites = evaluation.suites().stream().map(suite -> String.join(", ", suite.tasks())
                + suite.limit().map(" (%s documents of each)"::formatted).orElse(""))
                .collect(Collectors.joining(", "));
        return "eval: %s models on %s%s".formatted(
                evaluation.models().size(), suites.isEmpty() || tasks.isEmpty() ? suites : suites + ", ",
                tasks.entrySet().stream().map(task -> task.getKey() + " (" + task.getValue() + " an answer)")
                        .collect(Collectors.joining(", ")));
    }

    /// Counted on the data that are here, answers as often as a task repeats them, once for each model.
    private String suite(Evaluation evaluation, Suite suite) {
        SuiteForecast forecast = SuiteForecast.of(suite);
        String prices = evaluation.models().entrySet().stream()
                .filter(model -> model.getValue() instanceof Evaluation.Model.Endpoint)
                .map(model -> String.format(Locale.ROOT, "; '%s' at most %.2f USD", model.getKey(),
                        ((Evaluation.Model.Endpoint) model.getValue()).asked().price(forecast.promptTokens(),
                        forecast.mostTokens()))).collect(Collectors.joining());
        return "eval: %s: for each model %s%s".formatted(String.join(", ", suite.tasks()), forecast.line(), prices);
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
