package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.SelectionConfig.KCenter;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.ArrayList;
import java.util.List;

/// Keeps centres ([Centers]): no row of the corpus is farther from one that stays than twice what is possible.
final class KCenterChooser implements Chooser {
    private final KCenter config;
    private final TermVectors vectors = new TermVectors();
    private double radius;

    KCenterChooser(KCenter config) {
        this.config = config;
    }

    @Override
    public void add(Candidate row, RowScores before) {
        vectors.add(row.text(config.of()));
    }

    @Override
    public List<Decision> choose(List<String> ids, int[] order) {
        if (order.length == 0) {
            return List.of();
        }
        vectors.close();
        Centers centers = Centers.of(vectors, ids, order, config.rows(), config.seed());
        radius = centers.radius();
        List<Decision> decisions = new ArrayList<>();
        for (int row = 0; row < ids.size(); row++) {
            int center = centers.nearest(row);
            decisions.add(centers.chosen().get(center) == row
                    ? center == 0 ? RowChoices.keep(1)
                            : RowChoices.keep(center + 1, "distance", centers.reached(center))
                    : new Decision.Drop("covered", RowChoices.evidence()
                            .put("by", ids.get(centers.chosen().get(center)))
                            .put("distance", RowChoices.rounded(centers.distance(row)))));
        }
        return decisions;
    }

    @Override
    public void tell(ObjectNode facts) {
        facts.put("radius", RowChoices.rounded(radius)).put("seed", config.seed());
    }
}
