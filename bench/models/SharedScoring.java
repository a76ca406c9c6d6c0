import com.sun.management.OperatingSystemMXBean;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.generate.LocalModel;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Multiple choice with shared beginnings read once, against reading context and continuation of each choice anew: one
/// question of four choices behind some 1,000 tokens, and four of them behind the same examples. Times are those of
/// one processor, medians of interleaved runs.
///
/// Arguments: a model folder, how many words stand before the question (700, which are 1,000 tokens of SmolLM2).
final class SharedScoring {
    private static final int RUNS = 3;

    public static void main(String[] args) {
        Engines.threads(1);
        String examples = IntStream.range(0, args.length > 1 ? Integer.parseInt(args[1]) : 700)
                .mapToObj(i -> List.of("water", "is", "made", "of", "hydrogen", "and", "oxygen", "atoms,", "not",
                        "gold").get(i * i % 10) + (i % 7 == 0 ? " " + i : "")).collect(Collectors.joining(" "));
        try (LocalModel model = LocalModel.open(Path.of(args[0]), 8, Compute.CPU)) {
            measure(model, examples, 1);
            measure(model, examples, 4);
        }
    }

    private static void measure(LocalModel model, String examples, int questions) {
        List<ScoreRequest> requests = new ArrayList<>();
        for (int question = 0; question < questions; question++) {
            String context = examples + "\nQuestion " + question + ": what is water made of, when it is number "
                    + question * 7 + " in a list of many liquids that one can drink?\nAnswer:";
            for (String choice : List.of(" hydrogen and oxygen", " gold", " silver and sand", " nothing at all")) {
                requests.add(new ScoreRequest(context, choice));
            }
        }
        List<ContinuationScore> anew = new ArrayList<>();
        List<ContinuationScore> shared = new ArrayList<>();
        double[] naive = new double[RUNS];
        double[] once = new double[RUNS];
        for (int run = -1; run < (questions > 1 ? 1 : RUNS); run++) {
            if (run < 0 && questions > 1) {
                continue;
            }
            anew.clear();
            double first = seconds(() -> requests.forEach(each -> anew.addAll(model.score(List.of(each)))));
            double second = seconds(() -> {
                shared.clear();
                shared.addAll(model.score(requests));
            });
            if (run >= 0) {
                Arrays.fill(naive, run, RUNS, first);
                Arrays.fill(once, run, RUNS, second);
            }
        }
        double gap = IntStream.range(0, anew.size()).mapToDouble(i ->
                Math.abs(anew.get(i).logProbability() - shared.get(i).logProbability())).max().orElseThrow();
        Arrays.sort(naive);
        Arrays.sort(once);
        System.out.println(String.format(Locale.ROOT,
                "%s questions of 4 choices: anew %.2f s, shared %.2f s: %.2f times as fast; at most %.1e nats apart",
                questions, naive[RUNS / 2], once[RUNS / 2], naive[RUNS / 2] / once[RUNS / 2], gap));
    }

    private static double seconds(Runnable work) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long before = system.getProcessCpuTime();
        work.run();
        return (system.getProcessCpuTime() - before) / 1e9;
    }
}
