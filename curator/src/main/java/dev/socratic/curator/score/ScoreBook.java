package dev.socratic.curator.score;

import dev.socratic.core.error.DataException;
import dev.socratic.core.journal.Journal;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.curator.store.KeyTable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one model was ever asked to score in a run folder, by content: a journal in `asked/scores/<model>`. Who the
/// model is counts with what it is asked: content of its weights, their type, how many rows it reads together.
///
/// A record is a unit, appended before the next is read: killing the process loses what was under way. Memory: about
/// 90 bytes a score.
final class ScoreBook implements AutoCloseable {
    private static final String NAME = "scores";
    private static final int BYTES = 2 * Long.BYTES + Double.BYTES + Integer.BYTES + 1;

    private final Path folder;
    private final Journal journal;
    private final KeyTable places = new KeyTable();
    private final List<ContinuationScore> scores = new ArrayList<>();

    private ScoreBook(Path folder, Journal journal) {
        this.folder = folder;
        this.journal = journal;
        journal.replay(this::read);
    }

    /// @param asked the run's folder of what was asked
    static ScoreBook open(Path asked, ModelCard card) {
        String model = Hashes.sha256(String.join("|", card.place(), card.revision(), card.name(),
                String.valueOf(card.unit()))).substring(0, 16);
        Path folder = asked.resolve(NAME).resolve(model);
        return new ScoreBook(folder, Journal.salvage(folder, NAME));
    }

    static KeyTable.Key key(ScoreRequest request) {
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        return KeyTable.Key.of("%s:%s%s%s".formatted(request.context().length(), request.exact() ? "=" : "~",
                request.context(), request.continuation()));
    }

    Optional<ContinuationScore> get(KeyTable.Key key) {
        int place = places.get(key);
        return place == KeyTable.NONE ? Optional.empty() : Optional.of(scores.get(place));
    }

    /// Keeps one unit; returns when it is on the disk.
    void keep(List<KeyTable.Key> keys, List<ContinuationScore> unit) {
        ByteBuffer record = ByteBuffer.allocate(BYTES * keys.size());
        for (int i = 0; i < keys.size(); i++) {
            ContinuationScore score = unit.get(i);
            record.putLong(keys.get(i).high()).putLong(keys.get(i).low()).putDouble(score.logProbability())
                    .putInt(score.tokens()).put((byte) (score.greedy() ? 1 : 0));
            put(keys.get(i), score);
        }
        journal.append(record.array());
    }

    private void read(byte[] bytes) {
        if (bytes.length % BYTES != 0) {
            throw new DataException(folder.toString(), "scores of this version", "a record of %s bytes".formatted(
                    bytes.length), "delete the folder: its rows are scored again");
        }
        ByteBuffer record = ByteBuffer.wrap(bytes);
        while (record.hasRemaining()) {
            KeyTable.Key key = new KeyTable.Key(record.getLong(), record.getLong());
            put(key, new ContinuationScore(record.getDouble(), record.getInt(), record.get() == 1));
        }
    }

    private void put(KeyTable.Key key, ContinuationScore score) {
        places.put(key, scores.size());
        scores.add(score);
    }

    @Override
    public void close() {
        journal.close();
    }
}
