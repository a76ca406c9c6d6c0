package dev.socratic.trainer.encoder;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.Packing;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.LazyTemplate;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.On;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Planner;
import dev.socratic.trainer.run.Resolved;
import dev.socratic.trainer.run.card.Card;
import dev.socratic.trainer.run.card.MetricsFile;
import dev.socratic.trainer.run.card.RunSummary;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.prepare.RowCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The stage `train` for encoders: masked language modelling of rows of text, with or without a teacher. With the
/// objective `distilbert`, a start from every other layer of the teacher and text to read it is DistilBERT's recipe
/// (Sanh et al. 2019, arXiv:1910.01108), but that the student keeps the teacher's token types.
///
/// ```yaml
/// student: {layers_of: {path: bert, keep: every_other}}
/// teacher: bert
/// objective: distilbert
/// data: {file: {path: text.jsonl}}
/// ```
public final class EncoderStage {
    private EncoderStage() {}

    /// @return what became of rows and tokens; the student lies in the run's folder
    public static StageReport run(Resolved run) {
        TrainConfig config = run.config();
        Objective objective = run.objective();
        refuse(objective);
        ControlIds control = ControlIds.of(run.folder(), run.tokenizer());
        // One place is kept for what every text begins with; what ends it comes with the row.
        RowEncoder encoder = new RowEncoder(run.tokenizer(), new LazyTemplate(run.folder()),
                new TextMarks(List.of(), Optional.of((long) control.sep())), LossOn.ALL, config.longest() - 1,
                config.tooLong());
        try (Encoder student = student(config.student(), config.seed(), run.manager());
                Teacher teacher = Teacher.of(objective, config, run.manager());
                BatchStream stream = run.stream(encoder, Packing.NONE)) {
            if (run.begins()) {
                RowCheck check = RowCheck.of(run.corpus(), encoder);
                check.tell(config.longest(), student.config().context(), run.context().progress());
                check.require(config.tooLongLimit(), config.tooLong(), config.longest());
            }
            MaskingWeights odds;
            try (RowStream<Example> rows = run.corpus().readable()) {
                odds = MaskingWeights.of(rows, encoder, run.tokenizer().vocabularySize(),
                        config.masking().smoothing(), control);
            }
            fits(config, student, run.tokenizer());
            MaskedLearner.Plans plans = plans(objective, student, run.tokenizer(), teacher);
            TrainState end = MaskedLearner.run(run, student, teacher.encoder(), stream, plans,
                    new MaskedLearner.Hiding(config.masking(), odds, control, config.seed()),
                    heldOut(run, encoder, control, odds));
            RunSummary summary = new RunSummary(stream.rowCounts(), end,
                    MetricsFile.read(run.folder().resolve("metrics.jsonl"),
                            end.studentStep(config.keepBest().isPresent())), run.context().threads(),
                    Optional.empty(),
                    Optional.empty());
            AtomicFiles.write(run.folder().resolve("README.md"),
                    Card.of(config, student.config(), summary, run.lineage()));
            student.save(run.folder(), config.dtype().stored());
            return summary.report(run.corpus(), student.config().parameters());
        }
    }

    private static MaskedLearner.Plans plans(Objective objective, Encoder student, Tokenizer tokenizer,
            Teacher teacher) {
        Planner.Side own = new Planner.Side(ModelShape.of(student.config()), tokenizer);
        MaskedObjective parts = MaskedObjective.of(objective);
        MaskedLearner.Plans plans = new MaskedLearner.Plans(Planner.plan(objective, own, teacher.side()), parts,
                parts.masked().map(part -> Planner.plan(part, own, Optional.empty())),
                parts.all().map(part -> Planner.plan(part, own, teacher.side())));
        if (plans.whole().vocabularyAlignment().isPresent()) {
            throw new ConfigException(
                    "teacher", "a tokenizer with the student's tokens, for an encoder", "another",
                    "give the student the teacher's tokenizer, or name no teacher");
        }
        return plans;
    }

    /// Tokens of held-out rows are hidden once, so that two measurements ask for the same.
    private static List<MaskedBatch> heldOut(Resolved run, RowEncoder encoder, ControlIds control,
            MaskingWeights odds) {
        TrainConfig config = run.config();
        long seed = run.seed("evaluate");
        List<MicroBatch> batches = config.evaluate()
                .map(e -> Corpus.heldOut(e.source(), e.rows(), encoder, Packing.NONE, config.microTokens(), seed))
                .orElse(List.of());
        return IntStream.range(0, batches.size())
                .mapToObj(i -> TokenMasker.hide(config.masking(), batches.get(i).tokenRows(), control, odds,
                        Seeds.derive(seed, "mask", Integer.toString(i))))
                .filter(batch -> batch.maskedTokens() > 0)
                .toList();
    }

    private static Encoder student(StudentStart start, long seed, NDManager manager) {
        return switch (start) {
            case StudentStart.Architecture shape ->
                    Encoder.random(EncoderConfig.read(shape.path()), Seeds.derive(seed, "student"), manager);
            case StudentStart.Folder folder -> Encoder.load(folder.path(), manager);
            case StudentStart.LayersOf layers -> {
                try (Encoder whole = Encoder.load(layers.path(), manager)) {
                    List<Integer> kept = layers.keep().of(whole.config().layers());
                    if (kept.getLast() >= whole.config().layers()) {
                        throw new ConfigException("student.layers_of.keep",
                                "layers from 0 to %s".formatted(whole.config().layers() - 1), kept.toString(),
                                "the model has %s layers".formatted(whole.config().layers()));
                    }
                    yield whole.keeping(kept, manager);
                }
            }
            case StudentStart.Random ignored -> throw new IllegalStateException("a random student is a decoder");
            case StudentStart.Earlier earlier -> throw earlier.unknown();
        };
    }

    private static void fits(TrainConfig config, Encoder student, Tokenizer tokenizer) {
        if (config.longest() > student.config().context()) {
            throw new ConfigException("max_seq", "at most %s, the encoder's context".formatted(
                    student.config().context()), "" + config.longest(), "write a smaller max_seq");
        }
        if (tokenizer.vocabularySize() > student.config().vocab()) {
            throw new ConfigException("tokenizer",
                    "at most as many tokens as the student's embedding has rows, %s".formatted(
                    student.config().vocab()),
                    "%s tokens".formatted(tokenizer.vocabularySize()), "use the tokenizer of the student's own folder");
        }
    }

    /// What only decoders can do, all at once.
    private static void refuse(Objective objective) {
        List<Problem> problems = new ArrayList<>();
        if (!(objective.rollout() instanceof Rollout.Data)) {
            problems.add(
                    new Problem("objective '%s'.rollout".formatted(objective.name()),
                            "data, for an encoder writes no text", "another", "take another objective"));
        }
        boolean throughHead = objective.terms().stream()
                .anyMatch(term -> term.tap() instanceof Tap.StudentSpace || term.tap() instanceof Tap.TeacherSpace
                || term.views().stream().anyMatch(View.Head.class::isInstance));
        if (objective.needsTeachers() || throughHead) {
            problems.add(
                    new Problem("objective '%s'".formatted(objective.name()),
                            "terms with one teacher, not read through its head, for an encoder", "others",
                            "take another objective"));
        }
        if (objective.needsReference()
                || objective.terms().stream().anyMatch(term -> term.isSequenceLevel() || term.on() != On.DATA)) {
            problems.add(
                    new Problem("objective '%s'".formatted(objective.name()),
                            "terms over tokens of one row, for an encoder gives no probability of an answer", "others",
                            "take another objective"));
        }
        if (!(objective.edit() instanceof Edit.None)) {
            problems.add(
                    new Problem("objective '%s'.edit".formatted(objective.name()),
                            "none, for an encoder is not changed inside", "another", "take another objective"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /// The teacher, where the objective compares with one.
    private record Teacher(Optional<Encoder> encoder, Optional<Tokenizer> tokenizer) implements AutoCloseable {
        static Teacher of(Objective objective, TrainConfig config, NDManager manager) {
            Optional<Path> folder = config.teacherFolder().filter(ignored -> objective.needsTeacher());
            return new Teacher(folder.map(path -> Encoder.load(path, manager)), folder.map(Tokenizer::open));
        }

        Optional<Planner.Side> side() {
            return encoder.map(one -> new Planner.Side(ModelShape.of(one.config()), tokenizer.orElseThrow()));
        }

        @Override
        public void close() {
            encoder.ifPresent(Encoder::close);
            tokenizer.ifPresent(Tokenizer::close);
        }
    }
}
