package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.ExactDuplicates;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.TextStore;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/// Drops rows whose text is that of another row.
///
/// Texts are equal if they are after Unicode NFC, with every run of white space as one blank and none at the ends;
/// case and punctuation count. They are compared by 128 bits of SHA-256, of which the first 64 name the cluster. Which
/// texts stay does not depend on the order of the rows; of several equal rows the best by `keep` stays, and only
/// `first` goes by their order.
///
/// Memory: about 90 bytes a text, however many rows have it; ids lie in a file. With another rule than `first` the
/// rows are read twice.
public final class ExactDuplicatesStep implements Step {
    private final ExactDuplicates config;
    private final MemberRank rank;
    private final KeyTable groups = new KeyTable();
    private final TextStore ids; // of rows that were the best of their group: id, question id
    private int[] bestIds = new int[16];
    private int[] bestPlaces = new int[16];
    private double[] bestRanks = new double[16];
    private int looked;
    private int judged;

    /// @param scratch a folder for a temporary file; the caller deletes it
    public ExactDuplicatesStep(ExactDuplicates config, Path scratch) {
        this.config = config;
        this.rank = new MemberRank("exact_duplicates", config.keep(), config.score());
        this.ids = new TextStore(scratch.resolve("exact_duplicates.ids"));
    }

    @Override
    public String name() {
        return "exact_duplicates";
    }

    @Override
    public boolean looksAhead() {
        return !rank.byPlace();
    }

    @Override
    public void look(Candidate row, RowScores scores) {
        Compared compared = Compared.of(row, config.on());
        KeyTable.Key key = key(compared);
        int place = looked++;
        double good = rank.of(row, scores, compared.text());
        int group = groups.get(key);
        if (group == KeyTable.NONE) {
            group = groups.size();
            groups.put(key, group);
            if (group == bestIds.length) {
                bestIds = Arrays.copyOf(bestIds, 2 * group);
                bestPlaces = Arrays.copyOf(bestPlaces, 2 * group);
                bestRanks = Arrays.copyOf(bestRanks, 2 * group);
            }
        } else if (rank.byPlace() || good < bestRanks[group]
                || good == bestRanks[group] && row.id().compareTo(ids.get(bestIds[group])) >= 0) {
            return;
        }
        bestIds[group] = ids.add(row.id());
        ids.add(row.questionId());
        bestPlaces[group] = place;
        bestRanks[group] = good;
    }

    @Override
    public Decision judge(Candidate row) {
        if (rank.byPlace()) {
            look(row, RowScores.NONE);
        } else if (judged == 0) {
            rank.check();
        }
        int place = judged++;
        KeyTable.Key key = key(Compared.of(row, config.on()));
        int group = groups.get(key);
        String questionId = ids.get(bestIds[group] + 1);
        if (bestPlaces[group] == place || config.on() == TextPart.QUESTION && questionId.equals(row.questionId())) {
            return Decision.KEEP;
        }
        return new Decision.Drop(
                "exact_duplicate",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kept_id", ids.get(bestIds[group]))
                        .put("kept_question_id", questionId)
                        .put("cluster", String.format(Locale.ROOT, "%016x", key.high()))
                        .put("similarity", 1)
                        .put("keep", config.keep().spelled())
                        .put("on", config.on().spelled()));
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("on", config.on().spelled())
                .put("keep", config.keep().spelled());
        config.score().ifPresent(score -> facts.put("score", score).put("without_score", rank.without()));
        return facts.put("texts", groups.size());
    }

    private static KeyTable.Key key(Compared compared) {
        return KeyTable.Key.of(compared.scope() + "\u0000" + plain(compared.text()));
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).strip().replaceAll("(?U)\\s+", " ");
    }

    @Override
    public void close() {
        ids.close();
    }
}
