package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.StepConfig.ExactDuplicates;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.Ints;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.Longs;
import dev.socratic.curator.store.TextStore;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/// Drops rows whose text is that of another row.
///
/// Texts are equal if they are after Unicode NFC, with every run of white space as one blank and none at the ends;
/// case and punctuation count. They are compared by 128 bits of SHA-256, of which the first 64 name the cluster. Which
/// texts stay does not depend on the order of the rows; of several equal rows the best by `keep` stays, and only
/// `first` goes by their order.
///
/// Memory: about 60 bytes a text, however many rows have it; ids lie in a file. With another rule than `first` the
/// rows are read twice.
public final class ExactDuplicatesStep implements Step {
    private final ExactDuplicates config;
    private final MemberRank rank;
    private final KeyTable groups = new KeyTable();
    private final TextStore ids; // of rows that were the best of their group: {id, question id}
    private final Ints bestIds = new Ints();
    private final Ints bestPlaces = new Ints();
    private final Longs bestRanks = new Longs(); // the bits of doubles; none where the first stays
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
            groups.put(key, groups.size());
            bestIds.add(names(row));
            bestPlaces.add(place);
            if (!rank.byPlace()) {
                bestRanks.add(Double.doubleToRawLongBits(good));
            }
            return;
        }
        double best = rank.byPlace() ? 0 : Double.longBitsToDouble(bestRanks.get(group));
        if (rank.byPlace() || good < best || good == best && row.id().compareTo(best(group).id()) >= 0) {
            return;
        }
        bestIds.set(group, names(row));
        bestPlaces.set(group, place);
        bestRanks.set(group, Double.doubleToRawLongBits(good));
    }

    private record Names(String id, String questionId) {}

    private int names(Candidate row) {
        return ids.add(Json.line(List.of(row.id(), row.questionId())));
    }

    private Names best(int group) {
        List<?> names = Json.read(ids.get(bestIds.get(group)), List.class, "a row's names");
        return new Names((String) names.get(0), (String) names.get(1));
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
        if (bestPlaces.get(group) == place) {
            return Decision.KEEP;
        }
        Names best = best(group);
        if (config.on() == TextPart.QUESTION && best.questionId().equals(row.questionId())) {
            return Decision.KEEP;
        }
        return new Decision.Drop(
                "exact_duplicate",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("kept_id", best.id())
                        .put("kept_question_id", best.questionId())
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

    /// @return equal for rows that are compared with each other
    public static String group(Candidate row, TextPart on) {
        KeyTable.Key key = key(Compared.of(row, on));
        return String.format(Locale.ROOT, "%016x%016x", key.high(), key.low());
    }

    private static KeyTable.Key key(Compared compared) {
        return KeyTable.Key.of(compared.scope() + "\u0000" + plain(compared.text()));
    }

    private static String plain(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
        StringBuilder plain = new StringBuilder(composed.length());
        boolean blank = false;
        for (int i = 0; i < composed.length(); i++) {
            char c = composed.charAt(i);
            if (!isBlank(c)) {
                plain.append(c);
            } else if (!blank) {
                plain.append(' ');
            }
            blank = isBlank(c);
        }
        return plain.toString();
    }

    /// The property White_Space of Unicode, all of which is in the basic plane.
    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r' || c >= '\u0085' && (c == '\u0085' || c == '\u00A0' || c == '\u1680'
                || c >= '\u2000' && c <= '\u200A' || c == '\u2028' || c == '\u2029' || c == '\u202F' || c == '\u205F'
                || c == '\u3000');
    }

    @Override
    public void close() {
        ids.close();
    }
}
