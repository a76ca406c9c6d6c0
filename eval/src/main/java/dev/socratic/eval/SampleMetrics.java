package dev.socratic.eval;

import dev.socratic.eval.stats.Calibration;
import dev.socratic.eval.stats.ConfidenceSequence;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.Mean;
import dev.socratic.eval.stats.PassAtK;
import dev.socratic.eval.stats.VarianceSplit;
import dev.socratic.eval.task.Repeats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Everything that is said of the samples of a task: one place, for results files, reports and comparisons alike.
///
/// @param samples  at least one
/// @param clusters what each belongs to; a sample without a cluster stands for itself
public record SampleMetrics(List<Sample> samples, List<Object> clusters) {
    /// Ends of the strata of difficulty; whoever is at an end is a stratum of its own.
    private static final double[] STRATA = {0.25, 0.5, 0.75};

    public static SampleMetrics of(List<Sample> samples) {
        return new SampleMetrics(List.copyOf(samples), IntStream.range(0, samples.size())
                .<Object>mapToObj(i -> samples.get(i).cluster().<Object>map(name -> name).orElse(i)).toList());
    }

    /// @return whether some questions hang together
    public boolean clustered() {
        return samples.stream().anyMatch(sample -> sample.cluster().isPresent());
    }

    /// @return answers to each question; the least where they differ
    public int repeats() {
        return samples.stream().mapToInt(sample -> sample.answers().size()).min().orElse(1);
    }

    public Mean score() {
        return mean(Sample::score);
    }

    /// @return 95 % interval of the score: where asking may have stopped early, one that holds at every look
    public Interval ci95() {
        double sum = samples.stream().mapToDouble(Sample::score).sum();
        return samples.stream().anyMatch(Sample::sequential)
                ? ConfidenceSequence.ci95(Math.min(sum, samples.size()), samples.size()) : score().ci95();
    }

    /// @param name of the score itself
    /// @return the score and, of questions asked more often, what k answers would come to
    public List<Metric> metrics(String name, Repeats asked) {
        List<Metric> all = new ArrayList<>();
        all.add(new Metric(name, score().value(), score().error(), ci95()));
        for (int k : asked.ks()) {
            if (k > 1) {
                all.add(Metric.of("pass@" + k, counted(pass -> pass.any(k))));
                all.add(Metric.of("pass^" + k, counted(pass -> pass.all(k))));
                all.add(Metric.of("maj@" + k, majority(k)));
                asked.thresholds().forEach(tau ->
                        all.add(Metric.of("g_pass@%s_%s".formatted(k, tau), counted(pass -> pass.atLeast(k, tau)))));
                all.add(Metric.of("mg_pass@" + k, counted(pass -> pass.most(k))));
            }
        }
        return all;
    }

    private Mean mean(ToDoubleFunction<Sample> score) {
        return Mean.of(samples.stream().mapToDouble(score).toArray(), clusters);
    }

    private Mean counted(ToDoubleFunction<PassAtK> figure) {
        return mean(sample -> figure.applyAsDouble(new PassAtK(sample.answers().size(),
                (int) sample.answers().stream().filter(Sample.Answer::correct).count())));
    }

    /// The winner of k votes: the mean over as many separate lots of k as the answers, in their order, make up.
    private Mean majority(int k) {
        return mean(sample -> IntStream.range(0, sample.answers().size() / k)
                .mapToDouble(lot -> Votes.of(sample.answers().subList(lot * k, (lot + 1) * k)).right())
                .average().orElseThrow());
    }

    /// @return by the value of the task's `by`, in the order of the values; empty where it names no field
    public SequencedMap<String, Mean> groups() {
        TreeMap<String, List<Integer>> numbers = new TreeMap<>();
        for (int i = 0; i < samples.size(); i++) {
            int number = i;
            samples.get(i).group().ifPresent(group ->
                    numbers.computeIfAbsent(group, ignored -> new ArrayList<>()).add(number));
        }
        SequencedMap<String, Mean> groups = new LinkedHashMap<>();
        numbers.forEach((group, in) -> groups.put(group,
                Mean.of(in.stream().mapToDouble(i -> samples.get(i).score()).toArray(),
                        in.stream().map(clusters::get).toList())));
        return groups;
    }

    /// Questions by how often they are answered right: never, up to 25 %, 50 %, 75 %, less than always, always.
    ///
    /// @return empty where each question was asked once
    public SequencedMap<String, Long> difficulty() {
        SequencedMap<String, Long> strata = new LinkedHashMap<>();
        if (repeats() > 1) {
            List.of("0", "(0, 0.25]", "(0.25, 0.5]", "(0.5, 0.75]", "(0.75, 1)", "1").forEach(name ->
                    strata.put(name, 0L));
            List<String> names = List.copyOf(strata.sequencedKeySet());
            samples.forEach(sample -> strata.merge(names.get(stratum(sample.score())), 1L, Long::sum));
        }
        return strata;
    }

    private static int stratum(double score) {
        if (score == 0 || score == 1) {
            return (int) (score * (STRATA.length + 2));
        }
        int stratum = 1;
        while (stratum <= STRATA.length && score > STRATA[stratum - 1]) {
            stratum++;
        }
        return stratum;
    }

    /// @return empty where questions were asked once, or there is a single one
    public Optional<VarianceSplit> variance() {
        return repeats() < 2 || samples.size() < 2 ? Optional.empty()
                : Optional.of(VarianceSplit.of(samples.stream().map(sample -> sample.answers().stream()
                        .mapToDouble(answer -> answer.correct() ? 1 : 0).toArray()).toList()));
    }

    /// @return how far what is said to be likely is right: of questions asked once with given choices the likeliest
    ///         choice's probability among them, of questions asked more often the agreement of the answers; empty where
    ///         there is neither
    public Optional<Calibration> calibration() {
        return repeats() > 1 ? selfConsistency() : choices();
    }

    /// Over scores of right and wrong only: others are no verdict on the likeliest choice.
    private Optional<Calibration> choices() {
        double[] sure = samples.stream().map(SampleEvidence::of).map(SampleEvidence::confidence)
                .takeWhile(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).toArray();
        if (sure.length < samples.size() || samples.isEmpty()
                || samples.stream().anyMatch(sample -> sample.score() != 0 && sample.score() != 1)) {
            return Optional.empty();
        }
        boolean[] right = new boolean[sure.length];
        IntStream.range(0, right.length).forEach(i -> right[i] = samples.get(i).correct());
        return Optional.of(Calibration.of(sure, right, Calibration.BINS, new SplittableRandom(0)));
    }

    /// How far a model's agreement with itself tells whether its most frequent answer is right.
    ///
    /// @return empty where questions were asked once
    public Optional<Calibration> selfConsistency() {
        if (repeats() < 2) {
            return Optional.empty();
        }
        List<Votes> votes = samples.stream().map(sample -> Votes.of(sample.answers())).toList();
        boolean[] right = new boolean[votes.size()];
        IntStream.range(0, right.length).forEach(i -> right[i] = votes.get(i).right() > 0.5);
        return Optional.of(Calibration.of(votes.stream().mapToDouble(Votes::agreement).toArray(), right,
                Calibration.BINS, new SplittableRandom(0)));
    }
}
