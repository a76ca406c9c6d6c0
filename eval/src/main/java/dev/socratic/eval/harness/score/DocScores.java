package dev.socratic.eval.harness.score;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.eval.harness.function.Equivalents;
import dev.socratic.eval.harness.function.TaskFunction;
import dev.socratic.eval.harness.function.TaskFunction.Likelihood;
import dev.socratic.eval.harness.prompt.Fields;
import dev.socratic.eval.harness.task.TaskConfig;
import dev.socratic.eval.harness.task.TaskConfig.Metric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The figures of one document, by the kind of its task.
///
/// @param config     of the task
/// @param fields     of its documents
/// @param asksInputs whether its choices are inputs
/// @param manyGolds  whether the target of its first document is a list
public record DocScores(TaskConfig config, Fields fields, boolean asksInputs, boolean manyGolds) {
    /// What needs the log probability of a choice without its question.
    public static final String MUTUAL = "acc_mutual_info";
    private static final List<String> CHOICE = List.of("acc", "f1", "mcc", "acc_norm", "acc_bytes", "exact_match",
            "brier_score", MUTUAL);
    private static final Map<TaskConfig.Kind, List<String>> KNOWN = Map.of(
            TaskConfig.Kind.MULTIPLE_CHOICE, CHOICE,
            TaskConfig.Kind.LOGLIKELIHOOD, List.of("perplexity", "acc"),
            TaskConfig.Kind.LOGLIKELIHOOD_ROLLING, List.of("word_perplexity", "byte_perplexity", "bits_per_byte"),
            TaskConfig.Kind.GENERATE_UNTIL, List.of("exact_match", "bleu", "chrf", "chrf++", "ter"));

    /// @return what is wrong with the metrics of a task
    public static List<Problem> problems(TaskConfig config) {
        List<Problem> problems = new ArrayList<>();
        boolean own = config.scoring().process().isPresent();
        for (Metric metric : config.scoring().metrics()) {
            List<String> known = KNOWN.get(config.kind());
            if (config.kind() == TaskConfig.Kind.GENERATE_UNTIL && Equivalents.programs(metric.name()).isPresent()) {
                Equivalents.ks(metric.options()).stream().filter(k -> k < 1 || k > config.scoring().repeats())
                        .findFirst().ifPresent(k -> problems.add(new Problem(metric.place(),
                                "k: from 1 to the answers to each question, which are " + config.scoring().repeats(),
                                String.valueOf(k), "lower k, or raise repeats")));
                continue;
            }
            if (!own && !known.contains(metric.name())) {
                problems.add(new Problem(metric.place(), "a metric of %s: one of %s".formatted(config.kind().word(),
                        known), "'" + metric.name() + "'", "take one of them"));
            }
            if (!Aggregation.isKnown(metric.aggregation())) {
                problems.add(new Problem(metric.place(), "an aggregation: one of " + Aggregation.names(),
                        "'" + metric.aggregation() + "'", "take one of them"));
            }
            if (Overlaps.of(metric.name()).isPresent() && !own) {
                problems.addAll(Overlaps.problems(metric));
            } else {
                problems.addAll(ExactTexts.problems(metric.options(), metric.place()));
            }
        }
        return problems;
    }

    /// @param results  one for each request, filtered
    /// @param programs what became of those that are programs
    /// @return by metric, in their order
    public Map<String, SampleValue> of(ObjectNode doc, List<Object> results, ProgramResults programs) {
        if (config.scoring().process().isPresent()) {
            return called(doc, results);
        }
        return switch (config.kind()) {
            case LOGLIKELIHOOD -> likelihood((Likelihood) results.getFirst());
            case LOGLIKELIHOOD_ROLLING -> rolling(doc, (Likelihood) results.getFirst());
            case MULTIPLE_CHOICE -> choice(doc, results.stream().map(Likelihood.class::cast).toList());
            case GENERATE_UNTIL -> generated(doc, results.getFirst(), programs);
        };
    }

    private Map<String, SampleValue> called(ObjectNode doc, List<Object> results) {
        var name = config.scoring().process().orElseThrow();
        Map<String, SampleValue> values = new LinkedHashMap<>();
        Equivalents.of(name, TaskFunction.Results.class).orElseThrow(() -> new DataException(name.place(),
                "a function with an equivalent here", "!function " + name.key(), "score with metric_list"))
                .of(doc, results).forEach((metric, value) -> values.put(metric, switch (value) {
                    case List<?> several -> new SampleValue.Several(several.stream().map(one ->
                            ((Number) one).doubleValue()).toList());
                    case Object one -> new SampleValue.Number(((Number) one).doubleValue());
                }));
        return values;
    }

    private boolean asked(String metric) {
        return config.scoring().metrics().stream().anyMatch(one -> one.name().equals(metric));
    }

    private Map<String, SampleValue> likelihood(Likelihood result) {
        Map<String, SampleValue> values = new LinkedHashMap<>();
        put(values, "perplexity", new SampleValue.Number(result.logProbability()));
        put(values, "acc", new SampleValue.Number(result.greedy() ? 1 : 0));
        return values;
    }

    private void put(Map<String, SampleValue> values, String metric, SampleValue value) {
        if (asked(metric)) {
            values.put(metric, value);
        }
    }

    private Map<String, SampleValue> rolling(ObjectNode doc, Likelihood result) {
        String text = String.valueOf(fields.target(config.prompt(), doc));
        int words = text.split("[\\s\\x1c-\\x1f\\x85\\p{Z}]+", -1).length;
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        Map<String, SampleValue> values = new LinkedHashMap<>();
        put(values, "word_perplexity", new SampleValue.Weighted(result.logProbability(), words));
        put(values, "byte_perplexity", new SampleValue.Weighted(result.logProbability(), bytes));
        put(values, "bits_per_byte", new SampleValue.Weighted(result.logProbability(), bytes));
        return values;
    }

    private Map<String, SampleValue> choice(ObjectNode doc, List<Likelihood> results) {
        List<String> choices = fields.choices(config.prompt(), doc);
        int n = choices.size();
        List<Double> logs = results.stream().limit(n).map(Likelihood::logProbability).toList();
        List<Integer> golds = golds(doc, choices);
        int best = best(n, i -> logs.get(i));
        int byLength = best(n, i -> logs.get(i) / choices.get(i).codePointCount(0, choices.get(i).length()));
        int byBytes = best(n, i -> logs.get(i) / choices.get(i).getBytes(StandardCharsets.UTF_8).length);
        boolean greedy = golds.stream().anyMatch(gold -> gold >= 0 && results.get(gold).greedy());
        Map<String, SampleValue> values = new LinkedHashMap<>();
        put(values, "acc", right(golds, best));
        put(values, "f1", new SampleValue.Classes(golds.getFirst(), best));
        put(values, "mcc", new SampleValue.Classes(golds.getFirst(), best));
        put(values, "acc_norm", right(golds, byLength));
        put(values, "acc_bytes", right(golds, byBytes));
        put(values, "exact_match", new SampleValue.Number(greedy ? 1 : 0));
        put(values, "brier_score", new SampleValue.Forecast(golds.getFirst(), softmax(logs)));
        if (asked(MUTUAL)) {
            int mutual = best(n, i -> logs.get(i) - results.get(n + i).logProbability());
            values.put(MUTUAL, right(golds, mutual));
        }
        return values;
    }

    private static SampleValue right(List<Integer> golds, int chosen) {
        return new SampleValue.Number(golds.contains(chosen) ? 1 : 0);
    }

    /// Of equal ones the first.
    private static int best(int n, ToDoubleFunction<Integer> value) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            double here = value.applyAsDouble(i);
            if (here > value.applyAsDouble(best) || Double.isNaN(here) && !Double.isNaN(value.applyAsDouble(best))) {
                best = i;
            }
        }
        return best;
    }

    private static List<Double> softmax(List<Double> logs) {
        double most = logs.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double sum = logs.stream().mapToDouble(log -> Math.exp(log - most)).sum();
        return logs.stream().map(log -> Math.exp(log - most) / sum).toList();
    }

    /// A gold that is none of the choices is wrong whatever is chosen: -100, as there.
    private List<Integer> golds(ObjectNode doc, List<String> choices) {
        Object gold = asksInputs ? config.prompt().text().map(any -> fields.number(config.prompt(), doc)).orElseThrow()
                : fields.target(config.prompt(), doc);
        List<?> all = gold instanceof List<?> several ? several : List.of(gold);
        List<Integer> golds = new ArrayList<>();
        for (Object one : all) {
            golds.add(switch (one) {
                case Long place when place >= 0 && place < choices.size() -> (int) (long) place;
                case String text when choices.contains(text) -> choices.indexOf(text);
                default -> -100;
            });
        }
        return golds.isEmpty() ? List.of(-100) : golds;
    }

    private Map<String, SampleValue> generated(ObjectNode doc, Object result, ProgramResults programs) {
        Object gold = fields.target(config.prompt(), doc);
        List<String> golds;
        if (config.prompt().choice().isPresent() && gold instanceof Long place) {
            golds = List.of(fields.choices(config.prompt(), doc).get(Math.toIntExact(place)));
        } else if (manyGolds) {
            golds = (gold instanceof List<?> several ? several : List.of(gold)).stream().map(String::valueOf).toList();
        } else {
            golds = List.of(String.valueOf(gold));
        }
        Map<String, SampleValue> values = new LinkedHashMap<>();
        for (Metric metric : config.scoring().metrics()) {
            Optional<TaskFunction.Programs> runs = Equivalents.programs(metric.name());
            if (runs.isPresent()) {
                List<Boolean> right = ProgramResults.programs(result).stream().map(program ->
                        programs.isRight(program, String.valueOf(gold))).toList();
                runs.get().of(right, metric.options()).forEach((name, value) ->
                        values.put(name, new SampleValue.Number(value)));
                continue;
            }
            values.put(metric.name(), Overlaps.of(metric.name()).isPresent()
                    ? new SampleValue.Pair(golds, String.valueOf(result instanceof List<?> several
                            ? several.getFirst() : result))
                    : new SampleValue.Number(exact(ExactTexts.of(metric.options()), result, golds)));
        }
        return values;
    }

    /// Of several golds one is enough; of several answers, where no filter takes one, the share that is right.
    private static double exact(ExactTexts rule, Object result, List<String> golds) {
        List<?> written = result instanceof List<?> several ? several : List.of(result);
        double share = written.stream().mapToDouble(one ->
                golds.stream().anyMatch(gold -> rule.equal(String.valueOf(one), gold)) ? 1 : 0).average().orElse(0);
        return golds.size() > 1 ? share > 0 ? 1 : 0 : share;
    }

    /// @return whether some metric needs the choices without their question
    public static boolean needsMutual(TaskConfig config) {
        return config.scoring().metrics().stream().anyMatch(metric -> metric.name().equals(MUTUAL));
    }

    /// @return the figures a metric makes: one of its name, but of one that runs programs
    public static List<String> figures(TaskConfig config, Metric metric) {
        return Equivalents.programs(metric.name()).map(runs -> List.copyOf(runs.of(
                Collections.nCopies(config.scoring().repeats(), false), metric.options()).keySet()))
                .orElse(List.of(metric.name()));
    }

    /// @return whether answers are run as programs
    public static boolean runsPrograms(TaskConfig config) {
        return config.scoring().metrics().stream().anyMatch(metric ->
                Equivalents.programs(metric.name()).isPresent());
    }

    /// @return the metric of that name
    public static Optional<Metric> metric(TaskConfig config, String name) {
        return config.scoring().metrics().stream().filter(metric -> metric.name().equals(name)).findFirst();
    }
}
