package dev.socratic.core.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import java.util.stream.Collectors;

/// Jackson's complaints in our form: place with line and column, path, one line.
final class JsonProblems {
    private JsonProblems() {}

    static DataException of(JsonProcessingException e, Class<?> type, String place) {
        JsonLocation at = e.getLocation();
        String where = at == null ? place : place + ":" + at.getLineNr() + ":" + at.getColumnNr();
        String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
        String full = path.isEmpty() ? where : where + ": " + path;
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream().map(Object::toString).sorted()
                    .collect(Collectors.joining(", "));
            // Records are built after all fields are read: the location is where the record ends and would mislead.
            return new DataException(place + ": " + path, "a known field (" + known + ")",
                    "'" + unknown.getPropertyName() + "'", "", e);
        }
        String expected = JsonNode.class.isAssignableFrom(type) ? "JSON" : "JSON of a " + type.getSimpleName();
        return new DataException(full, expected, FirstLine.of(String.valueOf(e.getOriginalMessage())), "", e);
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
