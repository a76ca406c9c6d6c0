package dev.socratic.review.corpus;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.ReviewAction;
import dev.socratic.curator.review.RowOpinions;
import dev.socratic.review.decide.Decisions;
import dev.socratic.review.index.FacetCounts;
import dev.socratic.review.index.RowSearch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What people said of rows, as JSON.
public final class OpinionView {
    private final Decisions decisions;

    public OpinionView(Decisions decisions) {
        this.decisions = decisions;
    }

    /// @param summary of a row; gets what people said of it
    /// @return the same
    public ObjectNode on(ObjectNode summary) {
        RowOpinions all = decisions.of(summary.path("id").asText());
        summary.put("flagged", all.isFlagged()).put("edited", all.edit().isPresent())
                .put("conflict", all.isConflict());
        all.decision().ifPresent(choice -> summary.put("decision", choice.label()));
        Set<String> labels = new TreeSet<>();
        all.by().values().forEach(one -> labels.addAll(one.labels()));
        ArrayNode listed = summary.putArray("labels");
        labels.forEach(listed::add);
        all.by().values().stream().flatMap(one -> one.rating().stream()).mapToInt(Integer::intValue).average()
                .ifPresent(rating -> summary.put("rating", Math.round(rating * 100) / 100.0));
        all.by().values().stream().map(Opinion::note).filter(note -> !note.isEmpty()).reduce((a, b) -> b)
                .ifPresent(note -> summary.put("note", note));
        summary.put("reviewers", all.by().size());
        if (!all.isEmpty()) {
            summary.put("decided_at", all.at());
        }
        return summary;
    }

    /// @return of the rows a query finds, how many have each decision, label and reviewer
    public Map<String, FacetCounts.Facet> facets(RowSearch rows, String q, int most) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        List.of("decision", "label", "reviewer").forEach(name -> counts.put(name, new TreeMap<>()));
        Map<String, RowOpinions> said = decisions.rows();
        Set<Long> found = rows.keys(q, said.keySet().stream().map(RowSearch::key).toList());
        said.forEach((id, all) -> {
            if (found.contains(RowSearch.key(id))) {
                all.decision().ifPresent(choice -> counts.get("decision").merge(choice.label(), 1L, Long::sum));
                all.by().values().stream().flatMap(one -> one.labels().stream()).distinct()
                        .forEach(label -> counts.get("label").merge(label, 1L, Long::sum));
                all.by().keySet().forEach(name -> counts.get("reviewer").merge(name, 1L, Long::sum));
            }
        });
        Map<String, FacetCounts.Facet> facets = new TreeMap<>();
        counts.forEach((name, values) -> facets.put(name, FacetCounts.facet(values, most)));
        return facets;
    }

    /// @return all that was ever said of a row, oldest first
    public ArrayNode history(String id) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ReviewAction action : decisions.history(id)) {
            ObjectNode one = all.addObject().put("action", action.action()).put("reviewer", action.reviewer())
                    .put("at", action.at());
            if (action.kind() == ReviewAction.Kind.RANK) {
                action.ids().forEach(one.putArray("ranking")::add);
            }
            action.after().ifPresent(after -> one.setAll((ObjectNode) Json.tree(after)));
            one.put("undone", decisions.isUndone(action.action()));
        }
        return all;
    }
}
