package dev.socratic.cli.trace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.Row;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.row.Turns;
import dev.socratic.datasets.source.Beside;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.FieldPath;
import dev.socratic.datasets.source.RowStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A row that a student could learn from.
///
/// @param number from 0, among those that could be read
/// @param place  file and line; empty for rows that were never in a file
/// @param json   the row as it stands there, or as it was made
public record DataRow(int number, Optional<String> place, ObjectNode json) {
    private static final Beside WITH_PLACE = Beside.NOTHING.withTag(Optional.of(FieldPath.of("id")));
    private static final int SHOWN = 5;

    /// @param wanted its id; or its line in its file, of rows without a file its number from 1; or a piece of its text
    /// @return the row; empty where none is meant
    /// @throws DataException if several are
    public static Optional<DataRow> find(StudentRun run, String wanted) {
        List<Found> byId = new ArrayList<>();
        List<Found> byLine = new ArrayList<>();
        List<Found> byText = new ArrayList<>();
        Predicate<String> line = wanted.matches("[1-9][0-9]{0,8}") ? (":" + wanted)::equals : text -> false;
        try (RowStream<Example> rows = run.data().open(Quarantine.list(), run.dataSeed(), WITH_PLACE)) {
            int number = 0;
            for (Example row : rows) {
                Found found = new Found(number++, row.tag().map(Example.Tag::place), row);
                if (row.id().equals(wanted)) {
                    byId.add(found);
                } else if (line.test(found.line())) {
                    byLine.add(found);
                } else if (byText.size() <= SHOWN && text(row).contains(wanted)) {
                    byText.add(found);
                }
            }
        }
        return one(wanted, byId.isEmpty() ? byLine.isEmpty() ? byText : byLine : byId).map(Found::read);
    }

    private static Optional<Found> one(String wanted, List<Found> found) {
        if (found.size() > 1) {
            throw new DataException("ROW", "one row", "%s with '%s': %s".formatted(
                    found.size() > SHOWN ? "more than " + SHOWN : found.size(), wanted,
                    found.stream().limit(SHOWN).map(Found::name).toList()), "give the id or the line of one of them");
        }
        return found.stream().findFirst();
    }

    private record Found(int number, Optional<String> place, Example row) {
        String line() {
            return place.map(at -> at.substring(Math.max(0, at.lastIndexOf(':')))).orElse(":" + (number + 1));
        }

        String name() {
            return row.id().isEmpty() ? place.orElse("row " + (number + 1)) : row.id();
        }

        DataRow read() {
            return new DataRow(number, place, place.map(this::stored).orElseGet(this::made));
        }

        private ObjectNode stored(String at) {
            int colon = at.lastIndexOf(':');
            long line = Long.parseLong(at.substring(colon + 1));
            try (RowReader rows = RowFiles.read(Path.of(at.substring(0, colon)), Quarantine.list())) {
                while (rows.hasNext()) {
                    Row next = rows.next();
                    if (next.line() == line) {
                        return next.json();
                    }
                }
            }
            throw new DataException(at, "a row", "none any more", "put the file back");
        }

        private ObjectNode made() {
            ObjectNode json = Json.mapper().createObjectNode();
            switch (row) {
                case Example.Text text -> json.put("text", text.text());
                case Example.Chat chat -> json.set("messages", Turns.json(chat.messages()));
                case Example.Pair pair -> {
                    json.set("prompt", Turns.json(pair.prompt()));
                    json.set("chosen", Turns.json(pair.chosen()));
                    json.set("rejected", Turns.json(pair.rejected()));
                }
            }
            return json;
        }
    }

    private static String text(Example row) {
        StringBuilder all = new StringBuilder();
        switch (row) {
            case Example.Text text -> all.append(text.text());
            case Example.Chat chat -> chat.messages().forEach(turn -> all.append(turn.content()).append('\n'));
            case Example.Pair pair -> {
                pair.preferred().messages().forEach(turn -> all.append(turn.content()).append('\n'));
                pair.rejected().forEach(turn -> all.append(turn.content()).append('\n'));
            }
        }
        return all.toString();
    }
}
