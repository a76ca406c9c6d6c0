package dev.socratic.datasets.row;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.Trace.Draw;
import dev.socratic.datasets.row.Trace.Prompt;
import dev.socratic.datasets.row.Trace.Teacher;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// Ids that are hashes of content: the same input always has the same id, on any machine.
///
/// An id is a short prefix and the first 64 bits of a SHA-256, in hexadecimal. With n different rows the chance that
/// any two share an id is about n^2 / 2^65: 2.7e-8 for a million rows, 2.7e-6 for ten million.
public final class RowIds {
    private static final int HEX_DIGITS = 16;

    private RowIds() {}

    /// @param text the question's text; nothing else enters, so the same question from two files has one id
    /// @return `q_` and 16 hexadecimal digits
    public static String question(String text) {
        return "q_" + hash("question", text);
    }

    /// @param row what is learned from it
    /// @return `r_` and 16 hexadecimal digits
    public static String row(JsonNode row) {
        return "r_" + hash("row", Json.canonical(row));
    }

    /// The id of an answer, known before the answer is: it says what was asked, of whom and how.
    ///
    /// @return `t_` and 16 hexadecimal digits
    public static String trace(String questionId, Prompt prompt, Teacher teacher, Draw draw) {
        Sampling sampling = draw.sampling();
        List<String> parts = new ArrayList<>(List.of(
                "trace",
                questionId,
                prompt.template(),
                prompt.version(),
                prompt.hash(),
                teacher.name(),
                teacher.place(),
                teacher.revision(),
                Double.toString(sampling.temperature()),
                Double.toString(sampling.topP()),
                Integer.toString(draw.maxTokens()),
                Long.toString(draw.seed()),
                Integer.toString(draw.index())));
        if (sampling.topK() > 0 || sampling.minP() > 0) { // rows without them keep the ids they always had
            parts.add(Integer.toString(sampling.topK()));
            parts.add(Double.toString(sampling.minP()));
        }
        SortedMap<String, Object> further = sampling.further();
        further.keySet().removeAll(List.of("top_k", "min_p"));
        if (!further.isEmpty()) {
            parts.add(Json.canonical(further));
        }
        return "t_" + hash(parts.toArray(String[]::new));
    }

    /// Each part goes in with its length before it, so that ("ab", "c") and ("a", "bc") differ.
    private static String hash(String... parts) {
        StringBuilder all = new StringBuilder();
        for (String part : parts) {
            all.append(part.length()).append(':').append(part);
        }
        return Hashes.sha256(all.toString()).substring(0, HEX_DIGITS);
    }
}
