package dev.socratic.datasets.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// One JSON array of objects, or objects one behind the other, read one by one. Behind a value that is no JSON, or is
/// too long, nothing can be
/// told apart any more: the values that follow, as many as [CountedValues] finds, are bad rows.
///
/// One object that holds nothing but the list of rows under a name such as `data` stands for the list.
final class JsonReader implements RowReader {
    private static final ObjectReader VALUES = Json.foreign().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /// Names under which one object holds the rows.
    private static final List<String> LISTS =
            List.of("data", "rows", "examples", "instances", "items", "train", "validation", "test");

    private final String file;
    private final BoundedInput bounded;
    private final CountedValues counted;
    private final JsonParser parser;
    private final boolean array;
    private final Quarantine quarantine;
    private final Deque<Row> ahead = new ArrayDeque<>();
    private long number;
    private boolean ended;

    /// @param array whether the rows are those of an array
    /// @throws DataException if it is to be an array and the file does not begin with `[`
    JsonReader(String file, InputStream raw, boolean array, RowLimits limits, Quarantine quarantine) {
        this.file = file;
        this.bounded = new BoundedInput(raw, limits.rowBytes());
        this.counted = new CountedValues(bounded, array);
        this.array = array;
        this.quarantine = quarantine;
        try {
            parser = VALUES.createParser(counted);
            if (array && parser.nextToken() != JsonToken.START_ARRAY) {
                throw new DataException(
                        file, "objects, in an array or one behind the other", shown(parser.currentToken()),
                        "write [{...}, {...}] or an object a line");
            }
        } catch (IOException e) {
            throw problem(e);
        }
    }

    private static String shown(JsonToken token) {
        return token == null ? "nothing" : token.isScalarValue() ? "a value alone" : "the end of something";
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && !ended) {
            read();
        }
        return !ahead.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more rows in " + file);
        }
        return ahead.removeFirst();
    }

    private void read() {
        bounded.startRow();
        try {
            JsonToken token = parser.nextToken();
            if (token == null || array && token == JsonToken.END_ARRAY) {
                end(token);
                return;
            }
            number++;
            JsonNode node = Json.finite(VALUES.readTree(parser));
            Optional<JsonNode> list = !array && number == 1 && node.isObject() ? list((ObjectNode) node)
                    : Optional.empty();
            if (list.isPresent() && parser.nextToken() == null) {
                ended = true;
                list.get().forEach(row -> take(row, ++number - 1));
            } else {
                take(node, number);
            }
        } catch (BoundedInput.TooLong e) {
            bad(e.getMessage());
        } catch (JsonProcessingException e) {
            bad(RowJson.problem(e).getMessage());
        } catch (IOException e) {
            throw problem(e);
        }
    }

    private void end(JsonToken last) throws IOException {
        ended = true;
        if (array && last != null && parser.nextToken() != null) {
            bad("the end of the file after the array; got more");
        } else {
            Conserved.check(file, "values", counted.count(), number);
        }
    }

    /// @return the rows that one object holds
    private static Optional<JsonNode> list(ObjectNode only) {
        List<JsonNode> lists = only.properties().stream()
                .filter(field -> LISTS.contains(field.getKey()) && field.getValue().path(0).isObject())
                .map(field -> (JsonNode) field.getValue())
                .toList();
        return lists.size() == 1 ? Optional.of(lists.getFirst()) : Optional.empty();
    }

    private void take(JsonNode node, long line) {
        try {
            ObjectNode object = RowJson.object(node);
            RowJson.refuseLoneSurrogates(object);
            ahead.add(new Row(file, line, object));
        } catch (DataException e) {
            quarantine.add(new BadRow(file, line, e.getMessage(), String.valueOf(node)));
        }
    }

    /// The rest is counted and not read.
    private void bad(String reason) {
        ended = true;
        long first = Math.max(1, number);
        quarantine.add(new BadRow(file, first, reason + "; the rest of the file is left out", ""));
        try {
            byte[] rest = new byte[1 << 12];
            do {
                bounded.startRow();
            } while (counted.read(rest) >= 0);
        } catch (IOException e) {
            throw problem(e);
        }
        for (long row = first + 1; row <= counted.count(); row++) {
            quarantine.add(new BadRow(file, row, "rows up to here; got a break at row %s".formatted(first), ""));
        }
    }

    private RuntimeException problem(IOException e) {
        return e instanceof JsonProcessingException json
                ? new DataException(file, "objects, in an array or one behind the other", RowJson.problem(json)
                        .getMessage(), "", e)
                : IoProblems.reading(Path.of(file), e);
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw problem(e);
        }
    }
}
