package dev.socratic.review.agree;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.review.Opinion.Choice;
import dev.socratic.curator.review.RowOpinions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// How far reviewers agree on which rows stay: rows that a reviewer passed by are not named by that reviewer.
public final class AgreementReport {
    private AgreementReport() {}

    /// @param rows what people said of each
    /// @return `{reviewers, rows_overlapping, cohen, fleiss, krippendorff, conflicts}`; a coefficient of which nothing
    ///         can be said has no value
    public static ObjectNode of(Collection<RowOpinions> rows) {
        List<Map<String, String>> things = new ArrayList<>();
        TreeSet<String> people = new TreeSet<>();
        long conflicts = 0;
        for (RowOpinions row : rows) {
            Map<String, String> thing = new LinkedHashMap<>();
            row.by().forEach((reviewer, opinion) -> opinion.decision().filter(choice -> choice != Choice.LATER)
                    .ifPresent(choice -> thing.put(reviewer, choice.label())));
            if (!thing.isEmpty()) {
                things.add(thing);
            }
            people.addAll(thing.keySet());
            conflicts += row.isDisputed() ? 1 : 0;
        }
        Ratings ratings = new Ratings(things);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        people.forEach(json.putArray("reviewers")::add);
        json.put("rows_overlapping", ratings.shared().things().size()).put("conflicts", conflicts);
        var pairs = json.putArray("cohen");
        people.forEach(a -> people.tailSet(a, false).forEach(b -> pair(ratings, a, b).ifPresent(pairs::add)));
        json.set("fleiss", coefficient("kappa", Resampling.of(ratings, FleissKappa::of)));
        json.set("krippendorff", coefficient("alpha", Resampling.of(ratings, KrippendorffAlpha::of)));
        return json;
    }

    private static Optional<ObjectNode> pair(Ratings ratings, String a, String b) {
        Ratings both = new Ratings(ratings.things().stream()
                .filter(thing -> thing.containsKey(a) && thing.containsKey(b)).toList());
        if (both.things().isEmpty()) {
            return Optional.empty();
        }
        double alike = both.things().stream().filter(thing -> thing.get(a).equals(thing.get(b))).count();
        ObjectNode json = coefficient("kappa", Resampling.of(both, drawn -> CohenKappa.of(drawn, a, b)));
        return Optional.of(json.put("a", a).put("b", b).put("agreement", alike / both.things().size()));
    }

    private static ObjectNode coefficient(String name, Coefficient value) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("rows", value.rows());
        if (!Double.isNaN(value.value())) {
            json.put(name, value.value());
        }
        if (!Double.isNaN(value.low())) {
            json.put("low", value.low()).put("high", value.high());
        }
        return json;
    }
}
