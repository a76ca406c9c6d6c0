package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.curator.config.Part;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Row;
import dev.socratic.curator.step.Step;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/// Drops rows whose text is that of an earlier row.
///
/// Texts are equal if they are after Unicode NFC, with every run of white space as one blank and none at the ends; case and punctuation
/// count. They are compared by 128 bits of SHA-256. Which texts stay does not depend on the order of the rows; which of several equal rows
/// stays does: the first. Memory: about 250 bytes a row that stays.
public final class ExactDuplicatesStep implements Step {
    private static final int HEX_DIGITS = 32;

    private final Part on;
    private final Map<String, Owner> owners = new HashMap<>();

    public ExactDuplicatesStep(StepConfig.ExactDuplicates config) {
        this.on = config.on();
    }

    private record Owner(String id, String questionId) {}

    @Override
    public String name() {
        return "exact_duplicates";
    }

    @Override
    public Decision judge(Row row) {
        Compared compared = Compared.of(row, on);
        String key = Hashes.sha256(compared.scope() + "\u0000" + plain(compared.text())).substring(0, HEX_DIGITS);
        Owner mine = new Owner(row.trace().id(), row.trace().questionId());
        Owner first = owners.putIfAbsent(key, mine);
        if (first == null || on == Part.QUESTION && first.questionId().equals(mine.questionId())) {
            return Decision.KEEP;
        }
        return new Decision.Drop(
                "exact_duplicate",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kept_id", first.id())
                        .put("kept_question_id", first.questionId())
                        .put("on", on.spelled()));
    }

    @Override
    public ObjectNode facts() {
        return JsonNodeFactory.instance.objectNode().put("on", on.spelled()).put("texts", owners.size());
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).strip().replaceAll("(?U)\\s+", " ");
    }
}
