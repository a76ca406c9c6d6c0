package dev.socratic.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Signals;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.FeatureLoss;
import dev.socratic.trainer.loss.Head;
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

/// The projection onto the vocabulary and what is lost there, in chunks of tokens, so that `[tokens, vocab]` is never
/// held whole.
///
/// For each chunk: project, loss and its gradient in the logits at once, gradient back into hidden states and head.
/// Exact, not an estimate: the chunks are rows of one matrix product.
public final class VocabularyHead implements AutoCloseable {
    /// Logits of one chunk: 8 Mi numbers are 32 MiB in float32, and there are about three arrays of that size at a
    /// time.
    private static final long CHUNK_NUMBERS = 8L << 20;

    private final Program program;
    private final long chunkNumbers;

    public VocabularyHead(NDManager manager) {
        this(manager, CHUNK_NUMBERS);
    }

    /// @param chunkNumbers logits held at once, at least those of one token
    public VocabularyHead(NDManager manager, long chunkNumbers) {
        this.chunkNumbers = chunkNumbers;
        this.program = Program.resource(manager, VocabularyHead.class, "/dev/socratic/trainer/programs/vocabulary.txt");
    }

    /// @param states the student's final hidden states with their graph, `[batch, seq, hidden]`
    /// @param places `[tokens]` int64, where in `[batch * seq]` predictions count
    /// @return those rows, `[tokens, hidden]`, without graph
    public NDArray select(NDArray states, NDArray places) {
        return program.run("select", Arg.of(states), Arg.of(places)).singletonOrThrow();
    }

    /// @param hidden       `[tokens, hidden]`, without graph
    /// @param head         the student's
    /// @param headGradient `[vocab, hidden]`, added to
    /// @param labels       `[tokens]` int64
    /// @param teachers     final hidden states and head of each teacher, the same tokens
    /// @param scale        1 / counting tokens of the step
    public Loss loss(
            TokenLoss objective, NDArray hidden, Head head, NDArray headGradient, NDArray labels,
            List<Projected> teachers, float scale) {
        return loss(objective, hidden, head, headGradient, labels, teachers, Optional.empty(), Optional.empty(),
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
            NDArray headGradient,
            NDArray labels,
            List<Projected> teachers,
            Optional<StoredTeacher.Part> stored,
            Optional<TokenLoss.Chunk.TeacherTokens> teacherRow,
            Optional<Projected> start,
            LossContext marks,
            float scale) {
        NDManager owner = hidden.getManager();
        long tokens = hidden.getShape().get(0);
        long rows = Math.max(1, chunkNumbers / head.weight().getShape().get(0));
        List<NDArray> gradients = new ArrayList<>();
        double sum = 0;
        long right = 0;
        long to;
        for (long from = 0; from < tokens; from = to) {
            long end = Math.min(tokens, from + rows);
            to = teacherRow.map(one -> (long) one.alignment().chunkEnd((int) end)).orElse(end);
            try (NDManager scope = owner.newSubManager()) {
                NDArray part = rows >= tokens ? hidden : slice(hidden, from, to); // [chunk, hidden]
                NDArray wanted = rows >= tokens ? labels : slice(labels, from, to); // [chunk]
                long[] theirs = theirs(teacherRow, from, to);
                List<NDArray> others = new ArrayList<>();
                Map<Integer, PartialDistribution> kept = new TreeMap<>();
                for (int k = 0; k < teachers.size(); k++) {
                    Projected teacher = teachers.get(k);
                    if (teacher.unasked()) {
                        kept.put(k, PartialDistribution.UNASKED);
                        continue;
                    }
                    others.add(project(scope,
                            rows >= tokens && teacherRow.isEmpty()
                                    ? teacher.hidden()
                                    : slice(teacher.hidden(), theirs[0], theirs[1]), teacher.head()));
                }
                int first = Math.toIntExact(from);
                int behind = Math.toIntExact(to);
                for (int k = 0; k < stored.map(StoredTeacher.Part::teachers).orElse(0); k++) {
                    int teacher = k;
                    StoredTeacher.Part known = stored.get();
                    known.logits(k, first, behind, scope)
                            .ifPresentOrElse(others::add,
                                    () -> kept.put(teacher, known.kept(teacher, first, behind, scope)));
                }
                NDArray logits = project(scope, part, head); // [chunk, vocab]
                LossContext marked = rows >= tokens ? marks : marks.slice(from, to);
                if (start.isPresent()) {
                    marked = marked.with(
                            project(scope,
                                    rows >= tokens
                                            ? start.get().hidden()
                                            : slice(start.get().hidden(), from, to), start.get().head()));
                }
                TokenLoss.Chunk chunk = new TokenLoss.Chunk(logits, wanted, others, kept,
                        part(teacherRow, from, to, theirs),
                        marked);
                TokenLoss.LossGradient lossGradient = objective.lossAndGradient(chunk, scale);
                sum += total(lossGradient.losses());
                right += lossGradient.correct();
                gradients.add(program.runIn(
                                owner, "pull_back", Arg.of(throughBound(lossGradient.gradient(), logits, head)),
                                Arg.of(part),
                                Arg.of(head.weight()), Arg.of(headGradient))
                        .singletonOrThrow()); // [chunk, hidden]
            }
        }
        NDArray gradient = gradients.size() == 1 ? gradients.getFirst() : NDArrays.concat(new NDList(gradients), 0);
        return new Loss(sum, right, gradient);
    }

    /// The teacher's tokens of a chunk: the same, or those that belong to them.
    private static long[] theirs(Optional<TokenLoss.Chunk.TeacherTokens> teacherRow, long from, long to) {
        return teacherRow.map(one -> Arrays.stream(one.alignment().teacherRange((int) from, (int) to)).asLongStream()
                .toArray())
                .orElseGet(() -> new long[] {from, to});
    }

    private static Optional<TokenLoss.Chunk.TeacherTokens> part(Optional<TokenLoss.Chunk.TeacherTokens> teacherRow,
            long from, long to,
            long[] theirs) {
        return teacherRow.map(one -> new TokenLoss.Chunk.TeacherTokens(
                one.alignment().slice((int) from, (int) to, new int[] {(int) theirs[0], (int) theirs[1]}),
                slice(one.labels(), theirs[0], theirs[1])));
    }

    /// Log probability of each label, without graph, in chunks of tokens.
    ///
    /// @return `[tokens]` float32
    NDArray labelLogs(NDArray hidden, Head head, NDArray labels) {
        long tokens = hidden.getShape().get(0);
        long rows = Math.max(1, chunkNumbers / head.weight().getShape().get(0));
        NDList parts = new NDList();
        for (long from = 0; from < tokens; from += rows) {
            long to = Math.min(tokens, from + rows);
            try (NDManager scope = hidden.getManager().newSubManager()) {
                NDArray logits = project(scope, slice(hidden, from, to), head); // [chunk, vocab]
                // [chunk]
                parts.add(program.runIn(hidden.getManager(), "label_logs", Arg.of(logits),
                        Arg.of(slice(labels, from, to))).singletonOrThrow());
            }
        }
        return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
    }

    /// What a model says of each token, without graph, in chunks of tokens.
    ///
    /// @param columns width of what is looked at: ids both sides know
    TokenStats outlook(Projected model, NDArray labels, long columns) {
        int tokens = Math.toIntExact(model.hidden().getShape().get(0));
        long rows = Math.max(1, chunkNumbers / model.head().weight().getShape().get(0));
        return outlook(tokens, rows, labels, columns,
                (from, to, scope) -> project(scope, slice(model.hidden(), from, to), model.head()));
    }

    /// The same of each teacher that a store stands for; of one with a part of its distributions, what it gives the
    /// labels.
    List<TokenStats> outlooks(StoredTeacher.Part stored, NDArray labels, long columns) {
        int tokens = Math.toIntExact(labels.getShape().get(0));
        List<TokenStats> all = new ArrayList<>();
        for (int k = 0; k < stored.teachers(); k++) {
            int teacher = k;
            all.add(stored.dense(k)
                    ? outlook(tokens, Math.max(1, chunkNumbers / columns), labels, columns,
                            (from, to, scope) -> stored.logits(teacher, (int) from, (int) to, scope).orElseThrow())
                    : new TokenStats(stored.labelLogs(k), new float[tokens], new float[tokens]));
        }
        return all;
    }

    private TokenStats outlook(int tokens, long rows, NDArray labels, long columns, Logits logits) {
        TokenStats all = new TokenStats(new float[tokens], new float[tokens], new float[tokens]);
        for (long from = 0; from < tokens; from += rows) {
            try (NDManager scope = labels.getManager().newSubManager()) {
                long to = Math.min(tokens, from + rows);
                NDArray part = logits.of(from, to, scope); // [chunk, vocab]
                NDList said = program.run("outlook", Arg.of(part), Arg.of(slice(labels, from, to)),
                        Arg.of(scope.create(columns)));
                System.arraycopy(said.get(0).toFloatArray(), 0, all.labels(), (int) from, (int) (to - from));
                System.arraycopy(said.get(1).toFloatArray(), 0, all.entropy(), (int) from, (int) (to - from));
                System.arraycopy(said.get(2).toFloatArray(), 0, all.largest(), (int) from, (int) (to - from));
            }
        }
        return all;
    }

    /// Logits of the tokens from one to another, `[chunk, vocab]`.
    private interface Logits {
        NDArray of(long from, long to, NDManager scope);
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
                program.withGraph("select", Arg.of(signals.states()), Arg.of(places))
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
        long tokens = hidden.getShape().get(0);
        long rows = Math.max(1, chunkNumbers / head.weight().getShape().get(0));
        double sum = 0;
        long right = 0;
        for (long from = 0; from < tokens; from += rows) {
            try (NDManager scope = hidden.getManager().newSubManager()) {
                long to = Math.min(tokens, from + rows);
                NDArray logits = project(scope, slice(hidden, from, to), head); // [chunk, vocab]
                NDList result = program.run("score", Arg.of(logits), Arg.of(slice(labels, from, to)));
                sum += total(result.get(0));
                right += result.get(1).getLong();
            }
        }
        return new Score(sum, right);
    }

    /// @return a gradient for every place, zero where nothing counts, in the shape of `states`
    public NDArray spread(NDArray states, NDArray places, NDArray gradient) {
        return program.run("spread", Arg.of(states), Arg.of(places), Arg.of(gradient)).singletonOrThrow();
    }

    /// Without graph, but called where a graph may be kept: what libtorch makes in its inference mode can never
    /// become the start of one.
    private NDArray project(NDManager scope, NDArray hidden, Head head) {
        NDArray plain = head.weight().stopGradient();
        plain.attach(scope);
        NDArray cap = scope.create(head.cap());
        NDArray logits = program.withGraph("project", Arg.of(hidden), Arg.of(plain), Arg.of(cap)).singletonOrThrow();
        logits.attach(scope);
        return logits;
    }

    /// @param lossGradient gradient in the bounded logits, `[chunk, vocab]`
    /// @param logits       bounded
    /// @return gradient in what was bounded: `slope (1 - (logits / cap)^2)`
    private NDArray throughBound(NDArray lossGradient, NDArray logits, Head head) {
        return head.cap() == 0 ? lossGradient
                : program.run("through_bound", Arg.of(lossGradient), Arg.of(logits),
                        Arg.of(logits.getManager().create(head.cap()))).singletonOrThrow();
    }

    private static NDArray slice(NDArray array, long from, long to) {
        return array.get(new NDIndex("{}:{}", from, to));
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
    record Projected(NDArray hidden, Head head) {
        /// A teacher whose forward pass nobody needs: states of no token.
        static Projected unasked(NDManager scope, Head head) {
            return new Projected(scope.zeros(new Shape(0, head.weight().getShape().get(1))), head);
        }

        boolean unasked() {
            return hidden.getShape().get(0) == 0;
        }
    }

    /// @param sum      of the losses, nats, not scaled
    /// @param right    labels that were the most likely token
    /// @param gradient of the scaled sum in the hidden states, `[tokens, hidden]`
    record Loss(double sum, long right, NDArray gradient) {}

    /// @param sum   of the cross-entropies, nats
    /// @param right labels that were the most likely token
    record Score(double sum, long right) {}
}
