package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A step that sees all rows and then chooses. Memory: about 400 bytes a row, and what the choice needs.
public final class ChoiceStep implements Step {
    private final String name;
    private final Chooser chooser;
    private final List<String> ids = new ArrayList<>();
    private List<Decision> decisions = List.of();
    private int judged;

    /// @param name as in a config
    ChoiceStep(String name, Chooser chooser) {
        this.name = name;
        this.chooser = chooser;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row, RowScores before) {
        ids.add(row.id());
        chooser.add(row, before);
    }

    @Override
    public void looked() {
        int[] order = IntStream.range(0, ids.size()).boxed()
                .sorted(Comparator.<Integer, String>comparing(ids::get).thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue).toArray();
        decisions = chooser.choose(List.copyOf(ids), order);
    }

    @Override
    public Decision judge(Candidate row) {
        return decisions.get(judged++);
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("rows", ids.size());
        facts.put("chosen", decisions.stream().filter(Decision.Keep.class::isInstance).count());
        chooser.tell(facts);
        return facts;
    }

    @Override
    public void close() {
        chooser.close();
    }
}
