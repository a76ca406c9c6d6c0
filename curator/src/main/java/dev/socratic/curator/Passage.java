package dev.socratic.curator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A row on its way through the steps, with what they said of it so far.
///
/// @param row    as it is now
/// @param scores by `<step>.<score>`
/// @param edits  `{step, reason, evidence}` of each change, in order
/// @param overruled `{step, reason, evidence}` of each drop that people overruled
public record Passage(Candidate row, RowScores scores, List<ObjectNode> edits, List<ObjectNode> overruled) {
    public Passage {
        edits = List.copyOf(edits);
        overruled = List.copyOf(overruled);
    }

    public static Passage of(Candidate row) {
        return new Passage(row, RowScores.NONE, List.of(), List.of());
    }

    /// @return the same with what a step measured
    public Passage measured(String step, Decision decision) {
        return new Passage(row, scores.with(step, decision.scores()), edits, overruled);
    }

    /// @param candidate makes one of a row
    /// @return the same with the row changed
    public Passage edited(String step, Decision.Edit edit, Function<ObjectNode, Candidate> candidate) {
        List<ObjectNode> all = new ArrayList<>(edits);
        ObjectNode one = JsonNodeFactory.instance.objectNode().put("step", step).put("reason", edit.reason());
        one.set("evidence", edit.evidence());
        all.add(one);
        return new Passage(candidate.apply(edit.row()), scores, all, overruled);
    }

    /// @return the same row, which stays although a step would have dropped it
    Passage overruled(String step, Decision.Drop drop) {
        List<ObjectNode> all = new ArrayList<>(overruled);
        ObjectNode one = JsonNodeFactory.instance.objectNode().put("step", step).put("reason", drop.reason());
        one.set("evidence", drop.evidence());
        all.add(one);
        return new Passage(row, scores, edits, all);
    }

    /// @return `{row, scores, edits, overruled}`, for a file that this stage reads again
    public ObjectNode spilled() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("row", row.json());
        json.set("scores", scores.json());
        json.putArray("edits").addAll(edits);
        json.putArray("overruled").addAll(overruled);
        return json;
    }

    /// @param spilled   as [#spilled] gave it
    /// @param candidate makes one of a row
    public static Passage of(ObjectNode spilled, Function<ObjectNode, Candidate> candidate) {
        List<ObjectNode> edits = new ArrayList<>();
        spilled.withArray("edits").forEach(edit -> edits.add((ObjectNode) edit));
        List<ObjectNode> overruled = new ArrayList<>();
        spilled.withArray("overruled").forEach(drop -> overruled.add((ObjectNode) drop));
        return new Passage(candidate.apply((ObjectNode) spilled.get("row")),
                RowScores.of((ObjectNode) spilled.get("scores")), edits, overruled);
    }

    /// @return the row's line in `decisions.jsonl`: `{id, decision: kept, scores, edits, overruled}`
    public ObjectNode kept() {
        return withNumbers(line("kept"));
    }

    /// @return the row's line in `decisions.jsonl`: `{id, decision: dropped, step, reason, evidence, scores, edits}`
    public ObjectNode dropped(String step, Decision.Drop drop) {
        ObjectNode line = line("dropped").put("step", step).put("reason", drop.reason());
        line.set("evidence", drop.evidence());
        return withNumbers(line);
    }

    private ObjectNode line(String decision) {
        return JsonNodeFactory.instance.objectNode().put("id", row.id()).put("decision", decision);
    }

    private ObjectNode withNumbers(ObjectNode line) {
        if (!scores.values().isEmpty()) {
            line.set("scores", scores.json());
        }
        if (!edits.isEmpty()) {
            line.putArray("edits").addAll(edits);
        }
        if (!overruled.isEmpty()) {
            line.putArray("overruled").addAll(overruled);
        }
        return line;
    }
}
