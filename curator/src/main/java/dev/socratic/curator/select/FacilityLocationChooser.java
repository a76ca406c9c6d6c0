package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.SelectionConfig.FacilityLocation;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Keeps rows that represent all: the greedy maximum of
///
/// ```text
/// f(S) = sum over all rows i of  max over j in S of  cos(i, j)
/// ```
/// which is monotone and submodular, so that f of the choice is at least (1 - 1/e) = 63 % of what any choice of as many
/// rows can reach (Nemhauser, Wolsey and Fisher 1978). Lazy (Minoux 1978): what a row would add never grows, so a row
/// is looked at again only when its old figure is the highest. Of equal gains the lesser id comes first.
///
/// Time: a look costs a pass over the rows that share a term. Memory: what [TermVectors] take, twice.
final class FacilityLocationChooser implements Chooser {
    private final FacilityLocation config;
    private final TermVectors vectors = new TermVectors();
    private double value;
    private long looks;

    FacilityLocationChooser(FacilityLocation config) {
        this.config = config;
    }

    @Override
    public void add(Candidate row, RowScores before) {
        vectors.add(row.text(config.of()));
    }

    /// @param place of the row in the order of ids
    /// @param at    how many had been chosen when the gain was reckoned
    private record Gain(int row, int place, double gain, int at) {}

    @Override
    public List<Decision> choose(List<String> ids, int[] order) {
        vectors.close();
        Postings postings = new Postings(vectors);
        double[] best = new double[ids.size()];
        int[] by = new int[ids.size()];
        Arrays.fill(by, -1);
        PriorityQueue<Gain> queue = new PriorityQueue<>(Comparator.comparingDouble((Gain gain) -> -gain.gain())
                .thenComparingInt(Gain::place));
        for (int place = 0; place < order.length; place++) {
            queue.add(new Gain(order[place], place, gain(postings.cosines(order[place]), best, order), 0));
        }
        Decision[] decisions = new Decision[ids.size()];
        int chosen = 0;
        while (chosen < config.rows() && !queue.isEmpty()) {
            Gain top = queue.poll();
            float[] cosines = postings.cosines(top.row());
            if (top.at() < chosen) {
                queue.add(new Gain(top.row(), top.place(), gain(cosines, best, order), chosen));
                continue;
            }
            for (int row = 0; row < cosines.length; row++) {
                if (cosines[row] > best[row]) {
                    best[row] = cosines[row];
                    by[row] = top.row();
                }
            }
            value += top.gain();
            decisions[top.row()] = RowChoices.keep(++chosen, "gain", top.gain());
        }
        for (int row = 0; row < decisions.length; row++) {
            if (decisions[row] == null) {
                ObjectNode evidence = RowChoices.evidence().put("cosine", RowChoices.rounded(best[row]));
                decisions[row] = new Decision.Drop("represented",
                        by[row] < 0 ? evidence : evidence.put("by", ids.get(by[row])));
            }
        }
        return new ArrayList<>(List.of(decisions));
    }

    /// Summed in the order of ids: rounding, too, must not depend on the order rows came in.
    private double gain(float[] cosines, double[] best, int[] order) {
        looks++;
        double gain = 0;
        for (int row : order) {
            gain += Math.max(0, cosines[row] - best[row]);
        }
        return gain;
    }

    @Override
    public void tell(ObjectNode facts) {
        facts.put("value", RowChoices.rounded(value)).put("share", vectors.size() == 0 ? 0
                : RowChoices.rounded(value / vectors.size())).put("looks", looks);
    }
}
