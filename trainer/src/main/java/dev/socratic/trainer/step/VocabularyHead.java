package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.Signals;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.FeatureLoss;
import dev.socratic.trainer.loss.LossContext;
import dev.socratic.trainer.loss.TokenLoss;
import dev.socratic.trainer.loss.TokenStats;
import dev.socratic.trainer.teacher.PartialDistribution;
import dev.socratic.trainer.teacher.StoredTeacher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    /// @param hidden        `[tokens, hidden]`, without graph
    /// @param head          the student's
    /// @param headGradients added to: [Head#gradients]
    /// @param labels        `[tokens]` int64
    /// @param teachers      final hidden states and head of each teacher, the same tokens
    /// @param scale         1 / counting tokens of the step
    public Loss loss(
            TokenLoss objective, NDArray hidden, Head head, List<NDArray> headGradients, NDArray labels,
            List<Projected> teachers, float scale) {
        return loss(objective, hidden, head, headGradients, labels, teachers, Optional.empty(), Optional.empty(),
                Optional.empty(), LossContext.NONE, scale);
    }

    /// @param stored     what a store has of the same tokens, instead of teachers
    /// @param teacherRow how the teacher's tokens belong to the student's, of the whole micro-batch, where its
    ///                   tokenizer is another; chunks cut no span then
    /// @param start      the student's frozen start, where a term reads it
    /// @param marks      what is known about each token besides
    public Loss loss(
            TokenLoss objective,
            NDArray hidden,
            Head head,
            List<NDArray> headGradients,
            NDArray labels,
            List<Projected> teachers,
            Optional<StoredTeacher.Part> stored,
            Optional<TokenLoss.Chunk.TeacherTokens> teacherRow,
            Optional<Projected> start,
            LossContext marks,
            float scale) {
        NDManager owner = hidden.getManager();
        int tokens = tokens(hidden);
        List<NDArray> gradients = new ArrayList<>();
        Sum sum = new Sum();
        // With one tokenizer all logits are about as wide as the student's; with two the teacher's may be much wider.
        int widest = teacherRow.isEmpty() ? head.vocab() : teachers.stream().filter(one -> !one.unasked())
                .mapToInt(one -> one.head().vocab()).reduce(head.vocab(), Math::max);
        chunks.walk(owner, tokens, widest, end -> teacherRow.map(one -> one.alignment().chunkEnd(end)).orElse(end),
                chunk -> {
            NDArray part = chunk.of(hidden); // [chunk, hidden]
            int[] theirs = theirs(teacherRow, chunk);
            List<NDArray> others = new ArrayList<>();
            Map<Integer, PartialDistribution> kept = new TreeMap<>();
            for (int k = 0; k < teachers.size(); k++) {
                Projected teacher = teachers.get(k);
                if (teacher.unasked()) {
                    kept.put(k, PartialDistribution.UNASKED);
                    continue;
                }
                NDArray states = teacherRow.isEmpty()
                        ? chunk.of(teacher.hidden()) : chunk.rows(teacher.hidden(), theirs[0], theirs[1]);
                others.add(attached(teacher.head().frozen(states), chunk.scope())); // [their chunk, vocab]
            }
            stored.ifPresent(store -> read(store, chunk, others, kept));
            Head.Pass pass = head.pass(part, chunk.scope()); // [chunk, vocab]
            LossContext marked = chunk.size() == tokens ? marks : marks.slice(chunk.from(), chunk.to());
            if (start.isPresent()) {
                marked = marked.with(
                        attached(start.get().head().frozen(chunk.of(start.get().hidden())), chunk.scope()));
            }
            TokenLoss.LossGradient lossGradient =
                    objective.lossAndGradient(new TokenLoss.Chunk(pass.logits(), chunk.of(labels), others, kept,
                    part(teacherRow, chunk, theirs), marked), scale);
            sum.add(total(lossGradient.losses()), lossGradient.correct());
            gradients.add(pass.back(lossGradient.gradient(), headGradients, owner)); // [chunk, hidden]
        });
        NDArray gradient = gradients.size() == 1 ? gradients.getFirst() : NDArrays.concat(new NDList(gradients), 0);
        return new Loss(sum.losses, sum.right, gradient);
    }

    private static void read(StoredTeacher.Part store, ChunkedHead.Chunk chunk, List<NDArray> others,
            Map<Integer, PartialDistribution> kept) {
        for (int k = 0; k < store.teachers(); k++) {
            int teacher = k;
            store.logits(k, chunk.from(), chunk.to(), chunk.scope()).ifPresentOrElse(others::add,
                    () -> kept.put(teacher, store.kept(teacher, chunk.from(), chunk.to(), chunk.scope())));
        }
    }

    /// The teacher's tokens of a chunk: the same, or those that belong to them.
    private static int[] theirs(Optional<TokenLoss.Chunk.TeacherTokens> teacherRow, ChunkedHead.Chunk chunk) {
        return teacherRow.map(one -> one.alignment().teacherRange(chunk.from(), chunk.to()))
                .orElseGet(() -> new int[] {chunk.from(), chunk.to()});
    }

    private static Optional<TokenLoss.Chunk.TeacherTokens> part(Optional<TokenLoss.Chunk.TeacherTokens> teacherRow,
            ChunkedHead.Chunk chunk,
            int[] theirs) {
        return teacherRow.map(one ->
                new TokenLoss.Chunk.TeacherTokens(one.alignment().slice(chunk.from(), chunk.to(), theirs),
                chunk.rows(one.labels(), theirs[0], theirs[1])));
    }

    private static int tokens(NDArray rows) {
        return Math.toIntExact(rows.getShape().get(0));
    }

    private static NDArray attached(NDArray array, NDManager scope) {
        array.attach(scope);
        return array;
    }

    /// Sums over chunks.
    private static final class Sum {
        private double losses;
        private long right;

        void add(double more, long hits) {
            losses += more;
            right += hits;
        }
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

    /// What a model says of each token, without graph, in chunks of tokens.
    ///
    /// @param columns width of what is looked at: ids both sides know
    TokenStats outlook(Projected model, NDArray labels, long columns) {
        Said said = new Said(tokens(model.hidden()), labels, columns);
        chunks.walk(model.hidden(), model.head().vocab(), model.head()::frozen, said::read);
        return said.all;
    }

    /// The same of each teacher that a store stands for; of one with a part of its distributions, what it gives the
    /// labels.
    List<TokenStats> outlooks(StoredTeacher.Part stored, NDArray labels, long columns) {
        int tokens = tokens(labels);
        List<TokenStats> all = new ArrayList<>();
        for (int k = 0; k < stored.teachers(); k++) {
            if (!stored.dense(k)) {
                all.add(new TokenStats(stored.labelLogs(k), new float[tokens], new float[tokens]));
                continue;
            }
            int teacher = k;
            Said said = new Said(tokens, labels, columns);
            chunks.walk(labels.getManager(), tokens, columns, chunk -> said.read(chunk,
                    stored.logits(teacher, chunk.from(), chunk.to(), chunk.scope()).orElseThrow()));
            all.add(said.all);
        }
        return all;
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
        return new Loss(0, score(hidden, head, labels).right(), hidden.getManager().zeros(hidden.getShape()));
    }

    /// @return a side's counting positions with states, head, tokens; the states keep their graph
    FeatureLoss.Reading reading(Decoder decoder, MicroBatch batch, Signals signals) {
        NDManager scope = signals.states().getManager();
        NDArray places = scope.create(batch.lossPositions()); // [tokens]
        NDArray labels = scope.create(batch.labels()); // [tokens]
        long[] before = Arrays.stream(batch.lossPositions()).map(place -> batch.ids()[(int) place]).toArray();
        long[] row = Arrays.stream(batch.lossPositions()).map(place -> place / batch.seq()).toArray();
        NDArray table = decoder.embedding(); // [vocab, hidden]
        return new FeatureLoss.Reading(
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
        Sum sum = new Sum();
        chunks.walk(hidden, head.vocab(), head::frozen, (chunk, logits) -> {
            NDList result = program.run("score", Arg.of(logits), Arg.of(chunk.of(labels)));
            sum.add(total(result.get(0)), result.get(1).getLong());
        });
        return new Score(sum.losses, sum.right);
    }

    /// @return a gradient for every place, zero where nothing counts, in the shape of `states`
    public NDArray spread(NDArray states, NDArray places, NDArray gradient) {
        return program.run("spread", Arg.of(states), Arg.of(places), Arg.of(gradient)).singletonOrThrow();
    }

    /// In double, in order: the same sum on every run.
    private static double total(NDArray losses) {
        double sum = 0;
        for (float loss : losses.toFloatArray()) {
            sum += loss;
        }
        return sum;
    }

    @Override
    public void close() {
        program.close();
    }

    /// @param hidden `[tokens, hidden]`
    public record Projected(NDArray hidden, Head head) {
        /// A teacher whose forward pass nobody needs: states of no token.
        static Projected unasked(NDManager scope, Head head) {
            return new Projected(scope.zeros(new Shape(0, head.hidden())), head);
        }

        boolean unasked() {
            return hidden.getShape().get(0) == 0;
        }
    }

    /// @param sum      of the losses, nats, not scaled
    /// @param right    labels that were the most likely token
    /// @param gradient of the scaled sum in the hidden states, `[tokens, hidden]`
    public record Loss(double sum, long right, NDArray gradient) {}

    /// @param sum   of the cross-entropies, nats
    /// @param right labels that were the most likely token
    public record Score(double sum, long right) {}
}
