package dev.socratic.curator.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.RowTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What is remembered of a curation for its page: the first examples of every reason, histograms of every score, rows
/// by licence and source. Memory grows with reasons, scores and licences, not with rows.
public final class CurationLog {
    private static final int EXAMPLES = 3;
    private static final int SHOWN = 400;
    /// Licences or sources that are counted by name; what comes after counts as others.
    private static final int MOST_NAMES = 200;
    private static final String UNSTATED = "(not stated)";
    private static final String OTHERS = "(others)";

    private final UnaryOperator<String> hide;
    private final Map<String, List<Example>> dropped = new LinkedHashMap<>();
    private final Map<String, List<Example>> edited = new LinkedHashMap<>();
    private final Map<String, Histogram> scores = new LinkedHashMap<>();
    private final Tally licences = new Tally();
    private final Tally sources = new Tally();

    /// @param hide takes out of an example what a step of the curation masks, for steps before it saw the row
    /// unmasked
    public CurationLog(UnaryOperator<String> hide) {
        this.hide = hide;
    }

    /// @param question cut
    /// @param answer   cut
    record Example(String id, String question, String answer, ObjectNode evidence) {}

    /// Rows in and kept by a name.
    static final class Tally {
        final Map<String, long[]> rows = new TreeMap<>();

        void add(String name, int column) {
            String key = rows.containsKey(name) || rows.size() < MOST_NAMES ? name : OTHERS;
            rows.computeIfAbsent(key, k -> new long[2])[column]++;
        }

        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            rows.forEach((name, n) -> json.putObject(name).put("in", n[0]).put("kept", n[1]));
            return json;
        }
    }

    /// A row that was read.
    public void came(Candidate row) {
        licences.add(licence(row), 0);
        sources.add(named(row, "source"), 0);
    }

    /// A row that stayed, with all that was measured of it.
    public void kept(Candidate row, RowScores measured) {
        licences.add(licence(row), 1);
        sources.add(named(row, "source"), 1);
        measured(measured);
    }

    public void dropped(String step, String reason, Candidate row, ObjectNode evidence, RowScores measured) {
        example(dropped, step, reason, row, evidence);
        measured(measured);
    }

    /// @param row as it is now
    public void edited(String step, String reason, Candidate row, ObjectNode evidence) {
        example(edited, step, reason, row, evidence);
    }

    private void measured(RowScores measured) {
        measured.values().forEach((name, value) ->
                scores.computeIfAbsent(name, score -> new Histogram()).add(value));
    }

    private void example(Map<String, List<Example>> all, String step, String reason, Candidate row,
            ObjectNode evidence) {
        List<Example> examples = all.computeIfAbsent(step + ": " + reason, key -> new ArrayList<>());
        if (examples.size() < EXAMPLES) {
            examples.add(new Example(row.id(), cut(hide.apply(row.question())), cut(hide.apply(row.said())),
                    RowTexts.mapAll(evidence, hide)));
        }
    }

    private static String licence(Candidate row) {
        String own = named(row, "licence");
        return own.equals(UNSTATED) ? named(row, "license") : own;
    }

    private static String named(Candidate row, String field) {
        String name = row.json().path(field).asText("").strip();
        return name.isEmpty() ? UNSTATED : cut(name);
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "\u2026";
    }

    /// @param report receives `licences` and `sources`: of each the rows `in` and `kept`
    public void tell(ObjectNode report) {
        report.set("licences", licences.json());
        report.set("sources", sources.json());
    }

    Map<String, List<Example>> drops() {
        return dropped;
    }

    Map<String, List<Example>> edits() {
        return edited;
    }

    Map<String, Histogram> scores() {
        return scores;
    }
}
