package dev.socratic.cli.recipe;

import dev.socratic.core.error.DataException;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.RunFolder;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Paired;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Scores of a student beside those of the model it began from and of its teacher, where the run evaluated them, with
/// the differences on the same questions.
final class CardScores {
    private CardScores() {}

    /// @return a part of a card; empty where the student was not evaluated
    static String of(Recipe recipe, RunFolder run, TrainConfig student) {
        Map<String, SequencedMap<String, SavedSamples>> samples = new LinkedHashMap<>();
        Map<String, String> roles = new LinkedHashMap<>();
        recipe.eval().ifPresent(evaluation -> evaluation.inOrder().forEach((name, model) ->
                role(model, student, recipe).filter(ignored -> done(run, name)).ifPresent(role -> {
                    samples.put(name, SavedSamples.ofFolder(run.folder("eval/" + name)));
                    roles.put(name, role);
                })));
        Optional<String> own = roles.keySet().stream().filter(name -> roles.get(name).equals("student")).findFirst();
        return own.map(name -> table(name, roles, samples)).orElse("");
    }

    private static String table(String own, Map<String, String> roles,
            Map<String, SequencedMap<String, SavedSamples>> samples) {
        StringBuilder rows = new StringBuilder();
        samples.get(own).forEach((task, mine) -> roles.forEach((name, role) -> Optional.ofNullable(samples.get(name)
                .get(task)).filter(theirs -> theirs.size() > 0).ifPresent(theirs -> rows.append(RunCard.line(task,
                        "%s (%s)".formatted(role, name), score(theirs),
                        role.equals("student") ? "" : difference(mine, theirs))))));
        return rows.isEmpty() ? ""
                : "\n## Scores\n\n95 % intervals: Wilson's of a score, Newcombe's of a difference on the same "
                + "questions; p is McNemar's.\n\n"
                + "| task | model | right | student minus this |\n|---|---|---|---|\n" + rows;
    }

    private static String score(SavedSamples samples) {
        return RunCard.number("%.1f %% [%.1f, %.1f] of %,d", 100 * samples.accuracy(), 100 * samples.ci95().low(),
                100 * samples.ci95().high(), samples.size());
    }

    private static String difference(SavedSamples mine, SavedSamples theirs) {
        try {
            SavedSamples.Alike alike = mine.alike(theirs);
            Paired paired = alike.first().against(alike.second());
            return RunCard.number("%+.1f points [%+.1f, %+.1f], p %.2g", 100 * paired.difference(),
                    100 * paired.ci95().low(), 100 * paired.ci95().high(), paired.p());
        } catch (DataException other) {
            return "not comparable: " + other.problems().getFirst().got();
        }
    }

    private static boolean done(RunFolder run, String name) {
        return Optional.ofNullable(run.manifest().stages().get("eval/" + name))
                .filter(stage -> stage.state() == Manifest.State.DONE).isPresent();
    }

    /// @return `student`, `base` or `teacher`; empty for a model that is none of this student's
    static Optional<String> role(Evaluation.Model model, TrainConfig student, Recipe recipe) {
        return switch (model) {
            case Evaluation.Model.Student one when one.name().equals(student.name()) -> Optional.of("student");
            case Evaluation.Model.Student one when student.student() instanceof StudentStart.Earlier start
                    && start.name().equals(one.name()) -> Optional.of("base");
            case Evaluation.Model.Student one when student.teacher().filter(
                    teacher -> teacher instanceof ModelRef.Earlier earlier && earlier.name().equals(one.name()))
                    .isPresent() -> Optional.of("teacher");
            case Evaluation.Model.Student ignored -> Optional.empty();
            case Evaluation.Model.Weights weights when base(student).filter(weights.path()::equals).isPresent() ->
                Optional.of("base");
            case Evaluation.Model.Weights weights when student.teacher().filter(
                    teacher -> teacher instanceof ModelRef.Folder folder && folder.path().equals(weights.path()))
                    .isPresent() -> Optional.of("teacher");
            case Evaluation.Model.Weights ignored -> Optional.empty();
            case Evaluation.Model.Endpoint ignored -> Optional.empty();
            case Evaluation.Model.Teacher ignored ->
                student.data().isEmpty() && recipe.answers().isEmpty() ? Optional.of("teacher") : Optional.empty();
        };
    }

    private static Optional<Path> base(TrainConfig student) {
        return switch (student.student()) {
            case StudentStart.Folder folder -> Optional.of(folder.path());
            case StudentStart.LayersOf layers -> Optional.of(layers.path());
            case StudentStart.Random ignored -> Optional.empty();
            case StudentStart.Architecture ignored -> Optional.empty();
            case StudentStart.Earlier ignored -> Optional.empty();
        };
    }
}
