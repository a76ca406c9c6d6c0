package dev.socratic.prompts.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// How far two raters agree on the same rows: people and a judge.
///
/// ```text
/// agreement       = share of rows with the same label                           p_o
/// kappa           = (p_o - p_e) / (1 - p_e)                                     Cohen 1960
/// weighted_kappa  = 1 - sum w o / sum w e,  w = (i - j)^2 over the labels       Cohen 1968
/// ```
/// `p_e` and `e` are what the raters' own frequencies give by chance, `o` what was seen. Labels are rounded to whole
/// steps of their scale. Where both raters say one and the same of everything, chance agrees fully and neither kappa is
/// there.
public final class LabelAgreement {
    private final TreeMap<Long, TreeMap<Long, Long>> counts = new TreeMap<>(); // people, judge
    private final double step;
    private long rows;

    /// Labels that are whole numbers.
    public LabelAgreement() {
        this(1);
    }

    /// @param step by which labels differ at least: 1 of points, 0.5 of a preference with ties
    public LabelAgreement(double step) {
        this.step = step;
    }

    /// @param person what a person says
    /// @param judge  what the judge says
    public void add(double person, double judge) {
        counts.computeIfAbsent(Math.round(person / step), label -> new TreeMap<>())
                .merge(Math.round(judge / step), 1L, Long::sum);
        rows++;
    }

    /// @return `{rows, agreement, kappa, weighted_kappa, bias, confusion: [{people, judge, rows}]}`; `bias` is the
    ///         judge's mean less that of people
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("rows", rows);
        if (rows == 0) {
            return json;
        }
        double same = 0;
        double chance = 0;
        double seen = 0;
        double expected = 0;
        double bias = 0;
        SortedSet<Long> labels = labels();
        for (long person : labels) {
            for (long judge : labels) {
                double o = count(person, judge) / rows;
                double e = people(person) / rows * judged(judge) / rows;
                double distance = (double) (person - judge) * (person - judge);
                same += person == judge ? o : 0;
                chance += person == judge ? e : 0;
                seen += distance * o;
                expected += distance * e;
                bias += (judge - person) * step * o;
            }
        }
        json.put("agreement", rounded(same));
        if (chance < 1) {
            json.put("kappa", rounded((same - chance) / (1 - chance)));
            json.put("weighted_kappa", rounded(1 - seen / expected));
        }
        json.put("bias", rounded(bias));
        ArrayNode confusion = json.putArray("confusion");
        counts.forEach((person, row) -> row.forEach((judge, n) ->
                confusion.addObject().<ObjectNode>set("people", shown(person)).<ObjectNode>set("judge", shown(judge))
                        .put("rows", n)));
        return json;
    }

    private JsonNode shown(long label) {
        double value = label * step;
        return value == Math.rint(value) ? LongNode.valueOf((long) value) : DoubleNode.valueOf(value);
    }

    private SortedSet<Long> labels() {
        SortedSet<Long> labels = new TreeSet<>(counts.keySet());
        counts.values().forEach(row -> labels.addAll(row.keySet()));
        return labels;
    }

    private double count(long person, long judge) {
        return counts.getOrDefault(person, new TreeMap<>()).getOrDefault(judge, 0L);
    }

    private double people(long label) {
        return counts.getOrDefault(label, new TreeMap<>()).values().stream().mapToLong(Long::longValue).sum();
    }

    private double judged(long label) {
        return counts.values().stream().mapToLong(row -> row.getOrDefault(label, 0L)).sum();
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
