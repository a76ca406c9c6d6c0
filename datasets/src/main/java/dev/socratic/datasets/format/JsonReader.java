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
import java.util.NoSuchElementException;
import java.util.Optional;

/// One JSON array of objects, read element by element. Behind an element that is no JSON, or is too long, nothing can be told apart any more:
/// the rest of the file is one bad row.
final class JsonReader implements RowReader {
    private static final ObjectReader ELEMENTS = Json.mapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String file;
    private final BoundedInput in;
    private final JsonParser parser;
    private final Quarantine quarantine;
    private long number;
    private boolean ended;
    private Optional<Row> ahead = Optional.empty();

    /// @throws DataException if the file does not begin with `[`
    JsonReader(String file, InputStream raw, Limits limits, Quarantine quarantine) {
        this.file = file;
        this.in = new BoundedInput(raw, limits.rowBytes());
        this.quarantine = quarantine;
        try {
            parser = ELEMENTS.createParser(in);
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new DataException(file, "a JSON array of objects", String.valueOf(parser.currentToken()), "one object a line is .jsonl");
            }
        } catch (IOException e) {
            throw problem(e);
        }
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && !ended) {
            read();
        }
        return ahead.isPresent();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more rows in " + file);
        }
        Row row = ahead.orElseThrow();
        ahead = Optional.empty();
        return row;
    }

    private void read() {
        number++;
        in.startRow();
        try {
            if (parser.nextToken() == JsonToken.END_ARRAY) {
                ended = true;
                if (parser.nextToken() != null) {
                    bad("the end of the file after the array; got more");
                }
                return;
            }
            JsonNode node = ELEMENTS.readTree(parser);
            try {
                ObjectNode object = RowJson.object(node);
                RowJson.refuseLoneSurrogates(object);
                ahead = Optional.of(new Row(file, number, object));
            } catch (DataException e) {
                quarantine.add(new BadRow(file, number, e.getMessage(), String.valueOf(node)));
            }
        } catch (BoundedInput.TooLong e) {
            bad(e.getMessage());
        } catch (JsonProcessingException e) {
            bad(RowJson.problem(e).getMessage());
        } catch (IOException e) {
            throw problem(e);
        }
    }

    private void bad(String reason) {
        quarantine.add(new BadRow(file, number, reason + "; the rest of the file is left out", ""));
        ended = true;
    }

    private RuntimeException problem(IOException e) {
        return e instanceof JsonProcessingException json
                ? new DataException(file, "a JSON array of objects", json.getOriginalMessage(), "", e)
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
