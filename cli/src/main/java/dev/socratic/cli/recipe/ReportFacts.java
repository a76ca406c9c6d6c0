package dev.socratic.cli.recipe;

import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.RunFolder;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.CurateStage;
import dev.socratic.eval.report.ReportInput;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// Gathers what a report needs from a run's manifest and folders.
final class ReportFacts {
    private final Recipe recipe;
    private final RunFolder run;

    ReportFacts(Recipe recipe, RunFolder run) {
        this.recipe = recipe;
        this.run = run;
    }

    ReportInput input() {
        SequencedMap<String, Path> metrics = new LinkedHashMap<>();
        for (TrainConfig student : recipe.train()) {
            existing(run.folder("train/" + student.name()).resolve("metrics.jsonl"))
                    .ifPresent(file -> metrics.put(student.name(), file));
        }
        SequencedMap<String, Path> evaluations = new LinkedHashMap<>();
        recipe.eval().ifPresent(evaluation -> evaluation.inOrder().sequencedKeySet().forEach(name ->
                existing(run.folder("eval/" + name)).ifPresent(folder -> evaluations.put(name, folder))));
        List<ReportInput.Pair> pairs = recipe.eval().map(Evaluation::compare).orElse(List.of()).stream()
                .filter(pair -> evaluations.containsKey(pair.first()) && evaluations.containsKey(pair.second()))
                .map(pair -> new ReportInput.Pair(pair.key(), pair.first(), pair.second()))
                .toList();
        Path curate = run.folder("curate");
        EvaluatedModels models = new EvaluatedModels(recipe, run);
        return new ReportInput(
                recipe.name(),
                run.folder(""),
                stages(),
                existing(curate.resolve(CurateStage.REPORT)),
                existing(curate.resolve(CurateStage.TRAIN)),
                metrics,
                evaluations,
                pairs,
                parameters(),
                peakMemoryMb(),
                incomplete(),
                models.sizes(),
                models.trained());
    }

    /// @return different questions that were asked
    static long questions(RunFolder run) {
        return Optional.ofNullable(run.manifest().stages().get("generate"))
                .flatMap(Manifest.Stage::report)
                .map(report -> report.notes().get("questions"))
                .map(n -> ((Number) n).longValue())
                .orElse(0L);
    }

    private List<ReportInput.StageFacts> stages() {
        Map<String, Usage> spent = run.manifest().spent().orElse(Map.of());
        List<ReportInput.StageFacts> facts = new ArrayList<>();
        run.manifest().stages().forEach((name, stage) -> stage.report().ifPresent(report -> {
            Usage usage = spent.getOrDefault(name, report.usage());
            facts.add(new ReportInput.StageFacts(
                    name, stage.seconds().orElse(0.0), report.counts(), usage, refused(report)));
        }));
        return facts;
    }

    private static List<String> refused(StageReport report) {
        return report.notes().getOrDefault(TextModel.REFUSED_FIELDS, List.of()) instanceof List<?> fields
                ? fields.stream().map(String::valueOf).toList() : List.of();
    }

    /// @return of any stage, over all the times it was at work
    private long peakMemoryMb() {
        return run.manifest().stages().values().stream()
                .flatMap(stage -> stage.peakMemoryMb().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /// @return why, by the name of the stage
    private SortedMap<String, String> incomplete() {
        SortedMap<String, String> open = new TreeMap<>();
        run.manifest().stages().forEach((name, stage) ->
                stage.report().flatMap(StageReport::incomplete).ifPresent(why -> open.put(name, why)));
        return open;
    }

    private Map<String, Long> parameters() {
        Map<String, Long> parameters = new LinkedHashMap<>();
        recipe.generate().map(generate -> generate.teacher()).ifPresent(teacher -> {
            if (teacher instanceof TeacherConfig.Weights weights) {
                parameters.put("teacher", ModelConfig.read(weights.path()).parameters());
            }
        });
        recipe.train().stream() // of encoders too, whose config is another
                .map(student -> "train/" + student.name())
                .flatMap(stage -> Optional.ofNullable(run.manifest().stages().get(stage)).stream())
                .flatMap(stage -> stage.report().stream())
                .filter(report -> report.notes().containsKey("parameters"))
                .findFirst()
                .ifPresent(report -> parameters.put("student",
                        ((Number) report.notes().get("parameters")).longValue()));
        return parameters;
    }

    private static Optional<Path> existing(Path path) {
        return Optional.of(path).filter(Files::exists);
    }

}
