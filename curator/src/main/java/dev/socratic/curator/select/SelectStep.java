package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.seed.Seeds;
import dev.socratic.curator.config.StepConfig.Select;
import dev.socratic.curator.config.StepConfig.Select.Order;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.store.LongsStore;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Keeps at most k answers a question.
///
/// It sees all rows before it judges the first, so which rows stay does not depend on their order (but for `first`,
/// which means it). Memory: about 250 bytes a row; with `diverse`, the word pairs of the answers lie in a file.
public final class SelectStep implements Step {
    private static final int PAIR = 2;

    private final Select config;
    private final Map<String, List<Ranked>> questions = new HashMap<>();
    private final Map<String, Set<Integer>> chosen = new HashMap<>();
    private final Map<String, Integer> judged = new HashMap<>();
    private final LongsStore pairs;

    /// @param scratch a folder for a temporary file; the caller deletes it
    public SelectStep(Select config, Path scratch) {
        this.config = config;
        this.pairs = new LongsStore(scratch.resolve("select.pairs"));
    }

    /// @param place  how many rows of its question came before
    /// @param length Unicode code points of the answer
    /// @param pairs  number of its word pairs in the file
    private record Ranked(String id, int place, int length, int pairs) {}

    @Override
    public String name() {
        return "select";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        List<Ranked> rows = questions.computeIfAbsent(row.questionId(), question -> new ArrayList<>());
        String answer = row.answer();
        Shingles words = config.by() == Order.DIVERSE ? Shingles.of(Words.of(answer), PAIR) : Shingles.NONE;
        rows.add(new Ranked(row.id(), rows.size(), answer.codePointCount(0, answer.length()),
                pairs.add(words.hashes())));
    }

    @Override
    public Decision judge(Candidate row) {
        String question = row.questionId();
        int place = judged.merge(question, 1, Integer::sum) - 1;
        Set<Integer> stay = chosen.computeIfAbsent(question, q -> choose(questions.get(q)));
        if (stay.contains(place)) {
            return Decision.KEEP;
        }
        ObjectNode evidence = JsonNodeFactory.instance.objectNode().put("by", by())
                .put("per_question", config.perQuestion());
        ArrayNode ids = evidence.put("answers", questions.get(question).size()).putArray("kept_ids");
        questions.get(question).stream().filter(other -> stay.contains(other.place()))
                .forEach(other -> ids.add(other.id()));
        return new Decision.Drop("not_selected", evidence);
    }

    private Set<Integer> choose(List<Ranked> rows) {
        Comparator<Ranked> byId = Comparator.comparing(Ranked::id).thenComparingInt(Ranked::place);
        Comparator<Ranked> byLength = Comparator.comparingInt(Ranked::length);
        List<Ranked> order = switch (config.by()) {
            case SHORTEST -> rows.stream().sorted(byLength.thenComparing(byId)).toList();
            case LONGEST -> rows.stream().sorted(byLength.reversed().thenComparing(byId)).toList();
            case FIRST -> rows;
            case RANDOM -> rows.stream()
                    .sorted(Comparator.comparingLong((Ranked row) -> Seeds.derive(config.seed(), "select", row.id()))
                            .thenComparing(byId))
                    .toList();
            case DIVERSE -> farthestFirst(rows.stream().sorted(byLength.thenComparing(byId)).toList());
        };
        Set<Integer> places = new HashSet<>();
        order.stream().limit(config.perQuestion()).forEach(row -> places.add(row.place()));
        return places;
    }

    /// @param rows at least one, the start first; of equally distant ones the earlier comes first
    private List<Ranked> farthestFirst(List<Ranked> rows) {
        Map<Ranked, Shingles> words = new HashMap<>();
        rows.forEach(row -> words.put(row, new Shingles(pairs.get(row.pairs()))));
        List<Ranked> left = new ArrayList<>(rows);
        List<Ranked> order = new ArrayList<>(List.of(left.removeFirst()));
        while (!left.isEmpty() && order.size() < config.perQuestion()) {
            Ranked farthest = left.getFirst();
            double widest = -1;
            for (Ranked row : left) {
                double distance = order.stream().mapToDouble(other -> 1 - words.get(row).jaccard(words.get(other)))
                        .min().orElse(1);
                if (distance > widest) {
                    widest = distance;
                    farthest = row;
                }
            }
            left.remove(farthest);
            order.add(farthest);
        }
        return order;
    }

    @Override
    public ObjectNode facts() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("per_question", config.perQuestion())
                .put("by", by())
                .put("seed", config.seed())
                .put("questions", questions.size());
    }

    @Override
    public void close() {
        pairs.close();
    }

    private String by() {
        return config.by().name().toLowerCase(Locale.ROOT);
    }
}
