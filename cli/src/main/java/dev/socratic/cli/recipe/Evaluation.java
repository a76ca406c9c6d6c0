package dev.socratic.cli.recipe;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.Aka;
import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.core.config.FileName;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.Quantization;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.harness.Suite;
import dev.socratic.eval.judged.JudgedTask;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.trainer.config.EvaluateConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Which models a recipe evaluates, on what, and which pairs the report compares.
///
/// @param models  by the name they have in the report, in the order they are shown
/// @param tasks   see [EvalTask]
/// @param seed    of the draws, where a task samples
/// @param batch   requests answered together by local weights
/// @param compare pairs of names among `models`
/// @param budget  what may be spent by all of them together
/// @param batching `fixed`, if left out, or `continuous`: `batch` questions under way, one joins where one has left
/// @param suites   tasks of lm-evaluation-harness, by name, file or folder
/// @param judged   tasks that take another model's word or part, whom the recipe's `models` name; of all three kinds
///                 together at least one
public record Evaluation(
        Map<String, Model> models,
        @Default("[]") List<EvalTask> tasks,
        @Default("0") long seed,
        @Default("64") int batch,
        @Default("[]") List<Pair> compare,
        @Default("{}") BudgetConfig budget,
        Optional<Batching> batching,
        @Default("[]") List<Suite> suites,
        @Default("[]") List<JudgedTask> judged) {
    /// Without a limit on what may be spent.
    public Evaluation(Map<String, Model> models, List<EvalTask> tasks, long seed, int batch, List<Pair> compare) {
        this(models, tasks, seed, batch, compare, BudgetConfig.NONE, Optional.empty(), List.of(), List.of());
    }

    /// @param asked of a training
    /// @return the tasks that its student answers while it learns; empty where it does not
    Optional<EvalConfig> live(Optional<EvaluateConfig> asked) {
        List<String> wanted = asked.map(EvaluateConfig::tasks).orElse(List.of());
        List<EvalTask> named = tasks.stream().filter(task -> wanted.contains(task.name())).toList();
        return named.isEmpty() ? Optional.empty() : Optional.of(new EvalConfig(named, seed));
    }

    public Evaluation {
        models = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(models));
        tasks = List.copyOf(tasks);
        suites = List.copyOf(suites);
        judged = List.copyOf(judged);
        if (tasks.isEmpty() && suites.isEmpty() && judged.isEmpty()) {
            throw new IllegalArgumentException("tasks: at least one task, or suites; got none; write suites: "
                    + "[{tasks: [arc_easy]}]");
        }
        compare = List.copyOf(compare);
        if (batch < 1) {
            throw new IllegalArgumentException("batch: at least 1; got %s; 64 suits small models".formatted(batch));
        }
        models.keySet().forEach(name -> FileName.checked("models", name));
        Set<String> keys = new HashSet<>();
        compare.stream().map(Pair::key).filter(key -> !keys.add(key)).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(
                    "compare: every pair needs a key of its own; got '%s' twice".formatted(key));
        });
        for (int i = 0; i < compare.size(); i++) {
            side(models, "compare[%s].first".formatted(i), compare.get(i).first());
            side(models, "compare[%s].second".formatted(i), compare.get(i).second());
        }
    }

    private static void side(Map<String, Model> models, String place, String name) {
        if (!models.containsKey(name)) {
            throw new IllegalArgumentException("%s: a model of this evaluation; got '%s'; %s".formatted(
                    place, name, Spelling.remedy(name, models.keySet())));
        }
    }

    EvalConfig config() {
        return new EvalConfig(tasks, seed, budget, suites, judged);
    }

    List<String> students() {
        return models.values().stream()
                .flatMap(model -> model instanceof Model.Student student
                        ? java.util.stream.Stream.of(student.name())
                        : java.util.stream.Stream.empty())
                .toList();
    }

    SequencedMap<String, Model> inOrder() {
        return new LinkedHashMap<>(models);
    }

    /// A model to evaluate.
    public sealed interface Model {
        /// Local weights.
        ///
        /// @param path   a Hugging Face folder
        /// @param device `cpu`, `cuda` or `cuda:N`; left out, that of the recipe. `--device` goes before
        /// @param dtype  `float32`, `bfloat16` or `float16`; left out, that of the recipe. `--dtype` goes before
        /// @param weights in how few bits its matrices are kept; left out, as the recipe says. `--weights` goes before
        record Weights(Path path, @Effort Optional<String> device, Optional<String> dtype,
                @Alias("quantization") @Aka({"quantize", "load_in_8bit", "load_in_4bit"})
                Optional<Quantization> weights) implements Model {
            /// On the device and in the numbers that hold for all.
            public Weights(Path path) {
                this(path, Optional.empty(), Optional.empty(), Optional.empty());
            }
        }

        /// A student this recipe trains.
        ///
        /// @param device as of weights
        /// @param dtype  as of weights
        record Student(String name, @Effort Optional<String> device, Optional<String> dtype) implements Model {}

        /// Any OpenAI-compatible endpoint: `{endpoint: {base_url: ..., model: ...}}`.
        ///
        /// @param asked as a teacher's endpoint is written
        record Endpoint(TeacherConfig.Endpoint asked) implements Model {}

        /// The teacher of this recipe's `generate`.
        record Teacher() implements Model {}
    }

    /// @param key    key in `summary.json`, such as `kd_vs_sft`
    /// @param first  the first minus the second is the difference
    /// @param second see `first`
    public record Pair(String key, String first, String second) {}
}
