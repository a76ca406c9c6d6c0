package dev.socratic.review.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.datasets.format.RowFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;

/// What `generate` asked, by id: texts and right answers lie in the file, about 40 bytes a question in memory.
/// Questions
/// that come later are read when one is asked for. A line that is no question is passed over here; `generate` has put
/// it into its quarantine.
public final class QuestionFile {
    private final TailedFile file;
    private final OpenFiles files;
    private KeyTable byId = new KeyTable();
    private LinePlace[] places = new LinePlace[64];
    private int count;

    public QuestionFile(Path file, OpenFiles files, Clock clock) {
        this.file = new TailedFile(file, files, clock);
        this.files = files;
    }

    /// @return the question as the file has it
    public synchronized Optional<ObjectNode> get(String id) {
        if (file.isOther()) {
            file.restart();
            byId = new KeyTable();
            count = 0;
        }
        int found = byId.get(KeyTable.Key.of(id));
        if (found == KeyTable.NONE) {
            read();
            found = byId.get(KeyTable.Key.of(id));
        }
        return found == KeyTable.NONE ? Optional.empty() : Optional.of(RowFiles.row(files.text(places[found])));
    }

    /// @return its text
    public Optional<String> text(String id) {
        return get(id).map(json -> json.path("question").asText()).filter(text -> !text.isEmpty());
    }

    private void read() {
        for (Optional<TailedFile.Found> found = file.next(); found.isPresent(); found = file.next()) {
            if (found.get().line() instanceof BoundedLines.Line.Text line) {
                try {
                    add(RowFiles.row(line.text()).path("id").asText(), found.get().place());
                } catch (DataException none) {
                    continue;
                }
            }
        }
    }

    private void add(String id, LinePlace place) {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
        }
        places[count] = place;
        byId.put(KeyTable.Key.of(id), count++);
    }
}
