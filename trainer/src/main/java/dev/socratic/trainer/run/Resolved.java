package dev.socratic.trainer.run;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.TaskScores;
import dev.socratic.datasets.source.Beside;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.Packing;
import dev.socratic.trainer.config.Tags;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.Curriculum;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.PassRates;
import dev.socratic.trainer.data.TeacherReading;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.memory.TrainingMemory;
import dev.socratic.trainer.run.card.Lineage;
import dev.socratic.trainer.run.checkpoint.CheckpointStore;
import dev.socratic.trainer.run.checkpoint.Fingerprint;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.prepare.MaxSeq;
import dev.socratic.trainer.run.prepare.MemoryCheck;
import dev.socratic.trainer.run.prepare.Students;
import dev.socratic.trainer.run.prepare.TokenizerFiles;
import dev.socratic.trainer.run.prepare.TrainChecks;
import dev.socratic.trainer.teacher.StoreChecks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A training, resolved once: the config with every default, what it names found, checked and opened, and where a run
/// that was stopped goes on from.
///
/// @param config      with every default
/// @param objective   that it names
/// @param context     whose folder becomes the student's
/// @param corpus      rows to learn
/// @param tags        which teacher a row's tag names, where the objective reads them
/// @param reading     what teachers are asked, where that is something else than the student is
/// @param tasks       that the student answers while it learns, where it does
/// @param checkpoints of this run
/// @param from        what the newest of them says, or [TrainState#START]
/// @param lineage     where the student comes from, for its card
/// @param compute     where and in what numbers
/// @param manager     of everything the run makes
/// @param tokenizer   the student's, from the folder
/// @param curriculum  how often a pass has each row, where the config draws them
public record Resolved(TrainConfig config, Objective objective, StageContext context, Corpus corpus,
        Optional<Tags> tags, Optional<TeacherReading> reading, Optional<TaskScores.Ready> tasks,
        CheckpointStore checkpoints,
        TrainState from, Lineage lineage, Compute compute,
        NDManager manager,
        Tokenizer tokenizer, Optional<Curriculum> curriculum) implements AutoCloseable {

    /// @param written the config as it was given
    /// @param lineage what the trainer cannot know of where the student comes from
    /// @param compute where and in what numbers
    /// @param scores  tasks that it may be asked to score
    /// @throws dev.socratic.core.error.SocraticException with everything that is wrong with it
    public static Resolved of(TrainConfig written, StageContext context, Lineage lineage, Compute compute,
            TaskScores scores) {
        Compute precise = precise(written, compute);
        Path folder = context.folder();
        Objective objective = Objective.named(written.objective());
        TrainConfig asked = MaxSeq.resolved(written.completed(objective), objective);
        asked.captured().ifPresent(name -> {
            throw new ConfigException("captured", "a recipe that captures this store before",
                    "'" + name + "' outside of one", "name its folder: store: <folder>");
        });
        List<Problem> problems = new ArrayList<>(
                TrainChecks.ofConfig(asked, objective, Students.isEncoder(asked.student())));
        problems.addAll(TrainChecks.ofCompute(asked, precise));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        ExampleSource data = asked.data().orElseThrow(() -> new ConfigException("data", "rows to learn", "nothing",
                "write data: {file: {path: train.jsonl}}"));
        Engines.threads(context.threads());
        TokenizerFiles.prepare(asked, folder);
        TrainConfig config = MemoryCheck.limited(asked, objective, folder, precise,
                asked.teacherPrecision().map(precise::in).orElse(precise), context.progress());
        StoreChecks.check(config, objective, folder, context.progress());
        Optional<Tags> tags = tags(config, objective);
        Optional<TeacherReading> reading = config.teacherPrompt().map(TeacherReading::of)
                .or(() -> Optional.of(TeacherReading.OWN_PROMPT).filter(ignored -> config.privileged()));
        Corpus corpus = Corpus.open(data, Seeds.derive(config.seed(), "data"), folder.resolve("quarantine.jsonl"),
                reading.map(TeacherReading::beside).orElse(Beside.NOTHING).withTag(tags.map(Tags::path)));
        Optional<TaskScores.Ready> tasks = StudentTasks.ready(config.evaluate(), scores, folder);
        CheckpointStore checkpoints = new CheckpointStore(folder.resolve("checkpoints"),
                Fingerprint.of(config, data, objective, context, precise, tasks), config.keepCheckpoints());
        TrainState from = checkpoints.newest(context.progress()::note).orElse(TrainState.START);
        if (from.step() > 0) {
            context.progress().note("goes on after step %s, %s tokens".formatted(from.step(), from.tokens()));
        }
        Lineage whole = Lineage.of(config, objective, folder).and(lineage);
        NDManager manager = precise.manager();
        Tokenizer tokenizer = Tokenizer.open(folder);
        return new Resolved(config, objective, context, corpus, tags, reading, tasks, checkpoints, from, whole,
                precise, manager, tokenizer, curriculum(config, corpus, context));
    }

    private static Optional<Curriculum> curriculum(TrainConfig config, Corpus corpus, StageContext context) {
        return config.curriculum().map(wanted -> {
            try (RowStream<Example> rows = corpus.readable()) {
                Curriculum drawn = Curriculum.of(wanted, PassRates.read(wanted.samples()), rows, config.seed());
                context.progress().note(drawn.facts().text());
                return drawn;
            }
        });
    }

    /// @return where and in what numbers teachers compute
    public Compute teacherCompute() {
        return config.teacherPrecision().map(compute::in).orElse(compute).on(compute.device());
    }

    /// @return what it will take of the device's memory; empty for an encoder
    public Optional<TrainingMemory> memory() {
        return MemoryCheck.of(config, objective, tokenizer.vocabularySize(), compute, teacherCompute());
    }

    /// What a config says of its precision holds before what holds everywhere.
    ///
    /// @throws ConfigException for an encoder in another type than float32
    private static Compute precise(TrainConfig config, Compute compute) {
        Compute precise = config.precision().map(compute::in).orElse(compute);
        if (!Students.isEncoder(config.student())) {
            return precise;
        }
        float32("precision", config.precision());
        float32("teacher_precision", config.teacherPrecision());
        return precise.oneDevice("the training of an encoder").only("the training of an encoder", FloatType.FLOAT32);
    }

    private static void float32(String place, Optional<FloatType> said) {
        said.filter(type -> type != FloatType.FLOAT32).ifPresent(type -> {
            throw new ConfigException(place, "float32, in which encoders are trained", "'" + type.label() + "'",
                    "leave it out");
        });
    }

    /// @throws ConfigException if the objective reads tags and they are not said, or name teachers that are not there
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

    /// @return whether no checkpoint was gone on from: what is said or checked of all rows is, now
    public boolean begins() {
        return from.step() == 0;
    }

    /// @return whether the student is an encoder
    public boolean encoder() {
        return Students.isEncoder(config.student());
    }

    /// @return where the student's files are written
    public Path folder() {
        return context.folder();
    }

    /// @param what the seed is for
    public long seed(String what) {
        return Seeds.derive(config.seed(), what);
    }

    /// @return micro-batches of the data, from where the run begins or goes on
    public BatchStream stream(ExampleEncoder rows, Packing packing) {
        BatchStream.Settings settings = new BatchStream.Settings(config.shuffleBuffer(), config.microTokens(), packing,
                seed("order"));
        return curriculum.map(drawn -> new BatchStream("data", () -> drawn.drawn(corpus.readable()), rows, settings,
                from.position(), row -> drawn.rows()[row]))
                .orElseGet(() -> new BatchStream("data", corpus::readable, rows, settings, from.position()));
    }

    @Override
    public void close() {
        tokenizer.close();
        manager.close();
    }
}
