package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.eval.stats.Mean;
import dev.socratic.prompts.judge.Rubric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Answers judged one by one. A question that the model cannot answer has the lowest score and no judge.
///
/// @param messages of each question
record AnswerJudging(JudgedTask.Judge task, long seed, QuestionRows rows, List<List<ChatMessage>> messages, Jury jury,
        JudgeCalibration calibration) implements JudgedWork {
    private static final String SCORE = "judge_score";

    static AnswerJudging of(JudgedTask.Judge task, long seed, Path folder) {
        String place = "judged '%s'".formatted(task.name());
        Jury jury = Jury.of(place, task.judging(), Rubric.ANSWER, seed);
        QuestionRows rows = QuestionRows.read(task.name(), task.questions(), task.limit(), seed, folder);
        return new AnswerJudging(task, seed, rows, rows.messages(task.prompt()), jury,
                JudgeCalibration.of(place, jury, rows.questions().stream().map(Question::id).toList()));
    }

    @Override
    public JudgedResult ask(Panel panel) throws InterruptedException {
        List<GenerationOutcome> answers = panel.ask(rows.requests(messages, task.generation(), seed));
        List<Integer> answered = new ArrayList<>();
        List<Jury.Item> items = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            int number = i;
            JudgedWork.spoken(answers.get(i)).ifPresent(text -> {
                Question question = rows.questions().get(number);
                answered.add(number);
                items.add(new Jury.Item("%s/%s/judge".formatted(task.name(), number), Map.of("question",
                        question.question(), "answer", text, "gold", question.answer().orElse(""))));
            });
        }
        List<List<JudgeOpinion>> opinions = jury.ask(panel, items);
        Map<Integer, List<JudgeOpinion>> byQuestion = new LinkedHashMap<>();
        for (int k = 0; k < answered.size(); k++) {
            byQuestion.put(answered.get(k), opinions.get(k));
        }
        return result(panel, answers, byQuestion, opinions);
    }

    private JudgedResult result(Panel panel, List<GenerationOutcome> answers, Map<Integer, List<JudgeOpinion>> opinions,
            List<List<JudgeOpinion>> all) {
        List<ObjectNode> lines = new ArrayList<>();
        List<ObjectNode> unjudged = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        Map<String, Double> scores = new LinkedHashMap<>();
        long failed = 0;
        long open = 0;
        for (int i = 0; i < answers.size(); i++) {
            Question question = rows.questions().get(i);
            List<JudgeOpinion> said = opinions.getOrDefault(i, List.of());
            if (Panel.isOpen(answers.get(i)) || said.stream().anyMatch(JudgeOpinion::open)) {
                open++;
                continue;
            }
            ObjectNode line = JudgedLine.of(i, RowMapper.json(question), question.answer().orElse(""),
                    Json.line(messages.get(i)), task.generation(), text(answers.get(i)));
            line.put("id", question.id()).set("judgements", JudgedLine.opinions(said));
            if (said.isEmpty()) { // nobody can judge what is not there
                failed++;
                shares.add(0.0);
                lines.add(JudgedLine.scored(line, Map.of(SCORE, 0.0)).put("failed", true)
                        .put("why", JudgedWork.problem(answers.get(i))));
                continue;
            }
            jury.score(said).ifPresentOrElse(score -> {
                shares.add(jury.share(score));
                scores.put(question.id(), score);
                lines.add(JudgedLine.scored(line, Map.of(SCORE, jury.share(score))).put("points", score));
            }, () -> unjudged.add(line));
        }
        ObjectNode facts = JuryFacts.of(jury, panel, all);
        List<JudgedFigure> figures = new ArrayList<>();
        if (open == 0 && !shares.isEmpty()) {
            Mean mean = Mean.of(shares.stream().mapToDouble(Double::doubleValue).toArray());
            figures.add(JudgedFigure.of(SCORE, mean));
            facts.put("points", jury.points(mean.value()));
            if (!calibration.labels().isEmpty()) {
                JudgeCalibration.Told told = calibration.tell(scores);
                told.share().ifPresent(figures::add);
                facts.set("calibration", told.facts());
            }
        }
        return new JudgedResult(task, figures, lines, unjudged, failed, open, rows.unreadable(), facts);
    }

    private static String text(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Completion done ? done.text() : "";
    }
}
