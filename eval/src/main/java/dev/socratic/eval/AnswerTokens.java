package dev.socratic.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenScore;
import dev.socratic.eval.task.EvalTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Log probabilities of the tokens of answers, for tasks with `logprobs: true`.
///
/// An answer is read again behind its prompt: what is found is the model's own distribution, whatever temperature the
/// answer was drawn at. It stands in the sample's line as `logprobs`, a list of `[token, log probability]` an answer;
/// tokens beyond [EvalTask#MOST_TOKENS] are left out and counted as `logprobs_left_out`.
final class AnswerTokens {
    /// How many tokens a line lacks.
    static final String LEFT_OUT = "logprobs_left_out";

    private final TextModel model;

    private AnswerTokens(TextModel model) {
        this.model = model;
    }

    /// @throws ConfigException if a task asks for what the model cannot give
    static void check(List<EvalTask> tasks, TextModel model) {
        tasks.stream().filter(task -> task.logprobs() && !model.scoresTokens()).findFirst().ifPresent(task -> {
            throw new ConfigException("tasks.%s.logprobs".formatted(task.name()),
                    "a model whose weights are here, so that it can read its answers again",
                    model.card().name(), "write logprobs: false, or evaluate local weights");
        });
    }

    /// @return the same results, samples of tasks that ask for it with their tokens
    static Map<String, TaskResult> added(Map<String, TaskResult> results, TextModel model) {
        Map<String, TaskResult> all = new LinkedHashMap<>();
        results.forEach((task, result) -> all.put(task, result.asking().task().logprobs()
                ? new AnswerTokens(model).read(result) : result));
        return all;
    }

    private TaskResult read(TaskResult result) {
        Map<Integer, PreparedTask.Instance> asked = new LinkedHashMap<>();
        result.asking().asked().forEach(one -> asked.put(one.docId(), one));
        List<ScoreRequest> requests = new ArrayList<>();
        result.samples().forEach(sample -> {
            String prompt = model.written(asked.get(sample.docId()).request().messages(), false);
            sample.answers().stream().filter(answer -> !answer.failed())
                    .forEach(answer -> requests.add(new ScoreRequest(prompt, answer.response(), true)));
        });
        List<List<TokenScore>> scores = new ArrayList<>();
        int unit = Math.max(1, model.card().unit());
        for (int from = 0; from < requests.size(); from += unit) {
            scores.addAll(model.tokenScores(requests.subList(from, Math.min(requests.size(), from + unit))));
        }
        List<Sample> samples = new ArrayList<>();
        int number = 0;
        for (Sample sample : result.samples()) {
            ObjectNode line = sample.line();
            ArrayNode lists = line.putArray(SampleEvidence.LOGPROBS);
            long leftOut = 0;
            for (Sample.Answer answer : sample.answers()) {
                List<TokenScore> tokens = answer.failed() ? List.of() : scores.get(number++);
                leftOut += Math.max(0, tokens.size() - EvalTask.MOST_TOKENS);
                lists.add(list(tokens));
            }
            if (leftOut > 0) {
                line.put(LEFT_OUT, leftOut);
            }
            samples.add(new Sample(sample.docId(), sample.question(), sample.target(), sample.answers(),
                    sample.score(), line));
        }
        return new TaskResult(result.asking(), samples, result.usage(), result.open());
    }

    /// Four digits behind the point tell what a colour can show.
    private static ArrayNode list(List<TokenScore> tokens) {
        ArrayNode list = Json.mapper().createArrayNode();
        tokens.stream().limit(EvalTask.MOST_TOKENS).forEach(token ->
                list.addArray().add(token.text()).add(Math.round(token.logProbability() * 1e4) / 1e4));
        return list;
    }
}
