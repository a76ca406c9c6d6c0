package dev.socratic.trainer.run;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.text.TaskScores;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.EvaluateConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tasks that a student answers while it learns, with the weights as they are.
///
/// @param tasks   with their questions
/// @param folder  of the student, where its tokenizer and template are
/// @param special tokens that frame and end its text
/// @param manager of what is made to answer them
record StudentTasks(TaskScores.Ready tasks, Decoder student, Path folder, SpecialTokens special, NDManager manager) {
    /// Questions answered together.
    private static final int UNIT = 16;

    /// @param known what the run may be asked to score
    /// @throws ConfigException if the config names another
    static Optional<TaskScores.Ready> ready(Optional<EvaluateConfig> config, TaskScores known, Path folder) {
        List<String> wanted = config.map(EvaluateConfig::tasks).orElse(List.of());
        List<String> missing = wanted.stream().filter(name -> !known.names().contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new ConfigException("evaluate.tasks", "names of tasks of the recipe's evaluation, "
                    + (known.names().isEmpty() ? "of which there are none here" : String.join(", ", known.names())),
                    String.join(", ", missing), "write them under eval.tasks of a recipe, or leave them out");
        }
        return wanted.isEmpty() ? Optional.empty()
                : Optional.of(known.ready(wanted, config.orElseThrow().taskRows(), folder));
    }

    /// @return share of right answers, by `score_<task>`
    Map<String, Double> scores() {
        Map<String, Double> named = new LinkedHashMap<>();
        try (LocalModel model = LocalModel.of(student, folder, special, UNIT, manager)) {
            tasks.of(model).forEach((task, score) -> named.put(Learner.HeldOutLoss.SCORE + task, score));
        } catch (InterruptedException stopped) {
            throw new RetryLaterException("training", "answers of the student to evaluate.tasks",
                    "an interrupt meanwhile", "run the same command: it goes on from the last checkpoint");
        }
        return named;
    }
}
