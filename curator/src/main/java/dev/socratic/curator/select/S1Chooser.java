package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.seed.Seeds;
import dev.socratic.curator.config.SelectionConfig.S1;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Difficulty, diversity, length (s1, Muennighoff et al. 2025, arXiv:2501.19393): rows that a weaker model solves go;
/// then a domain is drawn, each that has rows left with the same chance, and of its rows one with weight 2^-rank, where
/// rank 1 is the longest answer; until there are enough.
///
/// What differs: length is that of the answer in code points, not in tokens; and the paper's two passes beside this one
/// are left out, the first of which takes 384 rows of named benchmarks outright, while the last draws 300 from domains
/// weighted by benchmarks.
final class S1Chooser implements Chooser {
    private final S1 config;
    private final RowGroups groups;
    private final List<Double> lengths = new ArrayList<>();
    private final List<Optional<Double>> solved = new ArrayList<>();
    private long easy;
    private final TreeMap<String, Integer> taken = new TreeMap<>();

    S1Chooser(S1 config) {
        this.config = config;
        this.groups = new RowGroups(config.groups(), config.seed());
    }

    @Override
    public void add(Candidate row, RowScores before) {
        groups.add(row);
        lengths.add(RowOrder.length(row));
        solved.add(config.solved().flatMap(score -> Optional.ofNullable(before.values().get(score))));
    }

    @Override
    public List<Decision> choose(List<String> ids, int[] order) {
        List<String> names = groups.of(ids, order);
        Decision[] decisions = new Decision[ids.size()];
        TreeMap<String, List<Integer>> domains = new TreeMap<>();
        int[] longest = Arrays.stream(order).boxed().sorted(Comparator.comparingDouble(row -> -lengths.get(row)))
                .mapToInt(Integer::intValue).toArray();
        for (int row : longest) {
            Optional<Double> score = solved.get(row).filter(value -> value > config.solvedAbove());
            if (score.isPresent()) {
                easy++;
                decisions[row] = new Decision.Drop("solved", RowChoices.evidence()
                        .put("score", config.solved().orElseThrow()).put("value", score.get())
                        .put("most", config.solvedAbove()));
            } else {
                domains.computeIfAbsent(names.get(row), name -> new ArrayList<>()).add(row);
            }
        }
        SplittableRandom random = Seeds.random(config.seed(), "s1");
        int rank = 0;
        while (rank < config.rows() && !domains.isEmpty()) {
            String domain = new ArrayList<>(domains.keySet()).get(random.nextInt(domains.size()));
            List<Integer> rows = domains.get(domain);
            int row = rows.remove(drawn(random, rows.size()));
            taken.merge(domain, 1, Integer::sum);
            decisions[row] = RowChoices.keep(++rank, "length", lengths.get(row));
            if (rows.isEmpty()) {
                domains.remove(domain);
            }
        }
        for (int row : order) {
            if (decisions[row] == null) {
                decisions[row] = new Decision.Drop("not_drawn", RowChoices.evidence().put("domain", names.get(row))
                        .put("length", lengths.get(row)));
            }
        }
        return Arrays.asList(decisions);
    }

    /// @return place with probability 2^-(place + 1), scaled to the rows that are left
    private static int drawn(SplittableRandom random, int rows) {
        double all = 1 - Math.pow(0.5, rows);
        double u = random.nextDouble() * all;
        int place = 0;
        for (double weight = 0.5; u >= weight && place < rows - 1; weight /= 2) {
            u -= weight;
            place++;
        }
        return place;
    }

    @Override
    public void tell(ObjectNode facts) {
        facts.put("solved", easy).put("without_score", config.solved().isEmpty() ? 0
                : solved.stream().filter(Optional::isEmpty).count()).put("seed", config.seed());
        taken.forEach(facts.putObject("domains")::put);
    }
}
