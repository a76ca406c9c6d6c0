package dev.socratic.trainer.encoder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An objective's terms by where they count: those against labels where a token is masked, all others wherever
/// there is no padding. Each part is an objective of its own, whose means are over its own places.
///
/// @param onMasked numbers of the terms against labels
/// @param onAll    numbers of the others
public record MaskedObjective(Objective whole, List<Integer> onMasked, List<Integer> onAll) {
    public static MaskedObjective of(Objective objective) {
        List<Integer> masked = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < objective.terms().size(); i++) {
            (objective.terms().get(i).against() instanceof Against.Labels ? masked : all).add(i);
        }
        return new MaskedObjective(objective, List.copyOf(masked), List.copyOf(all));
    }

    /// @return the terms against labels as an objective; empty where there are none
    public Optional<Objective> masked() {
        return part(onMasked);
    }

    /// @return the others likewise
    public Optional<Objective> all() {
        return part(onAll);
    }

    /// @param ofMasked means of the terms against labels, in their order
    /// @param ofAll    of the others
    /// @return the means of all terms in the order of the whole objective
    public List<Double> together(List<Double> ofMasked, List<Double> ofAll) {
        Double[] all = new Double[whole.terms().size()];
        for (int i = 0; i < onMasked.size(); i++) {
            all[onMasked.get(i)] = ofMasked.get(i);
        }
        for (int i = 0; i < onAll.size(); i++) {
            all[onAll.get(i)] = ofAll.get(i);
        }
        return List.of(all);
    }

    private Optional<Objective> part(List<Integer> numbers) {
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode tree = (ObjectNode) ConfigWriter.tree(whole);
        ArrayNode terms = (ArrayNode) tree.get("terms");
        ArrayNode kept = tree.putArray("terms");
        numbers.forEach(number -> kept.add(terms.get(number)));
        return Optional.of(
                ConfigReader.read(tree.toString(), "objective '%s'".formatted(whole.name()), Objective.class));
    }
}
