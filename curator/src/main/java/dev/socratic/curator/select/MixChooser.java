package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.SelectionConfig.Mix;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keeps groups in fixed shares.
///
/// ```text
/// total = min( rows,  min over groups of  size / share )          shares scaled to sum 1
/// kept  = floor( total * share )  of each group
/// ```
/// So no row is used twice, and the scarcest group decides how many there can be.
final class MixChooser implements Chooser {
    private final Mix config;
    private final RowGroups groups;
    private final RowOrder order;
    private final TreeMap<String, Integer> sizes = new TreeMap<>();
    private final TreeMap<String, Integer> wanted = new TreeMap<>();

    MixChooser(Mix config) {
        this.config = config;
        this.groups = new RowGroups(config.groups(), config.seed());
        this.order = new RowOrder(config.order(), config.seed());
    }

    @Override
    public void add(Candidate row, RowScores before) {
        groups.add(row);
        order.add(row, before);
    }

    @Override
    public List<Decision> choose(List<String> ids, int[] byId) {
        List<String> names = groups.of(ids, byId);
        names.forEach(name -> sizes.merge(name, 1, Integer::sum));
        reckon();
        Map<String, Integer> taken = new HashMap<>();
        Decision[] decisions = new Decision[ids.size()];
        for (int row : order.sorted(byId)) {
            String group = names.get(row);
            int most = wanted.getOrDefault(group, 0);
            int rank = taken.merge(group, 1, Integer::sum);
            decisions[row] = rank <= most ? RowChoices.keep(rank, "group_rows", sizes.get(group))
                    : new Decision.Drop(most == 0 ? "not_in_mix" : "over_share", RowChoices.evidence()
                            .put("group", group).put("group_rows", sizes.get(group)).put("kept", most));
        }
        return Arrays.asList(decisions);
    }

    /// Groups that are named but not there make no mix impossible: the others share what is left of them.
    private void reckon() {
        Map<String, Double> shares = new TreeMap<>();
        sizes.keySet().forEach(group -> {
            if (config.shares().isEmpty() || config.shares().containsKey(group)) {
                shares.put(group, config.shares().getOrDefault(group, 1.0));
            }
        });
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        double total = config.rows().orElse(Integer.MAX_VALUE);
        for (Map.Entry<String, Double> entry : shares.entrySet()) {
            total = Math.min(total, sizes.get(entry.getKey()) / (entry.getValue() / sum));
        }
        double all = total;
        // A billionth against the rounding of a share: 3 / (1 / 3) is 9.
        shares.forEach((group, share) -> wanted.put(group, (int) Math.floor(all * share / sum + 1e-9)));
    }

    @Override
    public void tell(ObjectNode facts) {
        facts.put("order", config.order().order()).put("without_score", order.without());
        sizes.forEach(facts.putObject("groups")::put);
        wanted.forEach(facts.putObject("kept")::put);
        ObjectNode absent = RowChoices.evidence();
        config.shares().keySet().stream().filter(group -> !sizes.containsKey(group))
                .forEach(group -> absent.put(group, 0));
        if (!absent.isEmpty()) {
            facts.set("named_but_absent", absent);
        }
    }
}
