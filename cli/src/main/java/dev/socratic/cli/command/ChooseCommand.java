package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Models;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.Layout;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.eval.ChoiceScoring;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.LocalModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Multiple choice by likelihood.
@Command(name = "choose", mixinStandardHelpOptions = true, description = {
    "Multiple choice by likelihood: which choice's text a model expects most behind 'Question: ...' and 'Answer:'.",
    "acc by the sum of log probabilities, acc_norm by that over the characters of the choice, with 95 %% intervals.",
    "Nothing is written by the model, so base models can be compared too."})
final class ChooseCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path model;

    @Option(names = "--data", paramLabel = "FILE", required = true, description =
            "Questions with choices and a gold answer: its label, its text, or its number from 0.")
    private Path data;

    @Option(names = "--examples", paramLabel = "FILE", description =
            "A text that stands before each question, such as solved ones; it is read once for all.")
    private Optional<Path> examples = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "Questions at most, from the beginning.")
    private Optional<Long> limit = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "JSON lines: what each choice scored.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Threads threads = new Threads();

    ChooseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<ChoiceScoring.Item> items = new ArrayList<>();
        int without = read(items);
        if (items.isEmpty()) {
            throw new DataException(data.toString(),
                    "a question with at least two choices and a gold answer among them", without + " without",
                    "name them choices and answer in the rows");
        }
        Compute where = compute.open(console);
        try (LocalModel local = Models.weights(new HubModels(console.environment(), console::talk).folder(model), 1,
                threads.number(), where)) {
            List<ChoiceScoring.Scored> all = ChoiceScoring.of(items, local);
            out.ifPresent(file -> write(file, all));
            print(all, without);
        }
        return ExitCode.DONE;
    }

    /// @return how many questions cannot be scored
    private int read(List<ChoiceScoring.Item> items) {
        String before = examples.map(file -> {
            try {
                return Files.readString(file).stripTrailing() + "\n\n";
            } catch (IOException failed) {
                throw IoProblems.reading(file, failed);
            }
        }).orElse("");
        int without = 0;
        try (Quarantine quarantine = Quarantine.list(); RowStream<Question> rows = new QuestionSource.File(data,
                Layout.AUTO, Map.of(), limit).open(quarantine, 0)) {
            for (Iterator<Question> each = rows.iterator(); each.hasNext();) {
                Optional<ChoiceScoring.Item> item = item(each.next(), before);
                item.ifPresent(items::add);
                without += item.isPresent() ? 0 : 1;
            }
            quarantine.report().forEach(console::talk);
            return Math.toIntExact(without + quarantine.count());
        }
    }

    private static Optional<ChoiceScoring.Item> item(Question question, String before) {
        Choices choices = Choices.in(question.extra());
        List<String> labels = choices.all().stream().map(Choices.Choice::label).toList();
        return question.answer().flatMap(choices::labelOf).map(labels::indexOf).map(gold -> new ChoiceScoring.Item(
                question.id(), before + "Question: " + question.question() + "\nAnswer:", choices, gold));
    }

    private static void write(Path file, List<ChoiceScoring.Scored> all) {
        AtomicFiles.write(file, stream -> stream.write(all.stream().map(one -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", one.item().id());
            line.put("gold", one.item().gold());
            line.put("chosen", one.chosen());
            line.put("chosen_norm", one.byLength());
            line.put("log_probabilities", one.scores().stream().map(ContinuationScore::logProbability).toList());
            return Json.line(line) + "\n";
        }).collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8)));
    }

    private void print(List<ChoiceScoring.Scored> all, int without) {
        Map<String, Long> right = new LinkedHashMap<>();
        right.put("acc", ChoiceScoring.right(all));
        right.put("acc_norm", ChoiceScoring.rightByLength(all));
        Map<String, Object> result = new LinkedHashMap<>();
        right.forEach((name, count) -> {
            result.put(name, (double) count / all.size());
            result.put(name + "_ci95", List.of(ChoiceScoring.ci95(count, all).low(),
                    ChoiceScoring.ci95(count, all).high()));
        });
        result.put("questions", all.size());
        result.put("without_choices_or_gold", without);
        out.ifPresent(file -> result.put("written", file.toString()));
        if (json) {
            console.json(result);
            return;
        }
        right.forEach((name, count) -> console.data(String.format(Locale.ROOT, "%-8s %5.1f %%  [%.1f, %.1f] of %s",
                name, 100.0 * count / all.size(), 100 * ChoiceScoring.ci95(count, all).low(),
                100 * ChoiceScoring.ci95(count, all).high(), all.size())));
        if (without > 0) {
            console.talk(without + " questions left out: fewer than two choices, or no gold answer among them");
        }
    }
}
