package dev.socratic.cli.recipe;

import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.RunFolder;
import dev.socratic.core.text.Usage;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a student took: tokens, wall time, money and energy of every stage of its run that it stands on. Money of
/// endpoints is what was paid, over everything the run ever asked; that of the machine and its energy are what the
/// recipe's `energy` says an hour takes.
final class CardCosts {
    private CardCosts() {}

    /// @return a part of a card; empty where the manifest knows of no time
    static String of(Recipe recipe, RunFolder run, TrainConfig student) {
        Set<String> stages = new LinkedHashSet<>();
        under(student, recipe, stages);
        StringBuilder rows = new StringBuilder();
        Usage all = Usage.NONE;
        double seconds = 0;
        for (String name : stages) {
            Optional<Manifest.Stage> stage = Optional.ofNullable(run.manifest().stages().get(name));
            if (stage.isEmpty() || stage.get().seconds().isEmpty()) {
                continue;
            }
            Usage usage = run.manifest().spent().map(Map::copyOf).orElse(Map.of())
                    .getOrDefault(name, stage.get().usage().orElse(Usage.NONE));
            rows.append(line(name, usage, stage.get().seconds().get(), recipe.energy()));
            all = all.plus(usage);
            seconds += stage.get().seconds().get();
        }
        if (rows.isEmpty()) {
            return "";
        }
        return "\n## What it took\n\n" + note(recipe.energy())
                + "| stage | tokens read | tokens written | paid for answers | wall time | machine | energy |\n"
                + "|---|---|---|---|---|---|---|\n" + rows + line("together", all, seconds, recipe.energy());
    }

    private static String note(EnergyConfig energy) {
        return energy.watts().map(watts -> RunCard.number(
                "Energy is an estimate: %s W over the wall time, as the recipe says; nothing was metered.\n\n", watts))
                .orElse("");
    }

    private static String line(String name, Usage usage, double seconds, EnergyConfig energy) {
        return RunCard.line(name, RunCard.number("%,d", usage.promptTokens()),
                RunCard.number("%,d", usage.completionTokens()), RunCard.number("%.2f USD", usage.costUsd()),
                seconds < 120 ? RunCard.number("%.1f s", seconds) : RunCard.number("%.1f min", seconds / 60),
                energy.usd(seconds).map(usd -> RunCard.number("%.4f USD", usd)).orElse("no price given"),
                energy.kwh(seconds).map(kwh -> RunCard.number("%.4f kWh", kwh)).orElse("no wattage given"));
    }

    /// Its own stage comes last.
    private static void under(TrainConfig student, Recipe recipe, Set<String> stages) {
        if (student.data().isEmpty()) {
            stages.add("generate");
            stages.add("curate");
        }
        Stream<String> start = student.student() instanceof StudentStart.Earlier earlier
                ? Stream.of(earlier.name()) : Stream.empty();
        Stream<ModelRef> captured = recipe.logits().stream()
                .filter(store -> student.capturedStores().contains(store.name()))
                .flatMap(store -> store.teacher().stream());
        Stream<ModelRef> live = Stream.concat(student.teacher().stream(), student.moreTeachers().stream());
        Stream<String> teachers = Stream.concat(live, captured).flatMap(model ->
                model instanceof ModelRef.Earlier earlier ? Stream.of(earlier.name()) : Stream.empty());
        Stream.concat(start, teachers).distinct().forEach(name -> recipe.train().stream()
                .filter(one -> one.name().equals(name)).forEach(one -> under(one, recipe, stages)));
        student.capturedStores().forEach(store -> stages.add("logits/" + store));
        stages.add("train/" + student.name());
    }
}
