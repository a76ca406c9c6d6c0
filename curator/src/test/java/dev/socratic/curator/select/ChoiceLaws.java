package dev.socratic.curator.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.SelectionConfig;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every choice among rows keeps to, and what each of them promises.
class ChoiceLaws {
    private static final List<String> WORDS = List.of("apple", "train", "sum", "hour", "price", "river", "seven",
            "box", "speed", "farmer", "coin", "angle");
    private static final Map<String, String> ALL = Map.of(
            "quotas", "{quotas: {by: topic, most: 3, order: judge.quality}}",
            "quotas by cluster", "{quotas: {clusters: 4, most: 2}}",
            "mix", "{mix: {by: topic, shares: {t0: 2, t1: 1}, order: longest}}",
            "token_budget", "{token_budget: {tokens: 60, order: shortest}}",
            "k_center", "{k_center: {rows: 5}}",
            "facility_location", "{facility_location: {rows: 5}}",
            "deita", "{deita: {rows: 5, by: [judge.quality], threshold: 0.9}}",
            "s1", "{s1: {rows: 5, by: topic, solved: judge.quality, solved_above: 5}}");

    @Test
    void everyFamilyMemberIsTried() {
        assertEquals(SelectionConfig.class.getPermittedSubclasses().length,
                ALL.keySet().stream().map(name -> name.split(" ")[0]).distinct().count());
    }

    @Test
    void theOrderOfTheRowsDecidesNothing() {
        for (Map.Entry<String, String> one : ALL.entrySet()) {
            for (int seed = 0; seed < 5; seed++) {
                List<Candidate> rows = rows(seed, 24);
                Map<String, Decision> straight = decide(one.getValue(), rows);
                List<Candidate> shuffled = new ArrayList<>(rows);
                Collections.shuffle(shuffled, new Random(seed));
                assertEquals(straight, decide(one.getValue(), shuffled), one.getKey());
                assertFalse(kept(straight).isEmpty(), one.getKey());
            }
        }
    }

    @Test
    void whatWasChosenIsChosenAgainWhole() {
        for (Map.Entry<String, String> one : ALL.entrySet()) {
            List<Candidate> rows = rows(7, 24);
            List<String> kept = kept(decide(one.getValue(), rows));
            List<Candidate> again = rows.stream().filter(row -> kept.contains(row.id())).toList();
            // A second draw of clusters or vectors is over another corpus, so a threshold may differ; counts do not.
            if (!one.getKey().equals("quotas by cluster")) {
                assertEquals(kept, kept(decide(one.getValue(), again)), one.getKey());
            }
        }
    }

    @Test
    void aBudgetIsNeverExceededAndNoRowThatWouldFitIsLeftOut() {
        for (int budget : new int[] {1, 20, 60, 200, 100_000}) {
            Map<String, Decision> decisions = decide("{token_budget: {tokens: %s, order: longest}}".formatted(budget),
                    rows(3, 30));
            double used = decisions.values().stream().filter(Decision.Keep.class::isInstance)
                    .mapToDouble(keep -> keep.scores().values().get("tokens")).sum();
            assertTrue(used <= budget, used + " of " + budget);
            decisions.values().forEach(decision -> {
                if (decision instanceof Decision.Drop drop) {
                    assertTrue(drop.evidence().get("tokens").intValue() > budget - used);
                }
            });
        }
    }

    @Test
    void aMixHasItsSharesAndUsesTheScarcestGroupUp() {
        Map<String, Decision> decisions = decide("{mix: {by: topic, shares: {t0: 2, t1: 1}}}", rows(1, 30));
        Map<String, Long> groups = new TreeMap<>();
        rows(1, 30).stream().filter(row -> decisions.get(row.id()) instanceof Decision.Keep)
                .forEach(row -> groups.merge(row.json().get("topic").textValue(), 1L, Long::sum));
        assertEquals("{t0=10, t1=5}", groups.toString()); // there are ten of each of three topics
    }

    @Test
    void noRowIsFartherFromACentreThanTwiceTheLeastPossible() {
        for (int seed = 0; seed < 20; seed++) {
            TermVectors vectors = vectors(seed, 9);
            int[] order = IntStream.range(0, 9).toArray();
            List<String> ids = IntStream.range(0, 9).mapToObj(i -> "r" + i).toList();
            double radius = Centers.of(vectors, ids, order, 3, seed).radius();
            double least = subsets(9, 3).stream().mapToDouble(some -> Arrays.stream(order).mapToDouble(row ->
                    some.stream().mapToDouble(center -> vectors.distance(row, center)).min().orElseThrow()).max()
                    .orElseThrow()).min().orElseThrow();
            assertTrue(radius <= 2 * least + 1e-9, radius + " beside " + least);
        }
    }

    @Test
    void greedyFacilityLocationReachesItsShareOfTheBestAndGainsNeverGrow() {
        for (int seed = 0; seed < 20; seed++) {
            List<Candidate> rows = rows(seed, 9);
            TermVectors vectors = vectors(seed, 9);
            Map<String, Decision> decisions = decide("{facility_location: {rows: 3}}", rows);
            List<Integer> chosen = IntStream.range(0, 9).boxed()
                    .filter(row -> decisions.get(rows.get(row).id()) instanceof Decision.Keep).toList();
            double best = subsets(9, 3).stream().mapToDouble(some -> value(some, vectors)).max().orElseThrow();
            assertTrue(value(chosen, vectors) >= (1 - 1 / Math.E) * best - 1e-4);
            List<Double> gains = decisions.values().stream().filter(Decision.Keep.class::isInstance)
                    .map(keep -> keep.scores().values())
                    .sorted((a, b) -> Double.compare(a.get("rank"), b.get("rank"))).map(s -> s.get("gain")).toList();
            assertEquals(3, gains.size());
            assertTrue(gains.get(0) >= gains.get(1) && gains.get(1) >= gains.get(2) && gains.get(2) >= 0);
            assertEquals(value(chosen, vectors), gains.stream().mapToDouble(Double::doubleValue).sum(), 1e-4);
            // What lazy evaluation chose is what looking at every row each time would have.
            List<Integer> plain = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int next = -1;
                for (int row = 0; row < 9; row++) {
                    if (!plain.contains(row) && (next < 0 || value(with(plain, row), vectors)
                            > value(with(plain, next), vectors) + 1e-5)) {
                        next = row;
                    }
                }
                plain.add(next);
            }
            assertEquals(value(plain, vectors), value(chosen, vectors), 1e-4);
        }
    }

    @Test
    void deitaTakesTheBestRowAndPassesByWhatIsLikeIt() {
        List<Candidate> rows = List.of(row("a", "t", "one two three four five six"),
                row("b", "t", "one two three four five six"), row("c", "t", "quite another text"));
        Step step = step("{deita: {rows: 2, by: [judge.quality], threshold: 0.9}}");
        Map<String, Double> quality = Map.of("a", 5.0, "b", 6.0, "c", 1.0);
        Map<String, Decision> decisions = decide(step, rows, row -> new RowScores(Map.of("judge.quality",
                quality.get(row.id()))));
        assertEquals(List.of("b", "c"), kept(decisions));
        assertEquals("{\"to\":\"b\",\"cosine\":1.0,\"threshold\":0.9}",
                ((Decision.Drop) decisions.get("a")).evidence().toString());
        Map<String, Decision> without = decide(step("{deita: {rows: 2}}"), rows, row -> RowScores.NONE);
        assertEquals("no_score", ((Decision.Drop) without.get("a")).reason());
    }

    @Test
    void s1DrawsDomainsAlikeAndLongAnswersMoreOften() {
        Map<String, Integer> domains = new TreeMap<>();
        int longest = 0;
        for (int seed = 0; seed < 300; seed++) {
            List<Candidate> rows = List.of(row("a", "rare", "x"), row("b", "often", "x x x x"),
                    row("c", "often", "x x x"), row("d", "often", "x x"), row("e", "often", "x"));
            String id = kept(decide("{s1: {rows: 1, by: topic, seed: %s}}".formatted(seed), rows)).getFirst();
            domains.merge(id.equals("a") ? "rare" : "often", 1, Integer::sum);
            longest += id.equals("b") ? 1 : 0;
        }
        // 150 expected, and of the others 8/15: five standard deviations are 43 and 31.
        assertEquals(150, domains.get("rare"), 43);
        assertEquals(domains.get("often") * 8 / 15.0, longest, 31);
    }

    private static List<Integer> with(List<Integer> some, int row) {
        List<Integer> all = new ArrayList<>(some);
        all.add(row);
        return all;
    }

    private static double value(List<Integer> chosen, TermVectors vectors) {
        return IntStream.range(0, vectors.size()).mapToDouble(row -> chosen.stream()
                .mapToDouble(center -> vectors.cosine(row, center)).max().orElse(0)).sum();
    }

    private static List<List<Integer>> subsets(int of, int size) {
        return IntStream.range(0, 1 << of).filter(bits -> Integer.bitCount(bits) == size)
                .mapToObj(bits -> IntStream.range(0, of).filter(i -> (bits >> i & 1) == 1).boxed().toList()).toList();
    }

    private static TermVectors vectors(int seed, int rows) {
        TermVectors vectors = new TermVectors();
        rows(seed, rows).forEach(row -> vectors.add(row.text(TextPart.BOTH)));
        vectors.close();
        return vectors;
    }

    private static List<Candidate> rows(int seed, int count) {
        Random random = new Random(seed);
        List<Candidate> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String answer = IntStream.range(0, 2 + random.nextInt(10)).mapToObj(
                    word -> WORDS.get(random.nextInt(WORDS.size()))).collect(Collectors.joining(" "));
            rows.add(row("r" + (i * 7 % count) + "-" + i, "t" + i % 3, answer));
        }
        return rows;
    }

    private static Candidate row(String id, String topic, String answer) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("topic", topic);
        row.put("messages", List.of(Map.of("role", "user", "content", "q"),
                Map.of("role", "assistant", "content", answer)));
        return Answers.imported(Json.line(row));
    }

    private static Step step(String yaml) {
        SelectionConfig config = (SelectionConfig) ConfigReader.read("steps: [" + yaml + "]", "curate.yaml",
                CurateConfig.class).steps().getFirst();
        return RowChoices.of(config, StepContext.of(List.of(), Path.of("unused")));
    }

    private static Map<String, Decision> decide(String yaml, List<Candidate> rows) {
        return decide(step(yaml), rows, row -> new RowScores(Map.of("judge.quality",
                (double) (row.answer().length() % 7))));
    }

    private static Map<String, Decision> decide(Step step, List<Candidate> rows,
            Function<Candidate, RowScores> scores) {
        rows.forEach(row -> step.look(row, scores.apply(row)));
        try {
            step.looked();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        Map<String, Decision> decisions = new TreeMap<>();
        rows.forEach(row -> decisions.put(row.id(), step.judge(row, scores.apply(row))));
        JsonNode facts = step.facts();
        assertEquals(rows.size(), facts.get("rows").intValue());
        assertEquals(kept(decisions).size(), facts.get("chosen").intValue());
        return decisions;
    }

    private static List<String> kept(Map<String, Decision> decisions) {
        return decisions.entrySet().stream().filter(entry -> entry.getValue() instanceof Decision.Keep)
                .map(Map.Entry::getKey).toList();
    }
}
