package dev.socratic.review.rows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.datasets.format.RowFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The rows of one stage, or of one file, as they come: read on from where they were read to. Where a file says what
/// was decided of each row (`decisions.jsonl`), its lines lead: the next kept one is the next row of the rows that
/// stayed, the next dropped one the next of those that went.
///
/// For use by one thread.
public final class RowFeed {
    /// Where rows go.
    @FunctionalInterface
    public interface Sink {
        /// @param place    of the row
        /// @param decision of its line of `decisions.jsonl`; [LinePlace#NONE] where there is none
        void row(ReviewRow row, LinePlace place, LinePlace decision);
    }

    /// A file of the feed.
    ///
    /// @param kind what its lines are
    record Lane(TailedFile file, RowStatus status, Kind kind, String shown) {}

    /// What a line holds.
    enum Kind {
        /// A row.
        ROW,
        /// `{file, line, reason, raw}`.
        QUARANTINED,
        /// A row of a file that has no lines, written anew: `{line, row}` or `{line, reason, raw}`.
        WRAPPED
    }

    /// A decision that waits for its row.
    private record Waiting(ObjectNode decision, LinePlace place) {}

    private final String name;
    private final List<Lane> lanes;
    private final Optional<TailedFile> decisions;
    private final Function<String, Optional<String>> question;
    private final Consumer<String> notices;
    private Optional<Waiting> waiting = Optional.empty();
    private boolean told;

    /// @param name     `curate`, `generate`, or the file's name
    /// @param notices  what a person should know
    RowFeed(String name, List<Lane> lanes, Optional<TailedFile> decisions,
            Function<String, Optional<String>> question, Consumer<String> notices) {
        this.name = name;
        this.lanes = List.copyOf(lanes);
        this.decisions = decisions;
        this.question = question;
        this.notices = notices;
    }

    public String name() {
        return name;
    }

    /// @return whether rows may still come
    public boolean isLive() {
        return files().stream().anyMatch(TailedFile::isPending);
    }

    /// @return whether it has any file
    public boolean isThere() {
        return files().stream().anyMatch(file -> file.place().isPresent());
    }

    /// @return whether what was read is no longer what is there: the rows have to be read anew. Not while new files
    ///         are written beside the old ones
    public boolean isStale() {
        return files().stream().anyMatch(TailedFile::isOther)
                && (!isLive() || files().stream().noneMatch(file -> OpenFiles.exists(file.file())));
    }

    /// Forgets all that was read.
    public void restart() {
        files().forEach(TailedFile::restart);
        waiting = Optional.empty();
        told = false;
    }

    /// @param most rows at once
    /// @return how many rows there were
    public int poll(int most, Sink sink) {
        int rows = 0;
        Optional<TailedFile> leading = decisions.filter(file -> file.place().isPresent());
        if (leading.isPresent()) {
            while (rows < most && led(leading.get(), sink)) {
                rows++;
            }
        }
        for (Lane lane : lanes) {
            boolean led = leading.isPresent() && lane.kind() == Kind.ROW;
            while (rows < most && (!led || rest(leading.get()))) {
                Optional<TailedFile.Found> found = lane.file().next();
                if (found.isEmpty()) {
                    break;
                }
                if (led && !told) {
                    told = true;
                    notices.accept("%s: a line for every row; got fewer than there are rows; rows without one are "
                            .formatted(leading.get().file()) + "shown without what was measured; run the stage again");
                }
                rows += row(lane, found.get(), Optional.empty(), LinePlace.NONE, sink);
            }
        }
        return rows;
    }

    /// @return whether rows are left that no decision leads: the files are whole, and the decisions all read
    private boolean rest(TailedFile leading) {
        return !isLive() && waiting.isEmpty() && leading.progress()[0] >= leading.progress()[1];
    }

    private boolean led(TailedFile leading, Sink sink) {
        if (waiting.isEmpty()) {
            Optional<TailedFile.Found> found = leading.next();
            if (found.isEmpty()) {
                return false;
            }
            waiting = Optional.of(new Waiting(decision(found.get()), found.get().place()));
        }
        Waiting first = waiting.get();
        RowStatus status = first.decision().path("decision").asText().equals("dropped") ? RowStatus.DROPPED
                : RowStatus.KEPT;
        Lane lane = lanes.stream().filter(one -> one.kind() == Kind.ROW && one.status() == status).findFirst()
                .orElseThrow();
        Optional<TailedFile.Found> row = lane.file().next();
        if (row.isEmpty()) {
            return false;
        }
        waiting = Optional.empty();
        row(lane, row.get(), Optional.of(first.decision()), first.place(), sink);
        return true;
    }

    private ObjectNode decision(TailedFile.Found found) {
        try {
            return found.line() instanceof BoundedLines.Line.Text text ? RowFiles.row(text.text())
                    : JsonNodeFactory.instance.objectNode();
        } catch (DataException broken) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /// @return 1, or 0 for a blank line
    private int row(Lane lane, TailedFile.Found found, Optional<ObjectNode> decision, LinePlace decided, Sink sink) {
        RowReading.Circumstances around = new RowReading.Circumstances(lane.status(), name, lane.shown(),
                found.number(), decision, question);
        ReviewRow row;
        switch (found.line()) {
            case BoundedLines.Line.Bad bad -> row = RowReading.broken(bad.start(),
                    "%s; got %s; %s".formatted(bad.expected(), bad.got(), bad.remedy()), around);
            case BoundedLines.Line.Text text when text.text().isBlank() -> {
                return 0;
            }
            case BoundedLines.Line.Text text -> row = read(text.text(), lane, around);
        }
        boolean other = decision.filter(line -> !line.path("id").asText().equals(row.id())).isPresent();
        if (other && !told) {
            told = true;
            notices.accept(("%s: lines in the order of the rows; got another row than '%s'; run the stage "
                    + "again").formatted(
                    decisions.orElseThrow().file(), row.id()));
        }
        sink.row(row, found.place(), other ? LinePlace.NONE : decided);
        return 1;
    }

    private ReviewRow read(String text, Lane lane, RowReading.Circumstances around) {
        ObjectNode json;
        try {
            json = RowFiles.row(text);
        } catch (DataException none) {
            return RowReading.broken(ReviewRow.start(text, 2_000), none.getMessage(), around);
        }
        return switch (lane.kind()) {
            case ROW -> RowReading.of(json, around);
            case QUARANTINED -> RowReading.broken(json.path("raw").asText(), json.path("reason").asText(),
                    at(around, json.path("file").asText(lane.shown()), json.path("line").asLong()));
            case WRAPPED -> json.path("row") instanceof ObjectNode row
                    ? RowReading.of(row, at(around, lane.shown(), json.path("line").asLong()))
                    : RowReading.broken(json.path("raw").asText(), json.path("reason").asText(),
                            at(around, lane.shown(), json.path("line").asLong()));
        };
    }

    private static RowReading.Circumstances at(RowReading.Circumstances around, String file, long line) {
        return new RowReading.Circumstances(around.status(), around.feed(), file, line, around.decision(),
                around.question());
    }

    /// @return how far each file was read
    public List<FileMark> marks() {
        return files().stream().map(TailedFile::mark).toList();
    }

    /// Goes on where another process ended.
    ///
    /// @return false where a file is another by now; then nothing was taken over
    public boolean resume(List<FileMark> marks) {
        List<TailedFile> files = files();
        boolean same = marks.size() == files.size();
        for (int i = 0; same && i < files.size(); i++) {
            same = marks.get(i).file().equals(files.get(i).file().toString()) && files.get(i).resume(marks.get(i));
        }
        if (!same) {
            restart();
        }
        return same;
    }

    /// @return bytes read, and bytes there are
    public long[] progress() {
        long[] all = new long[2];
        files().forEach(file -> {
            long[] one = file.progress();
            all[0] += one[0];
            all[1] += one[1];
        });
        return all;
    }

    private List<TailedFile> files() {
        List<TailedFile> all = new ArrayList<>(lanes.stream().map(Lane::file).toList());
        decisions.ifPresent(all::add);
        return all;
    }
}
