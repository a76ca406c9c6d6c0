package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.FeatureInputs;
import dev.socratic.trainer.loss.LossContext;
import dev.socratic.trainer.loss.LossGradient;
import dev.socratic.trainer.loss.StepLoss;
import dev.socratic.trainer.loss.TokenChunk;
import dev.socratic.trainer.loss.TokenStats;
import dev.socratic.trainer.teacher.ServedOutput;
import dev.socratic.trainer.teacher.StoredOutput;
import dev.socratic.trainer.teacher.TeacherOutput;
import dev.socratic.trainer.teacher.TeacherPass;
import dev.socratic.trainer.teacher.TeacherTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is lost over the vocabulary, a chunk of tokens at a time: [ChunkedHead] walks them, so that `[tokens, vocab]`
/// is never held whole.
///
/// For each chunk: logits, loss and its gradient in them at once, gradient back into hidden states and head. Exact, not
/// an estimate: the chunks are rows of one matrix product.
public final class VocabularyHead implements AutoCloseable {
    private final Program program;
    private final ChunkedHead chunks;

    public VocabularyHead(NDManager manager) {
        this(manager, ChunkedHead.LOGITS);
    }

    /// @param logits held at once, at least those of one token
    public VocabularyHead(NDManager manager, long logits) {
        this.chunks = new ChunkedHead(logits);
        this.program = Program.resources(manager, VocabularyHead.class,
                List.of(Distribution.TEXT, "/dev/socratic/trainer/programs/vocabulary.txt"));
    }

    /// @param states the student's final hidden states with their graph, `[batch, seq, hidden]`
    /// @param places `[tokens]` int64, where in `[batch * seq]` predictions count
    /// @return those rows, `[tokens, hidden]`, without graph
    public NDArray select(NDArray states, NDArray places) {
        return program.run("select", Arg.of(states), Arg.of(places)).singletonOrThrow();
    }

    /// @param student       final states and head, `[tokens, hidden]`, without graph
    /// @param headGradients added to: [Head#gradients]
    /// @param known         of the same tokens
    /// @param scale         1 / loss tokens of the step
    public Loss loss(StepLoss objective, Projected student, List<NDArray> headGradients, Tokens known, float scale) {
        NDArray hidden = student.hidden();
        NDManager owner = hidden.getManager();
        TeacherPass teachers = known.teachers();
        List<NDArray> gradients = new ArrayList<>();
        NDArray sums = owner.zeros(new Shape(2), DataType.FLOAT64);
        chunks.walk(owner, tokens(hidden), teachers.widest(student.head().vocab()), teachers::chunkEnd, chunk -> {
            List<TeacherTarget> targets = teachers.targets(chunk);
            Head.Pass pass = student.head().pass(chunk.of(hidden), chunk.scope()); // [chunk, vocab]
            LossGradient loss = objective.lossAndGradient(new TokenChunk(pass.logits(), chunk.of(known.labels()),
                    targets, teachers.tokens().map(theirs -> theirs.of(chunk)), known.context(chunk)), scale);
            program.run("add_sums", Arg.of(sums), Arg.of(loss.losses()), Arg.of(loss.correct()));
            gradients.add(pass.back(loss.gradient(), headGradients, owner)); // [chunk, hidden]
        });
        NDArray gradient = gradients.size() == 1 ? gradients.getFirst() : NDArrays.concat(new NDList(gradients), 0);
        return new Loss(sums, gradient);
    }

    private static int tokens(NDArray rows) {
        return Math.toIntExact(rows.getShape().get(0));
    }

    /// Log probability of each label, without graph, in chunks of tokens.
    ///
    /// @return `[tokens]` float32
    NDArray labelLogs(NDArray hidden, Head head, NDArray labels) {
        NDList parts = new NDList();
        chunks.walk(hidden, head.vocab(), head::frozen, (chunk, logits) ->
                parts.add(program.runIn(hidden.getManager(), "label_log_probability", Arg.of(logits),
                        Arg.of(chunk.of(labels))).singletonOrThrow())); // [chunk]
        return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
    }

    /// @return the same of the first teacher; nothing where it has no states, or was not asked
    Optional<NDArray> labelLogs(TeacherPass teachers, NDArray labels) {
        return teachers.outputs().stream().findFirst()
                .flatMap(first -> switch (first) {
                    case TeacherOutput.States states -> Optional.of(labelLogs(states.hidden(), states.head(), labels));
                    case ServedOutput served -> Optional.of(labels.getManager().create(served.labelLogProbs()));
                    case StoredOutput ignored -> Optional.empty();
                    case TeacherOutput.NotAsked ignored -> Optional.empty();
                });
    }

    /// What a model says of each token, without graph, in chunks of tokens.
    ///
    /// @param columns width of what is looked at: ids both sides know
    TokenStats stats(Projected model, NDArray labels, long columns) {
        Said said = new Said(tokens(model.hidden()), labels, columns);
        chunks.walk(model.hidden(), model.head().vocab(), model.head()::frozen, said::read);
        return said.all;
    }

    /// The same of a teacher; of a store with a part of its distributions, what it gives the labels.
    TokenStats stats(TeacherOutput teacher, NDArray labels, long columns) {
        int tokens = tokens(labels);
        return switch (teacher) {
            case TeacherOutput.States states ->
                    stats(new Projected(states.hidden(), states.head()), labels, columns);
            case StoredOutput stored when stored.isDense() -> {
                Said said = new Said(tokens, labels, columns);
                chunks.walk(labels.getManager(), tokens, columns,
                        chunk -> said.read(chunk, stored.logits(chunk.from(), chunk.to(), chunk.scope())));
                yield said.all;
            }
            case StoredOutput stored ->
                    new TokenStats(stored.labelLogProbs(), new float[tokens], new float[tokens]);
            case ServedOutput served ->
                    new TokenStats(served.labelLogProbs(), new float[tokens], new float[tokens]);
            case TeacherOutput.NotAsked ignored -> TokenStats.UNREAD;
        };
    }

    /// What is said of tokens, chunk by chunk.
    private final class Said {
        private final TokenStats all;
        private final NDArray labels;
        private final long columns;

        Said(int tokens, NDArray labels, long columns) {
            this.all = new TokenStats(new float[tokens], new float[tokens], new float[tokens]);
            this.labels = labels;
            this.columns = columns;
        }

        /// @param logits `[chunk, vocab]`
        void read(ChunkedHead.Chunk chunk, NDArray logits) {
            NDList stats = program.run("token_stats", Arg.of(logits), Arg.of(chunk.of(labels)),
                    Arg.of(columns));
            System.arraycopy(stats.get(0).toFloatArray(), 0, all.labels(), chunk.from(), chunk.size());
            System.arraycopy(stats.get(1).toFloatArray(), 0, all.entropy(), chunk.from(), chunk.size());
            System.arraycopy(stats.get(2).toFloatArray(), 0, all.largest(), chunk.from(), chunk.size());
        }
    }

    /// Where nothing is lost over the vocabulary: the hits all the same, and a gradient of zeros.
    Loss unread(NDArray hidden, Head head, NDArray labels) {
        NDArray sums = hidden.getManager().zeros(new Shape(2), DataType.FLOAT64);
        chunks.walk(hidden, head.vocab(), head::frozen, (chunk, logits) ->
                program.run("add_correct", Arg.of(sums), Arg.of(logits), Arg.of(chunk.of(labels))));
        return new Loss(sums, hidden.getManager().zeros(hidden.getShape()));
    }

    /// @return a side's counting positions with states, head, tokens; the states keep their graph
    FeatureInputs.FinalStates finalStates(Decoder decoder, MicroBatch batch, Signals signals) {
        NDManager scope = signals.states().getManager();
        NDArray places = scope.create(batch.lossPositions()); // [tokens]
        NDArray labels = scope.create(batch.labels()); // [tokens]
        long[] before = Arrays.stream(batch.lossPositions()).map(place -> batch.ids()[(int) place]).toArray();
        long[] row = Arrays.stream(batch.lossPositions()).map(place -> place / batch.seq()).toArray();
        NDArray table = decoder.embedding(); // [vocab, hidden]
        return new FeatureInputs.FinalStates(
                program.withGraph("widened_rows", Arg.of(signals.states()), Arg.of(places))
                        .singletonOrThrow(), Head.of(decoder),
                looked(scope, table, scope.create(before)), looked(scope, table, labels), labels, scope.create(row));
    }

    /// Rows of an embedding as numbers: nothing flows back into it.
    private NDArray looked(NDManager scope, NDArray table, NDArray ids) {
        NDArray found = program.withGraph("looked_up", Arg.of(table), Arg.of(ids)).singletonOrThrow();
        found.attach(scope);
        return found;
    }

    /// @param gradient of the states, `[batch, seq, hidden]`
    /// @param inside   loss inside the body, one number with its graph
    /// @return one number whose gradient is both
    public NDArray surrogate(NDArray states, NDArray gradient, NDArray inside) {
        return program.withGraph("surrogate", Arg.of(states), Arg.of(gradient), Arg.of(inside)).singletonOrThrow();
    }

    /// Losses without gradients, of counting tokens.
    ///
    /// @return sum of the cross-entropies in nats, and how many labels were the most likely token; the gradient is
    ///         empty
    public Score score(NDArray hidden, Head head, NDArray labels) {
        NDArray sums = hidden.getManager().zeros(new Shape(2), DataType.FLOAT64);
        chunks.walk(hidden, head.vocab(), head::frozen, (chunk, logits) ->
                program.run("score", Arg.of(sums), Arg.of(logits), Arg.of(chunk.of(labels))));
        double[] read = sums.toDoubleArray();
        return new Score(read[0], (long) read[1]);
    }

    /// @return a gradient for every place, zero where nothing counts, in the shape of `states`
    public NDArray spread(NDArray states, NDArray places, NDArray gradient) {
        return program.run("spread", Arg.of(states), Arg.of(places), Arg.of(gradient)).singletonOrThrow();
    }

    @Override
    public void close() {
        program.close();
    }

    /// @param hidden `[tokens, hidden]`
    public record Projected(NDArray hidden, Head head) {}

    /// What is known of some tokens.
    ///
    /// @param labels   what follows each, `[tokens]` int64
    /// @param teachers what the teachers say of them
    /// @param start    what the student's frozen start says, where a term compares with it
    /// @param context  what else is known about each
    public record Tokens(NDArray labels, TeacherPass teachers, Optional<Projected> start, LossContext context) {
        /// Without a start.
        public Tokens(NDArray labels, TeacherPass teachers, LossContext context) {
            this(labels, teachers, Optional.empty(), context);
        }

        private LossContext context(ChunkedHead.Chunk chunk) {
            LossContext part = chunk.size() == chunk.tokens() ? context : context.slice(chunk.from(), chunk.to());
            return start.map(one -> {
                NDArray logits = one.head().frozen(chunk.of(one.hidden())); // [chunk, vocab]
                logits.attach(chunk.scope());
                return part.with(logits);
            }).orElse(part);
        }
    }

    /// @param sums     `[2]` float64: sum of the losses, nats, not scaled; labels that were the most likely token. They
    ///                 stay where they were made until somebody reads them, which waits for the device
    /// @param gradient of the scaled sum in the hidden states, `[tokens, hidden]`
    public record Loss(NDArray sums, NDArray gradient) {
        /// @return the sum of the losses, read
        public double sum() {
            return sums.toDoubleArray()[0];
        }

        /// @return how many labels were the most likely token, read
        public long right() {
            return (long) sums.toDoubleArray()[1];
        }

        /// @return this, and the losses of another pass over the same tokens
        Loss plus(Loss other) {
            NDArray losses = sums.getManager().create(new double[] {1, 0});
            return new Loss(sums.add(other.sums.mul(losses)), gradient);
        }
    }

    /// @param sum   of the cross-entropies, nats
    /// @param right labels that were the most likely token
    public record Score(double sum, long right) {}
}
