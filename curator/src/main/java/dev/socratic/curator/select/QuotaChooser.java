package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.SelectionConfig.Quotas;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keeps at most so many rows of each group, the first ones of its order.
final class QuotaChooser implements Chooser {
    private final Quotas config;
    private final RowGroups groups;
    private final RowOrder order;
    private final TreeMap<String, Integer> sizes = new TreeMap<>();

    QuotaChooser(Quotas config) {
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
        Map<String, Integer> taken = new HashMap<>();
        names.forEach(name -> sizes.merge(name, 1, Integer::sum));
        Decision[] decisions = new Decision[ids.size()];
        for (int row : order.sorted(byId)) {
            String group = names.get(row);
            int rank = taken.merge(group, 1, Integer::sum);
            decisions[row] = rank <= config.most() ? RowChoices.keep(rank, "group_rows", sizes.get(group))
                    : new Decision.Drop("over_quota", RowChoices.evidence().put("group", group)
                            .put("group_rows", sizes.get(group)).put("most", config.most())
                            .put("order", config.order().order()));
        }
        return Arrays.asList(decisions);
    }

    @Override
    public void tell(ObjectNode facts) {
        facts.put("order", config.order().order()).put("without_score", order.without());
        sizes.forEach(facts.putObject("groups")::put);
    }
}
