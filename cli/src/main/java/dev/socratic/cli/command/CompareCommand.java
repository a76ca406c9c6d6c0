package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.error.DataException;
import dev.socratic.eval.Sample;
import dev.socratic.eval.SamplePlaces;
import dev.socratic.eval.SavedResults;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.SavedSamples.Alike;
import dev.socratic.eval.TaskComparisons;
import dev.socratic.eval.report.Report;
import dev.socratic.eval.stats.Paired;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares models on the same questions, the first with each other one.
@Command(
        name = "compare",
        description = "Paired comparison of models on the questions both answered: which questions flipped, "
                + "difference, 95 %% interval, p-value, and what so many questions can show. The first is compared "
                + "with each of the others; p-values of several tests are corrected (Holm; --json has "
                + "Benjamini-Hochberg too).",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    private static final int SHOWN = 80;
    /// A difference people speak of.
    private static final double TWO_POINTS = 0.02;

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "A samples file, a folder of them (its newest file of each task), a run, an output folder "
                    + "of lm-evaluation-harness, or a log of inspect (.eval).")
    private Path first;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "B",
            description = "Others; a difference is A minus B, A minus C ...")
    private List<Path> others;

    @Option(
            names = "--filter",
            paramLabel = "NAME[,NAME]",
            description = "Whose verdicts count, where files hold several (strict-match, flexible-extract ...); two"
                    + " names "
                    + "for one filter of A and one of all others.")
    private String filter;

    @Option(names = "--flips", description = "First every question that two models answered differently well.")
    private boolean flips;

    @Option(names = "--json", description = "One JSON object: of two places by task, of more by place, then by task.")
    private boolean json;

    @Mixin
    private PageOption html = new PageOption();

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<Path> page = html.page();
        SequencedMap<String, SavedSamples> left = SamplePlaces.read(first);
        SequencedMap<String, Function<String, List<SavedSamples>>> places = new LinkedHashMap<>();
        Set<String> tasks = new LinkedHashSet<>();
        for (int i = 0; i < others.size(); i++) {
            Path place = others.get(i);
            SequencedMap<String, SavedSamples> right = SamplePlaces.read(place);
            tasks.addAll(right.keySet());
            boolean folder = Files.isDirectory(place);
            places.put(letter(i + 1), task -> folder ? Optional.ofNullable(right.get(task)).stream().toList()
                    : List.of(right.firstEntry().getValue()));
        }
        TaskComparisons compared = TaskComparisons.of(left, places, this::alike);
        if (compared.rows().isEmpty()) {
            throw new DataException(
                    first + " and " + others.getFirst(), "a task both have samples of",
                    left.keySet() + " and " + tasks, "evaluate both on the same task");
        }
        Stream.concat(Stream.of(first), others.stream()).flatMap(place -> SamplePlaces.onOtherScales(place).stream())
                .forEach(task -> console.talk("socratic: not compared: " + task));
        if (json) {
            console.json(result(compared));
        } else {
            compared.rows().forEach(row -> show(row, compared.rows().size()));
        }
        page.ifPresent(file -> page(left, file));
        return ExitCode.DONE;
    }

    private void page(SequencedMap<String, SavedSamples> left, Path file) {
        SequencedMap<String, SequencedMap<String, SavedSamples>> models = new LinkedHashMap<>();
        Map<String, SavedResults> results = new LinkedHashMap<>();
        models.put(named(0, first), chosen(left, 0));
        results.put(named(0, first), results(first, left));
        for (int i = 0; i < others.size(); i++) {
            Path place = others.get(i);
            SequencedMap<String, SavedSamples> read = SamplePlaces.read(place);
            SequencedMap<String, SavedSamples> right = new LinkedHashMap<>(read);
            if (!Files.isDirectory(place)) { // a file is compared whatever its task is called
                right.clear();
                right.put(left.firstEntry().getKey(), read.firstEntry().getValue());
            }
            models.put(named(i + 1, place), chosen(right, i + 1));
            results.put(named(i + 1, place), results(place, read));
        }
        Report.compare("Comparison", models, results, this::alike, file);
        console.talk("socratic: the page: " + file);
    }

    /// Places of one name are told apart by their letters.
    private static String named(int number, Path place) {
        return letter(number) + " " + place.toAbsolutePath().normalize().getFileName();
    }

    private SequencedMap<String, SavedSamples> chosen(SequencedMap<String, SavedSamples> tasks, int number) {
        if (filter == null) {
            return tasks;
        }
        String[] names = filter.split(",", 2);
        SequencedMap<String, SavedSamples> chosen = new LinkedHashMap<>();
        tasks.forEach((task, samples) -> chosen.put(task,
                samples.with(names[number == 0 ? 0 : names.length - 1].strip())));
        return chosen;
    }

    /// Of a file alone the results beside it speak of more than it.
    private static SavedResults results(Path place, SequencedMap<String, SavedSamples> tasks) {
        List<Path> folders = tasks.values().stream().map(samples -> samples.file().toAbsolutePath().getParent())
                .distinct().toList();
        return Files.isDirectory(place) && folders.size() == 1 ? SavedResults.ofFolder(folders.getFirst())
                : SavedResults.NONE;
    }

    private static String letter(int number) {
        return number < 26 ? String.valueOf((char) ('A' + number)) : "B" + number;
    }

    private Alike alike(SavedSamples left, SavedSamples right) {
        if (filter == null) {
            return left.alike(right);
        }
        String[] names = filter.split(",", 2);
        return new Alike(left.with(names[0].strip()), right.with(names[names.length - 1].strip()));
    }

    private static String filters(TaskComparisons.Row row) {
        String left = row.alike().first().filter();
        String right = row.alike().second().filter();
        return left.equals(right) ? left : left + " and " + right;
    }

    private void show(TaskComparisons.Row row, int tests) {
        Paired paired = row.paired();
        String other = row.other();
        if (flips) {
            row.alike().first().flips(row.alike().second()).forEach(flip -> console.data(told(row, flip)));
        }
        console.data(String.format(
                Locale.ROOT,
                "%s: %d flips, %d to A and %d to %s, of %d; A %.1f %%, %s %.1f %%, difference %+.1f points"
                        + " [%+.1f, %+.1f], p %.3g (%s%s); filter %s; %s",
                row.task(), paired.onlyFirst() + paired.onlySecond(), paired.onlyFirst(), paired.onlySecond(), other,
                paired.n(), 100 * row.alike().first().accuracy(), other, 100 * row.alike().second().accuracy(),
                100 * paired.difference(), 100 * paired.ci95().low(), 100 * paired.ci95().high(), paired.p(),
                paired.test(), tests == 1 ? "" : String.format(Locale.ROOT, ", of %d tests %.3g", tests, row.holm()),
                filters(row), power(paired)));
        TaskFigures.lines("A", row.alike().first()).forEach(console::data);
        TaskFigures.lines(other, row.alike().second()).forEach(console::data);
        row.alike().sequential().filter(flips -> flips.flips() > 0)
                .ifPresent(flips -> console.data(TaskFigures.line(other, flips)));
    }

    /// What nobody should conclude from too few questions.
    private static String power(Paired paired) {
        if (paired.spread() == 0) {
            return "they never differ, so what it takes to see a difference is not known";
        }
        String shown = paired.detectable() >= 1 ? "are too few to show any difference"
                : String.format(Locale.ROOT, "show %.1f points or more (80 %% power)", 100 * paired.detectable());
        return String.format(Locale.ROOT, "%d questions %s, 2 points take %,d", paired.n(), shown,
                paired.questionsToSee(TWO_POINTS));
    }

    private Map<String, Object> result(TaskComparisons compared) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < others.size(); i++) {
            String letter = letter(i + 1);
            Map<String, Object> tasks = new LinkedHashMap<>();
            compared.rows().stream().filter(row -> row.other().equals(letter))
                    .forEach(row -> tasks.put(row.task(), result(row)));
            all.put(others.get(i).toString(), tasks);
        }
        return others.size() > 1 ? all : asMap(all.values().iterator().next());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object tasks) {
        return (Map<String, Object>) tasks;
    }

    private Map<String, Object> result(TaskComparisons.Row row) {
        Paired paired = row.paired();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("filter", filters(row));
        result.put("a", row.alike().first().accuracy());
        result.put("b", row.alike().second().accuracy());
        result.put("difference", paired.difference());
        result.put("ci95", List.of(paired.ci95().low(), paired.ci95().high()));
        result.put("p", paired.p());
        result.put("test", paired.test().toString());
        result.put("p_holm", row.holm());
        result.put("p_bh", row.bh());
        result.put("only_a_right", paired.onlyFirst());
        result.put("only_b_right", paired.onlySecond());
        result.put("both_right", paired.bothRight());
        result.put("n", paired.n());
        if (paired.spread() > 0) {
            result.put("detectable", paired.detectable());
            result.put("n_for_2_points", paired.questionsToSee(TWO_POINTS));
        }
        row.alike().sequential().ifPresent(one -> result.put("one_by_one", TaskFigures.json(one)));
        result.put("of_a", TaskFigures.json(row.alike().first()));
        result.put("of_b", TaskFigures.json(row.alike().second()));
        if (flips) {
            result.put("flips", row.alike().first().flips(row.alike().second()).stream()
                    .map(CompareCommand::flip).toList());
        }
        return result;
    }

    private static String told(TaskComparisons.Row row, SavedSamples.Flip flip) {
        Sample a = flip.first();
        Sample b = flip.second();
        boolean only = a.score() + b.score() == 1 && a.score() * b.score() == 0;
        return "  %s %s: document %s, '%s', gold '%s': A '%s', %s '%s'".formatted(
                (only ? "only " : "") + (a.score() > b.score() ? "A" : row.other()), only ? "right" : "better",
                a.docId(), shortened(a.question()), shortened(a.target()), answer(a), row.other(), answer(b));
    }

    private static Map<String, Object> flip(SavedSamples.Flip flip) {
        Sample a = flip.first();
        Sample b = flip.second();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("right", a.score() > b.score() ? "a" : "b");
        result.put("doc_id", a.docId());
        result.put("question", a.question());
        result.put("target", a.target());
        result.put("a", answer(a));
        result.put("b", answer(b));
        return result;
    }

    /// What was taken out of an answer, or the end of the answer where nothing was.
    private static String answer(Sample sample) {
        return shortened(sample.extracted().orElse(sample.response()));
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 3) + "...";
    }
}
