package dev.socratic.trainer.run.prepare;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.run.Progress;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.VocabularyHead;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/// Before the first step, what the models say of the first rows: a model that says nothing, or a teacher that is not
/// itself, costs a moment here and a whole run later.
public final class SanityCheck {
    /// Rows that are looked at: enough for a mean over some hundred tokens.
    private static final int ROWS = 16;

    private final NDManager manager;
    private final List<TokenRow> rows = new ArrayList<>();
    private final int microTokens;

    /// @param encoder     as the run reads its rows
    /// @param microTokens most tokens of a micro-batch
    public SanityCheck(Corpus corpus, ExampleEncoder encoder, int microTokens, NDManager manager) {
        this.manager = manager;
        this.microTokens = microTokens;
        try (RowStream<Example> stream = corpus.readable()) {
            Iterator<Example> all = stream.iterator();
            while (rows.size() < ROWS && all.hasNext()) {
                if (encoder.encode(all.next()) instanceof RowEncoder.Verdict.Kept kept && kept.row().lossTokens() > 0) {
                    rows.add(kept.row());
                }
            }
        }
    }

    /// @param place where the student is from, for the message
    /// @throws DataException if it gives no numbers
    public void student(Decoder student, String place) {
        loss(student, place, rows);
    }

    /// Says so where a teacher finds the rows no likelier than a blind guess: weights that were never trained, or
    /// another template than its own.
    ///
    /// @param place where the teacher is from, for the message
    /// @throws DataException if it gives no numbers
    public void teacher(Decoder teacher, String place, Progress progress) {
        double loss = loss(teacher, place,
                rows.stream().map(row -> row.teacherRow().map(teacherRow -> teacherRow.row()).orElse(row))
                        .filter(row -> row.lossTokens() > 0).toList());
        double blind = Math.log(teacher.config().vocab());
        if (loss > 0.98 * blind) {
            progress.note(
                    String.format(Locale.ROOT,
                            "teacher %s: its loss on the first rows is %.2f nats a token, and a blind guess has "
                                    + "%.2f; look whether its "
                    + "weights are trained and whether the rows are written in its own chat template", place, loss,
                            blind));
        }
    }

    private double loss(Decoder decoder, String place, List<TokenRow> read) {
        if (read.isEmpty()) {
            return 0;
        }
        try (VocabularyHead vocabulary = new VocabularyHead(manager)) {
            double loss = Backward.score(decoder, LengthBuckets.of(read, microTokens, 1), vocabulary, manager,
                    false).loss();
            if (!Double.isFinite(loss)) {
                throw new DataException(place, "a model whose logits are numbers",
                        "a loss of %s over its first %s tokens".formatted(loss,
                                read.stream().mapToInt(TokenRow::lossTokens).sum()),
                        "look at its weights with: socratic inspect --check " + place);
            }
            return loss;
        }
    }
}
