package dev.socratic.curator.repair;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.Repair;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.RowTexts;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import dev.socratic.curator.text.WordDiff;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Repairs what is said in a row, by the user as well as by the assistant ([TextRepair]), and drops rows in which more
/// characters are lost than may be: U+FFFD stands for bytes that nobody can bring back.
///
/// The reason of an edit is its kind, or `several`. Rows that are about code or the web keep their HTML.
public final class RepairStep implements Step {
    private static final String LOST = "lost";
    private static final int SHOWN = 5;
    private static final Pattern ABOUT_THE_WEB = Pattern.compile("(?i)\\b(?:html|xml|svg|css|javascript|jsx|react|vue"
            + "|php|web ?page|website|web ?site|tags?|markup|dom)\\b");

    private final Repair config;
    private final TextRepair whole;
    private final TextRepair ofTheWeb;
    private final Map<String, Long> kinds = new TreeMap<>();

    public RepairStep(Repair config) {
        this.config = config;
        this.whole = new TextRepair(config);
        this.ofTheWeb = new TextRepair(new Repair(config.mojibake(), false, config.hidden(), config.lineEnds(),
                config.form(), config.mostLost()));
    }

    @Override
    public String name() {
        return "repair";
    }

    @Override
    public Decision judge(Candidate row) {
        TextRepair repair = ABOUT_THE_WEB.matcher(row.question()).find() ? ofTheWeb : whole;
        Map<String, Integer> done = new LinkedHashMap<>();
        Map<String, String> changed = new LinkedHashMap<>();
        ObjectNode json = RowTexts.mapTexts(row.json(), text -> {
            TextRepair.Repaired repaired = repair.of(text);
            if (!repaired.text().equals(text)) {
                repaired.kinds().forEach((kind, n) -> done.merge(kind, n, Integer::max));
                changed.put(text, repaired.text());
            }
            return repaired.text();
        });
        long lost = lost(json);
        RowScores scores = RowScores.of(LOST, lost);
        if (lost > config.mostLost()) {
            return new Decision.Drop("lost_characters",
                    object().put("lost", lost).put("most", config.mostLost()), scores);
        }
        if (changed.isEmpty()) {
            return new Decision.Keep(scores);
        }
        done.keySet().forEach(kind -> kinds.merge(kind, 1L, Long::sum));
        ObjectNode evidence = object();
        done.keySet().forEach(evidence.putArray("kinds")::add);
        evidence.set("changes", WordDiff.json(changed, SHOWN));
        return new Decision.Edit(json, done.size() == 1 ? done.keySet().iterator().next() : "several", evidence,
                scores);
    }

    private static long lost(ObjectNode json) {
        long[] lost = {0};
        RowTexts.mapTexts(json, text -> {
            lost[0] = Math.max(lost[0], text.chars().filter(c -> c == '\uFFFD').count());
            return text;
        });
        return lost[0];
    }

    @Override
    public List<Threshold> thresholds() {
        return List.of(Threshold.most(LOST, config.mostLost(), "lost_characters"));
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = object().put("mojibake", config.mojibake()).put("html", config.html())
                .put("hidden", config.hidden()).put("line_ends", config.lineEnds())
                .put("form", config.form().name().toLowerCase(Locale.ROOT)).put("most_lost", config.mostLost());
        kinds.forEach(facts.putObject("rows_repaired")::put);
        return facts;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
