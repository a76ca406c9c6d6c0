package dev.socratic.review.index;

import dev.socratic.core.json.Json;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.review.rows.LinePlace;
import dev.socratic.review.rows.ReviewRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.document.XYPointField;

/// A row as the index holds it: texts to search, names to count, numbers to sort by, what a list shows of it, and where
/// it lies; its text itself stays in its file.
final class RowDocument {
    static final String ID = "id";
    static final String KEY = "key";
    static final String ORDER = "order";
    static final String FEED = "feed";
    static final String QUESTION_ID = "question_id";
    static final String SUMMARY = "summary";
    static final String NUMBER = "n.";
    /// Where a row lies on the map that the step `clusters` makes, as a point; its numbers stand beside the others.
    static final String PLACE = "map";
    static final String MAP_X = "clusters.x";
    static final String MAP_Y = "clusters.y";
    static final String CLUSTER = "clusters.cluster";
    /// Names that rows are filtered and counted by.
    static final List<String> NAMES = List.of("status", "stage", "step", "reason", "teacher", "source", "licence",
            "file", "tag", "has");
    static final List<String> TEXTS = List.of("question", "answer", "reasoning");
    /// Characters; Lucene's terms end at 32,766 bytes.
    static final int LONGEST_TERM = 8_000;
    private static final Set<String> OWN = Set.of("teacher", "source", "licence", "tag", "has");

    private RowDocument() {}

    /// @return what a row's id stands for where numbers are wanted: 64 bits of its hash
    static long key(String id) {
        return KeyTable.Key.of(id).high();
    }

    /// @param id    the row's, or made different from that of an earlier row
    /// @param order its number among all rows
    static Document of(ReviewRow row, String id, long order, LinePlace place, LinePlace decision) {
        Document document = new Document();
        document.add(new StringField(ID, id, Field.Store.YES));
        document.add(new NumericDocValuesField(KEY, key(id)));
        document.add(new LongField(ORDER, order, Field.Store.NO));
        document.add(new StringField(FEED, row.feed(), Field.Store.NO));
        keyword(document, "status", row.status().label());
        keyword(document, "stage", row.feed().equals("generate.answers") ? "generate" : row.feed());
        keyword(document, "step", row.step());
        keyword(document, "reason", row.reason().length() > 200 ? row.reason().substring(0, 200) : row.reason());
        keyword(document, "file", row.file());
        row.facets().forEach((name, values) -> {
            if (OWN.contains(name)) {
                values.forEach(value -> keyword(document, name, value));
            }
        });
        if (!row.questionId().isEmpty()) {
            document.add(new StringField(QUESTION_ID, term(row.questionId()), Field.Store.NO));
        }
        row.numbers().forEach((name, value) -> document.add(new DoubleField(NUMBER + name, value, Field.Store.NO)));
        if (row.numbers().containsKey(MAP_X) && row.numbers().containsKey(MAP_Y)) {
            document.add(new XYPointField(PLACE, row.numbers().get(MAP_X).floatValue(),
                    row.numbers().get(MAP_Y).floatValue()));
        }
        document.add(new TextField("question", row.question(), Field.Store.NO));
        document.add(new TextField("answer", row.answer(), Field.Store.NO));
        row.reasoning().ifPresent(text -> document.add(new TextField("reasoning", text, Field.Store.NO)));
        document.add(new StoredField(SUMMARY,
                Json.line(row.summary().put("id", id)).getBytes(StandardCharsets.UTF_8)));
        place(document, "", place);
        place(document, "decision.", decision);
        return document;
    }

    private static void keyword(Document document, String name, String value) {
        if (!value.isEmpty()) {
            document.add(new KeywordField(name, term(value), Field.Store.NO));
        }
    }

    /// @return the beginning of a text that is too long for a term
    static String term(String text) {
        if (text.length() <= LONGEST_TERM) {
            return text;
        }
        boolean half = Character.isHighSurrogate(text.charAt(LONGEST_TERM - 1));
        return text.substring(0, half ? LONGEST_TERM - 1 : LONGEST_TERM);
    }

    private static void place(Document document, String prefix, LinePlace place) {
        document.add(new StoredField(prefix + "at.file", place.file()));
        document.add(new StoredField(prefix + "at.offset", place.offset()));
        document.add(new StoredField(prefix + "at.length", place.length()));
    }

    /// @param prefix empty, or `decision.`
    static LinePlace place(Document document, String prefix) {
        return new LinePlace(document.getField(prefix + "at.file").numericValue().intValue(),
                document.getField(prefix + "at.offset").numericValue().longValue(),
                document.getField(prefix + "at.length").numericValue().intValue());
    }
}
