package dev.socratic.eval;

import dev.socratic.core.json.Hashes;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TaskScores;
import dev.socratic.core.text.TextModel;
import dev.socratic.eval.task.EvalTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tasks of an evaluation, for a model that is not finished: its answers are judged as [EvalStage] judges them, and
/// neither journalled nor kept.
public final class LiveTasks implements TaskScores {
    private final List<EvalTask> tasks;
    private final long seed;

    /// @param config whose tasks they are
    public LiveTasks(EvalConfig config) {
        this.tasks = config.tasks();
        this.seed = config.seed();
    }

    @Override
    public List<String> names() {
        return tasks.stream().map(EvalTask::name).toList();
    }

    @Override
    public Ready ready(List<String> wanted, int most, Path folder) {
        return new Prepared(wanted.stream()
                .map(name -> tasks.stream().filter(task -> task.name().equals(name)).findFirst().orElseThrow())
                .map(task -> PreparedTask.of(task.limitedTo(most).once(), seed, folder)).toList());
    }

    private record Prepared(List<PreparedTask> tasks) implements Ready {
        @Override
        public String hash() {
            return Hashes.ofJson(tasks.stream().map(task -> List.of(task.task().name(), asked(task))).toList());
        }

        private static List<List<Object>> asked(PreparedTask task) {
            return task.asked().stream()
                    .map(one -> List.<Object>of(one.request(), one.question().answer().orElseThrow())).toList();
        }

        @Override
        public Map<String, Double> of(TextModel model) throws InterruptedException {
            Map<String, Double> scores = new LinkedHashMap<>();
            for (PreparedTask task : tasks) {
                scores.put(task.task().name(), score(task.asked(), model));
            }
            return scores;
        }

        private static double score(List<PreparedTask.Instance> asked, TextModel model) throws InterruptedException {
            long right = 0;
            int unit = Math.max(1, model.card().unit());
            for (int from = 0; from < asked.size(); from += unit) {
                List<PreparedTask.Instance> part = asked.subList(from, Math.min(asked.size(), from + unit));
                List<GenerationRequest> requests = new ArrayList<>();
                part.forEach(one -> requests.add(one.request()));
                List<GenerationOutcome> outcomes = model.generate(requests);
                for (int i = 0; i < part.size(); i++) {
                    right += right(part.get(i), outcomes.get(i)) ? 1 : 0;
                }
            }
            return (double) right / asked.size();
        }

        private static boolean right(PreparedTask.Instance asked, GenerationOutcome outcome) {
            return switch (outcome) {
                case GenerationOutcome.Completion done -> ExactMatch.sample(asked, List.of(done)).correct();
                case GenerationOutcome.Failure ignored -> false;
            };
        }
    }
}
