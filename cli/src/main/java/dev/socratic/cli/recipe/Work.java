package dev.socratic.cli.recipe;

import dev.socratic.core.config.Effort;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.template.Template;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.TaskScores;
import dev.socratic.core.text.TextModel;
import dev.socratic.curator.CurateStage;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.step.StepModels;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.EvalStage;
import dev.socratic.eval.LiveTasks;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateStage;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.Batches;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.prompts.PromptTemplate;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.capture.LogitCapture;
import dev.socratic.trainer.run.card.Lineage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// One stage of a run with everything it is given. Its components are all it can see of the recipe, and all of them
/// count for whether it has to run again ([Basis]): who is evaluated as well as on what.
sealed interface Work {
    /// @return the stage's name, and its folder in the run
    String stage();

    /// @return one class of each module that does the work
    List<Class<?>> code();

    /// @param compute as [#compute] gave it
    StageReport run(StageContext context, Surroundings around, Compute compute) throws InterruptedException;

    /// @return where and in what numbers its model runs
    /// @throws dev.socratic.core.error.ConfigException if its own device cannot be used
    default Compute compute(Surroundings around) {
        return around.computes().all();
    }

    /// @return the share of rows that may fail, in [0, 1], before the run says that its result is not whole
    default double failedLimit() {
        return 0.5;
    }

    /// What is there wherever the stage runs, and changes nothing of what it makes.
    ///
    /// @param environment where keys are
    /// @param threads     processor threads
    /// @param computes    where and in what numbers models run; numbers other than float32 count ([Basis])
    record Surroundings(Map<String, String> environment, int threads, Computes computes) {}

    /// @param models of the recipe, by name
    private static Compute computeOf(Map<String, TeacherConfig> models, String name, Surroundings around) {
        return switch (models.get(name)) {
            case TeacherConfig.Weights weights -> around.computes().of("models.%s.weights".formatted(name),
                    weights.device(), weights.dtype(), weights.weights());
            case TeacherConfig.Endpoint ignored -> around.computes().all();
        };
    }

    /// @param models of the recipe, by name
    private static TextModel open(Map<String, TeacherConfig> models, String name, Surroundings around) {
        TextModel opened = Models.teacher(models.get(name), around.environment(), 0, around.threads(),
                computeOf(models, name, around));
        around.computes().tell("models." + name, opened);
        return opened;
    }

    /// @param models whom the strategy asks beside the teacher
    record Generate(GenerateConfig generate, SortedMap<String, TeacherConfig> models) implements Work {
        @Override
        public String stage() {
            return GenerateStage.NAME;
        }

        @Override
        public List<Class<?>> code() {
            return List.of(GenerateStage.class, LocalModel.class, PromptTemplate.class, Template.class, Question.class);
        }

        @Override
        public Compute compute(Surroundings around) {
            return switch (generate.teacher()) {
                case TeacherConfig.Weights weights ->
                        around.computes().of(
                        "generate.teacher.weights", weights.device(), weights.dtype(), weights.weights());
                case TeacherConfig.Endpoint ignored -> around.computes().all();
            };
        }

        @Override
        public StageReport run(StageContext context, Surroundings around, Compute compute)
                throws InterruptedException {
            try (TextModel teacher = Models.teacher(
                    generate.teacher(), around.environment(), generate.seed(), around.threads(),
                    compute);
                    OpenedModels others = OpenedModels.of(models, generate.seed(), around)) {
                around.computes().tell("generate", teacher);
                return GenerateStage.run(generate, others.with(teacher, generate.teacher()), context);
            }
        }
    }

    /// @param answers   rows to curate
    /// @param questions what was asked, where the run knows it
    /// @param samples   rows of `generate`, those that failed a check included, where a step counts them
    /// @param models    whom steps ask
    record Curate(Curation curate, List<Path> answers, Optional<Path> questions, List<Path> samples,
            SortedMap<String, TeacherConfig> models) implements Work {
        @Override
        public String stage() {
            return "curate";
        }

        @Override
        public List<Class<?>> code() {
            return models.isEmpty() ? List.of(CurateStage.class, Question.class)
                    : List.of(CurateStage.class, Question.class, LocalModel.class, Template.class);
        }

        @Override
        public double failedLimit() {
            return curate.curate().failedLimit();
        }

        @Override
        public StageReport run(StageContext context, Surroundings around, Compute compute)
                throws InterruptedException {
            return CurateStage.run(curate, answers, questions,
                    new StepModels(name -> open(models, name, around), name -> Models.embedder(models.get(name),
                            around.environment(), around.threads(), computeOf(models, name, around)), samples),
                    context);
        }

    }

    /// @param store with its teacher where it lies
    record Logits(Capture store, ExampleSource rows) implements Work {
        @Override
        public String stage() {
            return "logits/" + store.name();
        }

        @Override
        public List<Class<?>> code() {
            return List.of(LogitCapture.class, LocalModel.class, Template.class, Question.class);
        }

        @Override
        public Compute compute(Surroundings around) {
            return around.computes().of(stage(), store.device(), store.dtype());
        }

        @Override
        public StageReport run(StageContext context, Surroundings around, Compute compute)
                throws InterruptedException {
            return store.run(rows, around.environment(), context, compute);
        }
    }

    /// @param student with its data, start, teachers and stores where they lie
    /// @param lineage whose text it learns, where the recipe knows it
    /// @param tasks   that it answers while it learns, where it does
    record Train(TrainConfig student, Lineage lineage, Optional<EvalConfig> tasks) implements Work {
        @Override
        public String stage() {
            return "train/" + student.name();
        }

        @Override
        public List<Class<?>> code() {
            return tasks.isEmpty()
                    ? List.of(TrainStage.class, LocalModel.class, Template.class, Question.class)
                    : List.of(TrainStage.class, LocalModel.class, Template.class, Question.class, EvalStage.class,
                            PromptTemplate.class);
        }

        @Override
        public Compute compute(Surroundings around) {
            return around.computes().of(stage(), student.device(), Optional.empty());
        }

        @Override
        public StageReport run(StageContext context, Surroundings around, Compute compute)
                throws InterruptedException {
            TaskScores scores = tasks.<TaskScores>map(LiveTasks::new).orElse(TaskScores.NONE);
            return TrainStage.run(student, context, lineage, compute,
                    teacher -> Models.distributions(teacher, around.environment(), student.seed()), scores);
        }
    }

    /// @param eval  on what
    /// @param name  of the model in tables
    /// @param model who is evaluated
    /// @param files what the tasks of its suites read: they count by content
    /// @param models whom its judged tasks ask
    record Evaluate(EvalConfig eval, String name, Examined model, List<Path> files,
            SortedMap<String, TeacherConfig> models) implements Work {
        @Override
        public String stage() {
            return EvalStage.NAME + "/" + name;
        }

        @Override
        public List<Class<?>> code() {
            return List.of(EvalStage.class, LocalModel.class, PromptTemplate.class, Template.class, Question.class);
        }

        @Override
        public Compute compute(Surroundings around) {
            return switch (model) {
                case Examined.Weights weights -> around.computes().of(
                        stage(), weights.device(), weights.dtype(), weights.quantization());
                case Examined.Endpoint ignored -> around.computes().all();
            };
        }

        @Override
        public StageReport run(StageContext context, Surroundings around, Compute compute)
                throws InterruptedException {
            try (TextModel opened = switch (model) {
                case Examined.Weights weights -> Models.weights(
                        weights.folder(), Batches.of(weights.batching().orElse(Batching.FIXED), weights.batch()),
                        around.threads(), compute);
                case Examined.Endpoint endpoint when !eval.suites().isEmpty() -> Models.scoring(endpoint.asked(),
                        around.environment(), eval.seed());
                case Examined.Endpoint endpoint -> Models.teacher(
                        endpoint.asked(), around.environment(), eval.seed(),
                        around.threads(), compute);
            }) {
                around.computes().tell(stage(), opened);
                return EvalStage.run(eval, name, opened, other -> open(models, other, around), context);
            }
        }
    }

    /// A model to evaluate, where it lies.
    sealed interface Examined {
        /// @param batch questions answered together: it changes the rounding, and so may change an answer (ADR 3)
        /// @param quantization in how few bits its matrices are kept
        /// @param device where, if the recipe says it of this model
        /// @param dtype  in what numbers, likewise
        /// @param batching fixed batches, if left out, or continuous ones
        record Weights(Path folder, int batch, Optional<Quantization> quantization, @Effort Optional<String> device,
                Optional<String> dtype, Optional<Batching> batching) implements Examined {}

        record Endpoint(TeacherConfig.Endpoint asked) implements Examined {}
    }
}
