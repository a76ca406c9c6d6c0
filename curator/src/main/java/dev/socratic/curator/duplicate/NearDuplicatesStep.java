package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.NearDuplicates;
import dev.socratic.curator.config.StepConfig.NearDuplicates.Agreement;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.KnownAnswer;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.TextStore;
import dev.socratic.curator.text.Negations;
import dev.socratic.curator.text.NumberMultiset;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Drops rows whose text is nearly that of an earlier row that stayed: greedy, the first of its kind stays.
///
/// Why greedy and not clusters of connected texts: in a cluster, a text may go because it is like one that is like
/// one that stays, and the evidence is a chain. Here every dropped row has one kept row with a true Jaccard
/// similarity at or above the threshold. The price: which rows stay depends on their order.
///
/// Why two words a shingle: a question has 46 words (GSM8K, mean), and an edited word touches as many shingles as it
/// has words. Measured on the 7,473 training questions of GSM8K: of copies with one edit (a word replaced, deleted,
/// inserted or moved, or a number changed) 98 % are at or above a similarity of 0.8 with pairs of words, 83 % with
/// three words, 43 % with the five that are usual for web pages; with two edits 72, 33 and 7 %. And pairs are
/// specific enough: one pair of different questions in the whole set reaches 0.8, with any of them. On 4,000 of our
/// word problems, which share their templates and differ in names and numbers, pairs of words drop 11, single words
/// 373.
///
/// Questions that say nearly the same may still be two: with other numbers ([NumberMultiset]), with a negation more
/// ([Negations]), with another right answer. Such questions are never compared; the defaults can be switched off one
/// by one.
///
/// Memory: about 300 bytes a text that stays, however long it is; the texts and their shingles lie in files.
public final class NearDuplicatesStep implements Step {
    private static final int ENTRIES = 4;

    private final NearDuplicates config;
    private final NearDuplicateIndex index;
    private final TextStore kept; // of each text of the index: id, question id, the text, the answer
    private final KeyTable byQuestion = new KeyTable();
    private final List<NearDuplicateIndex.Similar> dropped = new ArrayList<>();

    /// @param scratch a folder for temporary files; the caller deletes it
    public NearDuplicatesStep(NearDuplicates config, Path scratch) {
        this.config = config;
        Banding banding = Banding.choose(config.threshold(), config.recall(), config.permutations());
        this.index = new NearDuplicateIndex(
                config.threshold(), banding, config.seed(), scratch.resolve("near_duplicates.shingles"));
        this.kept = new TextStore(scratch.resolve("near_duplicates.texts"));
    }

    @Override
    public String name() {
        return "near_duplicates";
    }

    @Override
    public Decision judge(Candidate row) {
        Compared compared = Compared.of(row, config.on());
        if (config.on() != TextPart.QUESTION) {
            return decision(nearest(row, compared), compared.text());
        }
        KeyTable.Key question = KeyTable.Key.of(row.questionId());
        int known = byQuestion.get(question);
        if (known != KeyTable.NONE) {
            return decision(known == 0 ? Optional.empty() : Optional.of(dropped.get(known - 1)), compared.text());
        }
        Optional<NearDuplicateIndex.Similar> nearest = nearest(row, compared);
        nearest.ifPresent(dropped::add);
        byQuestion.put(question, nearest.isPresent() ? dropped.size() : 0);
        return decision(nearest, compared.text());
    }

    /// @return the kept text that makes this one a duplicate; nothing for one that stays, which is then one of the
    ///         index
    private Optional<NearDuplicateIndex.Similar> nearest(Candidate row, Compared compared) {
        List<String> words = Words.of(compared.text());
        Shingles shingles = Shingles.of(words, config.shingle()).within(scope(compared, words));
        NearDuplicateIndex.Signed signed = index.sign(shingles);
        String answer = config.answers() == Agreement.SAME ? KnownAnswer.of(row).orElse("") : "";
        Optional<NearDuplicateIndex.Similar> nearest = index.similar(signed).stream()
                .filter(similar -> KnownAnswer.mayBeEqual(answer, entry(similar.text(), 3)))
                .reduce((a, b) -> b.jaccard() > a.jaccard() ? b : a);
        if (nearest.isEmpty()) {
            index.add(signed);
            kept.add(row.id());
            kept.add(row.questionId());
            kept.add(compared.text());
            kept.add(answer);
        }
        return nearest;
    }

    private String scope(Compared compared, List<String> words) {
        StringBuilder scope = new StringBuilder(compared.scope());
        if (config.numbers() == Agreement.SAME) {
            Map<String, Integer> numbers = NumberMultiset.of(words);
            scope.append(numbers.isEmpty() ? "" : "\u0000" + new TreeMap<>(numbers));
        }
        if (config.negation() == Agreement.SAME) {
            int negations = Negations.in(words);
            scope.append(negations == 0 ? "" : "\u0000not" + negations);
        }
        return scope.toString();
    }

    private String entry(int text, int which) {
        return kept.get(ENTRIES * text + which);
    }

    private Decision decision(Optional<NearDuplicateIndex.Similar> nearest, String text) {
        return nearest.<Decision>map(similar -> new Decision.Drop(
                        "near_duplicate",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("kept_id", entry(similar.text(), 0))
                                .put("kept_question_id", entry(similar.text(), 1))
                                .put("jaccard", similar.jaccard())
                                .put("threshold", config.threshold())
                                .put("on", config.on().spelled())
                                .put("text", text)
                                .put("kept_text", entry(similar.text(), 2))))
                .orElse(Decision.KEEP);
    }

    @Override
    public ObjectNode facts() {
        Banding banding = index.banding();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("on", config.on().spelled())
                .put("threshold", config.threshold())
                .put("shingle", config.shingle())
                .put("numbers", config.numbers().name().toLowerCase(Locale.ROOT))
                .put("negation", config.negation().name().toLowerCase(Locale.ROOT))
                .put("answers", config.answers().name().toLowerCase(Locale.ROOT))
                .put("seed", config.seed())
                .put("bands", banding.bands())
                .put("rows", banding.rows());
        ObjectNode recall = facts.putObject("expected_recall");
        for (double s = config.threshold(); s < 1; s += 0.05) {
            recall.put(String.format(Locale.ROOT, "%.2f", s), round(banding.found(s)));
        }
        return facts.put("texts", index.size()).put("compared", index.candidates())
                .put("index_bytes", index.memoryBytes());
    }

    private static double round(double share) {
        return Math.round(share * 1e6) / 1e6;
    }

    @Override
    public void close() {
        index.close();
        kept.close();
    }
}
