package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.SelectionConfig.Deita;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Score first, diversity aware (DEITA, Liu et al. 2023, arXiv:2312.15685): rows by complexity times quality, the
/// highest first, each taken unless its cosine to a row taken before is above the threshold, until there are enough.
///
/// The nearest row is looked for among those *taken*, as in the paper; where the whole pool is searched, two copies of
/// a row drive each other out. The paper's vectors are embeddings by a language model; here they are [TermVectors], in
/// which rows are less alike, so that the same threshold lets more through.
final class DeitaChooser implements Chooser {
    private final Deita config;
    private final TermVectors vectors = new TermVectors();
    private final List<Double> scores = new ArrayList<>();

    DeitaChooser(Deita config) {
        this.config = config;
    }

    @Override
    public void add(Candidate row, RowScores before) {
        vectors.add(row.text(config.of()));
        scores.add(config.by().stream()
                .mapToDouble(name -> before.values().getOrDefault(name, Double.NaN)).reduce(1, (a, b) -> a * b));
    }

    @Override
    public List<Decision> choose(List<String> ids, int[] order) {
        vectors.close();
        Decision[] decisions = new Decision[ids.size()];
        List<Integer> taken = new ArrayList<>();
        int[] best = Arrays.stream(order).filter(row -> !scores.get(row).isNaN()).boxed()
                .sorted(Comparator.comparingDouble(row -> -scores.get(row))).mapToInt(Integer::intValue).toArray();
        for (int row : best) {
            if (taken.size() == config.rows()) {
                decisions[row] = new Decision.Drop("lower_score", RowChoices.evidence()
                        .put("score", scores.get(row)).put("least_taken", scores.get(taken.getLast())));
                continue;
            }
            int nearest = taken.stream().max(Comparator.comparingDouble(other -> vectors.cosine(row, other)))
                    .orElse(row);
            double cosine = taken.isEmpty() ? 0 : vectors.cosine(row, nearest);
            if (cosine > config.threshold()) {
                decisions[row] = new Decision.Drop("too_similar", RowChoices.evidence().put("to", ids.get(nearest))
                        .put("cosine", RowChoices.rounded(cosine)).put("threshold", config.threshold()));
            } else {
                taken.add(row);
                decisions[row] = RowChoices.keep(taken.size(), "score", scores.get(row));
            }
        }
        for (int row : order) {
            if (scores.get(row).isNaN()) {
                decisions[row] = new Decision.Drop("no_score", RowChoices.evidence()
                        .put("by", String.join(", ", config.by())));
            }
        }
        return Arrays.asList(decisions);
    }

    @Override
    public void tell(ObjectNode facts) {
        config.by().forEach(facts.putArray("by")::add);
        facts.put("threshold", config.threshold())
                .put("without_score", scores.stream().filter(score -> score.isNaN()).count());
    }
}
