package dev.socratic.trainer.teacher;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.ServedWords;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// A teacher that is asked while the student learns: what it expects along the step's text, the likeliest tokens and
/// one class for all others.
///
/// Rows are asked about together, several requests at once. What was asked ahead, while another step is learned from,
/// is taken when its step comes. The endpoint behind the model repeats what failed for a while; where it cannot be
/// reached at all the run ends with a checkpoint of the step before.
public final class ServedTeacher implements AutoCloseable {
    /// Numbers of an answer: half a million are some 30 MB of JSON.
    private static final long MOST_NUMBERS = 1L << 19;

    private final DistributionModel model;
    private final int width;
    private final Tokenizer tokenizer;
    private final TeacherUse use;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore wire;
    private final Map<IntBuffer, Future<Map<IntBuffer, Distributions>>> asked = new HashMap<>();

    /// @param model     closed with this
    /// @param topK      likeliest tokens asked for
    /// @param tokenizer the student's, which the teacher must have too
    public ServedTeacher(DistributionModel model, int topK, Tokenizer tokenizer, TeacherUse use) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.width = Math.min(topK, tokenizer.vocabularySize());
        this.use = use;
        this.wire = new Semaphore(Math.max(1, model.card().parallel()));
    }

    /// @return ids that it may name
    public int vocab() {
        return tokenizer.vocabularySize();
    }

    /// @return its context, tokens; 0 where it does not say
    public int context() {
        return model.card().contextTokens();
    }

    public TeacherUse use() {
        return use;
    }

    /// Asks about a step that is learned from later.
    public void ask(List<MicroBatch> step) {
        step.forEach(batch -> ask(own(batch)));
    }

    /// @return what it says of a micro-batch
    /// @throws RetryLaterException if it cannot be reached
    /// @throws DataException       if it refuses, has another tokenizer, or says what is no distribution
    public ServedOutput output(MicroBatch batch) {
        MicroBatch own = own(batch);
        ask(own);
        List<Distributions> rows = own.tokenRows().stream().map(row -> said(row, take(IntBuffer.wrap(row.ids()))))
                .toList();
        return new ServedOutput(rows, own.lossPositions(), own.seq(), width);
    }

    /// Behind a prompt of its own the loss tokens are the student's, one by one.
    private static MicroBatch own(MicroBatch batch) {
        return batch.teacherBatch().map(MicroBatch.TeacherBatch::batch).orElse(batch);
    }

    private synchronized void ask(MicroBatch batch) {
        List<TokenRow> fresh = new ArrayList<>();
        batch.tokenRows().stream().sorted(Comparator.comparingInt(TokenRow::inputLength))
                .filter(row -> !asked.containsKey(IntBuffer.wrap(row.ids()))).forEach(fresh::add);
        for (int from = 0, to; from < fresh.size(); from = to) {
            to = from + 1;
            while (to < fresh.size() && (long) (to + 1 - from) * fresh.get(to).inputLength() * width <= MOST_NUMBERS) {
                to++;
            }
            List<int[]> rows = fresh.subList(from, to).stream().map(TokenRow::ids).toList();
            Future<Map<IntBuffer, Distributions>> answer = threads.submit(() -> request(rows));
            rows.forEach(row -> asked.put(IntBuffer.wrap(row), answer));
        }
    }

    private Map<IntBuffer, Distributions> request(List<int[]> rows) throws InterruptedException {
        wire.acquire();
        try {
            List<Distributions> answers = model.distributions(rows, width);
            use.add(rows.size(), rows.stream().mapToLong(row -> row.length).sum());
            ServedWords.require(place(), "the student's tokenizer", tokenizer, rows, answers);
            Map<IntBuffer, Distributions> all = new HashMap<>();
            for (int i = 0; i < rows.size(); i++) {
                requireKnown(answers.get(i));
                all.put(IntBuffer.wrap(rows.get(i)), answers.get(i));
            }
            return all;
        } finally {
            wire.release();
        }
    }

    private void requireKnown(Distributions said) {
        if (said.width() < width) {
            throw new DataException(place(), "log probabilities of %s tokens".formatted(width),
                    "those of %s".formatted(said.width()), "take a smaller served_teacher.top_k");
        }
        for (int id : said.ids()) {
            if (id < 0 || id >= vocab()) {
                throw new DataException(place(), "tokens of the student's vocabulary of %s".formatted(vocab()),
                        "number %s".formatted(id), "serve a teacher with the student's tokenizer");
            }
        }
    }

    private synchronized Future<Map<IntBuffer, Distributions>> take(IntBuffer row) {
        return asked.get(row);
    }

    private Distributions said(TokenRow row, Future<Map<IntBuffer, Distributions>> answer) {
        try {
            return answer.get().get(IntBuffer.wrap(row.ids()));
        } catch (ExecutionException failed) {
            forget();
            throw failed.getCause() instanceof RuntimeException ours ? ours
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            forget();
            throw new RetryLaterException("training", "an answer of the teacher", "an interrupt before it came",
                    "run the same command: it goes on from its last checkpoint");
        }
    }

    /// The answers of a step that was learned from are not needed again.
    public synchronized void forget(List<MicroBatch> step) {
        step.forEach(batch -> own(batch).tokenRows().forEach(row -> asked.remove(IntBuffer.wrap(row.ids()))));
    }

    private synchronized void forget() {
        asked.clear();
    }

    private String place() {
        return "%s %s".formatted(model.card().place(), model.card().name());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        model.close();
    }
}
