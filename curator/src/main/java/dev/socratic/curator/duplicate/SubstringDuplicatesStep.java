package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.StepConfig.SubstringDuplicates;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.RowTexts;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Drops rows that stand for the most part in earlier rows, word for word, and with `cut` takes such passages out of
/// the others ([PassageIndex]). The first row that has a passage keeps it.
///
/// What comes together where a passage was cut out is looked at again, until no passage is left, so that curating once
/// more cuts nothing. Memory is known before the first row is judged, for all rows are counted first; above
/// `memory_mb` the step says what it needs and does not begin.
public final class SubstringDuplicatesStep implements Step {
    private static final int SHOWN = 5;
    private static final int SHOWN_CHARACTERS = 200;
    private static final String SHARED = "shared";
    private static final String REASON = "substring_duplicate";

    private final SubstringDuplicates config;
    private final Path file;
    private final List<PassageIndex> index = new ArrayList<>(); // of one, once the rows are counted
    private long fingerprints;
    private long tokens;

    /// @param scratch a folder for a temporary file; the caller deletes it
    public SubstringDuplicatesStep(SubstringDuplicates config, Path scratch) {
        this.config = config;
        this.file = scratch.resolve("substring_duplicates.texts");
    }

    @Override
    public String name() {
        return "substring_duplicates";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        for (String part : parts(row)) {
            int count = Tokens.of(part, config.unit()).size();
            tokens += count;
            fingerprints += PassageIndex.fingerprints(count, config.min());
        }
    }

    /// The texts of a row that passages are looked for in, each for itself.
    private List<String> parts(Candidate row) {
        List<String> parts = new ArrayList<>();
        if (config.on() != TextPart.ANSWER && !row.isText()) {
            parts.add(row.question());
        }
        if (config.on() != TextPart.QUESTION || row.isText()) {
            parts.addAll(row.turns());
        }
        return parts;
    }

    @Override
    public Decision judge(Candidate row) {
        PassageIndex passages = index();
        List<String> parts = parts(row);
        long all = 0;
        long shared = 0;
        ArrayNode evidence = JsonNodeFactory.instance.arrayNode();
        for (String part : parts) {
            Tokens read = Tokens.of(part, config.unit());
            List<PassageIndex.Found> found = passages.find(read);
            all += read.size();
            for (boolean one : covered(read, found)) {
                shared += one ? 1 : 0;
            }
            found.forEach(one -> show(evidence, read, one));
        }
        double share = all == 0 ? 0 : Math.round(1e6 * shared / all) / 1e6;
        RowScores scores = RowScores.of(SHARED, share);
        if (share > config.share()) {
            return new Decision.Drop(REASON, evidence(share, evidence), scores);
        }
        if (config.cut() && shared > 0) {
            ObjectNode edited = RowTexts.mapAnswers(row.json(), this::cut);
            parts.forEach(part -> add(row, cut(part)));
            return new Decision.Edit(edited, "substring_cut", evidence(share, evidence), scores);
        }
        parts.forEach(part -> add(row, part));
        return new Decision.Keep(scores);
    }

    private PassageIndex index() {
        if (index.isEmpty()) {
            long bytes = PassageIndex.bytes(fingerprints);
            long mega = (bytes >> 20) + 1;
            if (mega > config.memoryMb()) {
                throw new ConfigException("substring_duplicates.memory_mb", String.format(Locale.ROOT,
                        "room for the %d fingerprints of %d %s", fingerprints, tokens, unit()),
                        "%s, of %s needed".formatted(config.memoryMb(), mega),
                        "write 'memory_mb: %s' where the heap has that, or a greater 'min': twice as much takes half"
                                .formatted(mega));
            }
            index.add(new PassageIndex(config.min(), config.unit(), fingerprints, file));
        }
        return index.getFirst();
    }

    private void add(Candidate row, String part) {
        index().add(row.id(), part, Tokens.of(part, config.unit()));
    }

    private String cut(String part) {
        String left = part;
        while (true) {
            Tokens read = Tokens.of(left, config.unit());
            List<PassageIndex.Found> found = index().find(read);
            if (found.isEmpty()) {
                return left;
            }
            left = read.without(covered(read, found));
        }
    }

    private static boolean[] covered(Tokens read, List<PassageIndex.Found> found) {
        boolean[] covered = new boolean[read.size()];
        found.forEach(one -> Arrays.fill(covered, one.from(), one.to(), true));
        return covered;
    }

    private void show(ArrayNode evidence, Tokens read, PassageIndex.Found found) {
        if (evidence.size() == SHOWN) {
            return;
        }
        String text = read.text(found.from(), found.to());
        int most = text.codePointCount(0, text.length());
        evidence.addObject().put("kept_id", index().id(found.text())).put(unit(), found.to() - found.from())
                .put("text", most <= SHOWN_CHARACTERS ? text
                        : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS)) + "...");
    }

    private ObjectNode evidence(double share, ArrayNode passages) {
        ObjectNode evidence = JsonNodeFactory.instance.objectNode().put("share", share).put("most", config.share())
                .put("min", config.min()).put("unit", unit());
        evidence.set("passages", passages);
        return evidence;
    }

    private String unit() {
        return config.unit().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<Threshold> thresholds() {
        return List.of(Threshold.most(SHARED, config.share(), REASON));
    }

    @Override
    public ObjectNode facts() {
        PassageIndex passages = index();
        return JsonNodeFactory.instance.objectNode().put("on", config.on().spelled()).put("unit", unit())
                .put("min", config.min()).put("share", config.share()).put("cut", config.cut())
                .put("fingerprints", passages.fingerprints()).put("texts", passages.size())
                .put("index_bytes", passages.memoryBytes()).put("runs_not_compared_everywhere", passages.unchecked());
    }

    @Override
    public void close() {
        index.forEach(PassageIndex::close);
    }
}
