package dev.socratic.datasets.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// How rows stand in a file of JSON. The content says so and not the name: pandas writes lines into `.json`, others
/// an array, or objects over many
/// lines, into `.jsonl`.
enum JsonShape {
    /// An object a line.
    LINES,
    /// One array of objects.
    ARRAY,
    /// Objects one behind the other, over as many lines as they take; or one that holds the list of rows.
    OBJECTS;

    /// @param file   is opened and closed
    /// @param format what its name says
    static JsonShape of(Path file, Format format, RowLimits limits) {
        try (BoundedLines lines = new BoundedLines(RowFiles.stream(file), file.toString(), limits.rowBytes())) {
            Optional<String> first = line(lines);
            Optional<String> second = line(lines);
            JsonShape named = format == Format.JSONL ? LINES : ARRAY;
            return first.map(text -> of(text, second, named)).orElse(named);
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private static JsonShape of(String first, Optional<String> second, JsonShape named) {
        Whole whole = whole(first);
        return switch (first.charAt(0)) {
            case '[' -> named == LINES && second.isPresent() && whole == Whole.YES ? LINES : ARRAY;
            case '{' -> switch (whole) {
                case YES -> second.isPresent() || named == LINES ? LINES : OBJECTS;
                case CUT -> second.filter(text -> isRow(first, text)).isPresent() ? LINES : OBJECTS;
                case NONE -> named;
            };
            default -> named;
        };
    }

    /// A line that is cut off and followed by a whole row is a damaged row; followed by anything else, or ended where
    /// more must come, it is the
    /// beginning of an object of many lines.
    private static boolean isRow(String first, String second) {
        return second.startsWith("{") && !first.matches("(?s).*[\\[{:,]") && whole(second) != Whole.NONE;
    }

    private enum Whole { YES, CUT, NONE }

    private static Whole whole(String text) {
        try {
            Json.foreign(text);
            return Whole.YES;
        } catch (JsonEOFException e) {
            return Whole.CUT;
        } catch (JsonProcessingException e) {
            // Behind a comma the parser says the same without the type.
            return e.getOriginalMessage().startsWith("Unexpected end-of-input") ? Whole.CUT : Whole.NONE;
        }
    }

    /// @return the next line that is not blank; of one that is too long or no text, its beginning
    private static Optional<String> line(BoundedLines lines) throws IOException {
        for (Optional<BoundedLines.Line> line = lines.line(); line.isPresent(); line = lines.line()) {
            String text = switch (line.get()) {
                case BoundedLines.Line.Text good -> good.text().strip();
                case BoundedLines.Line.Bad bad -> bad.start().strip();
            };
            if (!text.isEmpty()) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }
}
