package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.Part;
import dev.socratic.curator.config.StepConfig.NearDuplicates;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Row;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.text.Numbers;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Drops rows whose text is nearly that of an earlier row that stayed: greedy, the first of its kind stays.
///
/// Why greedy and not clusters of connected texts: in a cluster, a text may go because it is like one that is like one that stays, and the
/// evidence is a chain. Here every dropped row has one kept row with a true Jaccard similarity at or above the threshold. The price: which
/// rows stay depends on their order.
///
/// Why two words a shingle: a question has 46 words (GSM8K, mean), and an edited word touches as many shingles as it has words. Measured
/// on the 7,473 training questions of GSM8K: of copies with one edit (a word replaced, deleted, inserted or moved, or a number changed)
/// 98 % are at or above a similarity of 0.8 with pairs of words, 83 % with three words, 43 % with the five that are usual for web pages;
/// with two edits 72, 33 and 7 %. And pairs are specific enough: one pair of different questions in the whole set reaches 0.8, with any of
/// them. On 4,000 of our word problems, which share their templates and differ in names and numbers, pairs of words drop 11, single words 373.
public final class NearDuplicatesStep implements Step {
    private final NearDuplicates config;
    private final NearDuplicateIndex index;
    private final TextStore texts;
    private final List<Kept> kept = new ArrayList<>();
    private final Map<String, Decision> byQuestion = new HashMap<>();

    /// @param scratch a folder for a temporary file; the caller deletes it
    public NearDuplicatesStep(NearDuplicates config, Path scratch) {
        this.config = config;
        Banding banding = Banding.choose(config.threshold(), config.recall(), config.permutations());
        this.index = new NearDuplicateIndex(config.threshold(), banding, config.seed());
        this.texts = new TextStore(scratch.resolve("near_duplicates.texts"));
    }

    private record Kept(String id, String questionId) {}

    @Override
    public String name() {
        return "near_duplicates";
    }

    @Override
    public Decision judge(Row row) {
        if (config.on() != Part.QUESTION) {
            return decide(row);
        }
        String question = row.trace().questionId();
        Decision known = byQuestion.get(question);
        if (known == null) {
            known = decide(row);
            byQuestion.put(question, known);
        }
        return known;
    }

    private Decision decide(Row row) {
        Compared compared = Compared.of(row, config.on());
        List<String> words = Words.of(compared.text());
        String scope = switch (config.numbers()) {
            case ANY -> compared.scope();
            case SAME -> compared.scope() + "\u0000" + new TreeMap<>(Numbers.of(words));
        };
        Shingles shingles = Shingles.of(words, config.shingle()).within(scope);
        NearDuplicateIndex.Signed signed = index.sign(shingles);
        Optional<NearDuplicateIndex.Similar> nearest = index.nearest(signed);
        if (nearest.isPresent()) {
            return drop(nearest.get(), compared.text());
        }
        index.add(signed);
        kept.add(new Kept(row.trace().id(), row.trace().questionId()));
        texts.add(compared.text());
        return Decision.KEEP;
    }

    private Decision drop(NearDuplicateIndex.Similar nearest, String text) {
        Kept other = kept.get(nearest.text());
        return new Decision.Drop(
                "near_duplicate",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kept_id", other.id())
                        .put("kept_question_id", other.questionId())
                        .put("jaccard", nearest.jaccard())
                        .put("threshold", config.threshold())
                        .put("on", config.on().spelled())
                        .put("text", text)
                        .put("kept_text", texts.get(nearest.text())));
    }

    @Override
    public ObjectNode facts() {
        Banding banding = index.banding();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("on", config.on().spelled())
                .put("threshold", config.threshold())
                .put("shingle", config.shingle())
                .put("numbers", config.numbers().name().toLowerCase(Locale.ROOT))
                .put("seed", config.seed())
                .put("bands", banding.bands())
                .put("rows", banding.rows());
        ObjectNode recall = facts.putObject("expected_recall");
        for (double s = config.threshold(); s < 1; s += 0.05) {
            recall.put(String.format(Locale.ROOT, "%.2f", s), round(banding.found(s)));
        }
        return facts.put("texts", index.size()).put("compared", index.candidates()).put("index_bytes", index.memoryBytes());
    }

    private static double round(double share) {
        return Math.round(share * 1e6) / 1e6;
    }

    @Override
    public void close() {
        texts.close();
    }
}
