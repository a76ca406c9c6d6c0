package dev.socratic.curator.quality;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.RowTexts;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Drops rows that break a rule of a published filter ([QualityRules]), with the measure, its value and the limit. All
/// rules are measured of every row, so that each limit can be moved on the scores.
///
/// Rules over lines change a text first: lines that break them are taken out of answers and plain texts.
public final class QualityStep implements Step {
    private static final int SHOWN = 5;

    private final String label;
    private final QualityRules rules;
    private final TextPart of;

    public QualityStep(StepConfig.Quality config) {
        this.rules = QualityRules.read(config.rules());
        this.label = label(config.rules());
        this.of = config.of().orElse(rules.of());
    }

    /// @return a built-in name, or the name of a file without its ending, in the letters that reasons have
    private static String label(String rules) {
        return NamedFiles.path(rules, StepConfig.RULES)
                .map(file -> file.getFileName().toString().replace(StepConfig.RULES, ""))
                .orElse(rules).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    @Override
    public String name() {
        return "quality";
    }

    @Override
    public Decision judge(Candidate row) {
        if (row.isText() && of == TextPart.QUESTION) {
            return Decision.KEEP; // plain text has no question
        }
        Edited edited = edited(row);
        Document text = Document.of(edited.text());
        Map<String, Double> values = new LinkedHashMap<>();
        rules.rules().forEach(rule -> values.put(score(rule), rule.of(text)));
        RowScores scores = new RowScores(values);
        if (edited.lost() > rules.lines().map(LineRules::most).orElse(1.0)) {
            return new Decision.Drop(label + "_lines", object().put("share", edited.lost())
                    .put("most", rules.lines().orElseThrow().most()), scores);
        }
        Optional<Decision> broken = rules.rules().stream()
                .flatMap(rule -> broken(rule, values.get(score(rule)), scores).stream()).findFirst();
        return broken.orElseGet(() -> edited.gone().isEmpty()
                ? new Decision.Keep(scores)
                : new Decision.Edit(edited.row(), label + "_lines", evidence(edited), scores));
    }

    private Optional<Decision> broken(Measure rule, double value, RowScores scores) {
        Optional<ObjectNode> limit = rule.min().filter(least -> value < least)
                .map(least -> object().put("least", least))
                .or(() -> rule.max().filter(most -> value > most).map(most -> object().put("most", most)));
        return limit.map(evidence -> new Decision.Drop(reason(rule), evidence.put("measure", QualityRules.name(rule))
                .put("value", Math.round(value * 1e6) / 1e6), scores));
    }

    /// @param row  with lines taken out, or as it was
    /// @param text what is measured
    /// @param gone lines of that text
    /// @param lost share of its words that went
    private record Edited(ObjectNode row, String text, List<String> gone, double lost) {}

    private Edited edited(Candidate row) {
        String text = row.text(of);
        if (rules.lines().isEmpty()) {
            return new Edited(row.json(), text, List.of(), 0);
        }
        LineRules lines = rules.lines().get();
        LineRules.Kept kept = lines.of(text);
        if (kept.gone().isEmpty()) {
            return new Edited(row.json(), text, List.of(), 0);
        }
        double before = Document.of(text).words().size();
        double lost = before == 0 ? 0 : 1 - Document.of(kept.text()).words().size() / before;
        return new Edited(RowTexts.mapAnswers(row.json(), part -> lines.of(part).text()), kept.text(), kept.gone(),
                lost);
    }

    private static ObjectNode evidence(Edited edited) {
        ObjectNode evidence = object().put("lines", edited.gone().size())
                .put("share", Math.round(edited.lost() * 1e6) / 1e6);
        edited.gone().stream().limit(SHOWN).forEach(evidence.putArray("first")::add);
        return evidence;
    }

    private String score(Measure rule) {
        return label + "." + QualityRules.name(rule);
    }

    private String reason(Measure rule) {
        return label + "_" + QualityRules.name(rule);
    }

    @Override
    public List<Threshold> thresholds() {
        List<Threshold> all = new ArrayList<>();
        for (Measure rule : rules.rules()) {
            rule.min().ifPresent(least -> all.add(Threshold.least(score(rule), least, reason(rule))));
            rule.max().ifPresent(most -> all.add(Threshold.most(score(rule), most, reason(rule))));
        }
        return all;
    }

    @Override
    public ObjectNode facts() {
        return object().put("rules", label).put("of", of.spelled()).put("source", rules.source());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
