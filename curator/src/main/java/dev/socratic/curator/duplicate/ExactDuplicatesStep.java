package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.TextStore;
import java.nio.file.Path;
import java.text.Normalizer;

/// Drops rows whose text is that of an earlier row.
///
/// Texts are equal if they are after Unicode NFC, with every run of white space as one blank and none at the ends;
/// case and punctuation count. They are compared by 128 bits of SHA-256. Which texts stay does not depend on the order
/// of the rows; which of several equal rows stays does: the first. Memory: about 70 bytes a row that stays; ids lie in
/// a file.
public final class ExactDuplicatesStep implements Step {
    private final TextPart on;
    private final KeyTable owners = new KeyTable();
    private final TextStore ids;

    /// @param scratch a folder for a temporary file; the caller deletes it
    public ExactDuplicatesStep(StepConfig.ExactDuplicates config, Path scratch) {
        this.on = config.on();
        this.ids = new TextStore(scratch.resolve("exact_duplicates.ids"));
    }

    @Override
    public String name() {
        return "exact_duplicates";
    }

    @Override
    public Decision judge(Candidate row) {
        Compared compared = Compared.of(row, on);
        KeyTable.Key key = KeyTable.Key.of(compared.scope() + "\u0000" + plain(compared.text()));
        int first = owners.get(key);
        if (first == KeyTable.NONE) {
            owners.put(key, ids.add(row.id()));
            ids.add(row.questionId());
            return Decision.KEEP;
        }
        String questionId = ids.get(first + 1);
        if (on == TextPart.QUESTION && questionId.equals(row.questionId())) {
            return Decision.KEEP;
        }
        return new Decision.Drop(
                "exact_duplicate",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kept_id", ids.get(first))
                        .put("kept_question_id", questionId)
                        .put("on", on.spelled()));
    }

    @Override
    public ObjectNode facts() {
        return JsonNodeFactory.instance.objectNode().put("on", on.spelled()).put("texts", owners.size());
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).strip().replaceAll("(?U)\\s+", " ");
    }

    @Override
    public void close() {
        ids.close();
    }
}
