package dev.socratic.curator.review;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that was decided of a corpus, action by action, and what holds now.
///
/// In memory some 200 bytes a row that somebody decided. For one thread at a time.
public final class ReviewLog {
    /// Name of the file in a review's folder.
    public static final String FILE = "decisions.jsonl";
    /// Longest line: an action on rows is cut into lines of ten thousand.
    static final int LINE = 64 << 20;

    private final Map<String, RowOpinions> rows = new HashMap<>();
    private final Map<String, List<ReviewAction>> actions = new LinkedHashMap<>();
    private final Map<String, String> undone = new HashMap<>();
    private final List<ReviewAction> rankings = new ArrayList<>();

    /// What was found at the end of a file.
    ///
    /// @param good  bytes of whole lines
    /// @param bad   lines that are none, with their numbers
    /// @param torn  what stands behind the last whole line; empty where nothing does
    public record Reading(long good, List<Long> bad, String torn) {}

    /// @param file of actions; nothing where there is none
    /// @return what could not be read of it
    public Reading read(Path file) {
        if (!Files.exists(file)) {
            return new Reading(0, List.of(), "");
        }
        List<Long> bad = new ArrayList<>();
        long good = 0;
        try (BoundedLines lines = new BoundedLines(RegularFiles.open(file), file.toString(), LINE)) {
            for (Optional<BoundedLines.Line> line = lines.line(); line.isPresent(); line = lines.line()) {
                String text = line.get() instanceof BoundedLines.Line.Text one ? one.text() : "";
                if (!lines.ended()) {
                    return new Reading(good, bad, text);
                }
                good = lines.end();
                if (!text.isBlank() || line.get() instanceof BoundedLines.Line.Bad) {
                    try {
                        add(Json.read(text, ReviewAction.class, file + ":" + line.get().number()));
                    } catch (DataException none) {
                        bad.add(line.get().number());
                    }
                }
            }
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
        return new Reading(good, bad, "");
    }

    /// Makes an action hold.
    public void add(ReviewAction action) {
        actions.computeIfAbsent(action.action(), ignored -> new ArrayList<>()).add(action);
        switch (action.kind()) {
            case DECIDE -> action.ids().forEach(id -> put(id, action.reviewer(),
                    action.after().orElse(Opinion.NONE), action.at()));
            case RANK -> rankings.add(action);
            case UNDO -> {
                String what = action.undoes().orElse("");
                undone.put(what, action.action());
                for (ReviewAction earlier : actions.getOrDefault(what, List.of())) {
                    if (earlier.kind() == ReviewAction.Kind.DECIDE) {
                        earlier.ids().forEach(id -> put(id, earlier.reviewer(),
                                earlier.before().getOrDefault(id, Opinion.NONE), action.at()));
                    }
                }
                rankings.removeIf(ranking -> ranking.action().equals(what));
            }
        }
    }

    private void put(String id, String reviewer, Opinion opinion, String at) {
        RowOpinions now = rows.getOrDefault(id, RowOpinions.NONE).with(reviewer, opinion, at);
        if (now.isEmpty()) {
            rows.remove(id);
        } else {
            rows.put(id, now);
        }
    }

    /// @return what people say of a row
    public RowOpinions of(String id) {
        return rows.getOrDefault(id, RowOpinions.NONE);
    }

    /// @return rows that somebody said anything of
    public Map<String, RowOpinions> rows() {
        return Collections.unmodifiableMap(rows);
    }

    /// @return actions by their number, each with all its lines, in order
    public Map<String, List<ReviewAction>> actions() {
        return Collections.unmodifiableMap(actions);
    }

    /// @return whether an action was taken back
    public boolean isUndone(String action) {
        return undone.containsKey(action);
    }

    /// @return rankings that hold
    public List<ReviewAction> rankings() {
        return List.copyOf(rankings);
    }
}
