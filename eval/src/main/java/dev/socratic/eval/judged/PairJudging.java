package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.prompts.judge.Rubric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two answers to one question at a time, shown to the judge in both orders. The score of a pair is the mean of both
/// verdicts for the one model: a win in both orders is 1, one win and one loss 0.5, a tie and a win 0.75. A pair with a
/// verdict in one order alone is unjudged, for its place would count. Whoever has no answer loses without a judge; of
/// two without one neither wins.
///
/// @param messages of each question
record PairJudging(JudgedTask.Pairwise task, long seed, QuestionRows rows, List<List<ChatMessage>> messages, Jury jury,
        JudgeCalibration calibration) implements JudgedWork {

    static PairJudging of(JudgedTask.Pairwise task, long seed, Path folder) {
        String place = "judged '%s'".formatted(task.name());
        Jury jury = Jury.of(place, task.judging(), Rubric.PAIR, seed);
        QuestionRows rows = QuestionRows.read(task.name(), task.questions(), task.limit(), seed, folder);
        List<String> ids = new ArrayList<>();
        rows.questions().forEach(question -> task.against().forEach(other -> ids.add(id(task, question, other))));
        return new PairJudging(task, seed, rows, rows.messages(task.prompt()), jury,
                JudgeCalibration.of(place, jury, ids));
    }

    /// @return what labels call a pair: the question's id, of several opponents with the name of the one behind it
    private static String id(JudgedTask.Pairwise task, Question question, String other) {
        return task.against().size() == 1 ? question.id() : question.id() + "/" + other;
    }

    /// Two answers to one question.
    ///
    /// @param first  number of a player; the model is 0, the others follow as `against` has them
    /// @param second number of another
    /// @param there  numbers of its two items; empty where a player has no answer
    private record Pair(int question, int first, int second, Optional<int[]> there) {}

    @Override
    public JudgedResult ask(Panel panel) throws InterruptedException {
        List<GenerationRequest> requests = rows.requests(messages, task.generation(), seed);
        List<List<GenerationOutcome>> answers = new ArrayList<>();
        answers.add(panel.ask(requests));
        for (String other : task.against()) {
            answers.add(panel.ask(other, requests));
        }
        List<Pair> pairs = new ArrayList<>();
        List<Jury.Item> items = new ArrayList<>();
        for (int q = 0; q < requests.size(); q++) {
            for (int a = 0; a < (task.allPairs() ? answers.size() : 1); a++) {
                for (int b = a + 1; b < answers.size(); b++) {
                    Optional<String> one = JudgedWork.spoken(answers.get(a).get(q));
                    Optional<String> two = JudgedWork.spoken(answers.get(b).get(q));
                    Optional<int[]> there = Optional.empty();
                    if (one.isPresent() && two.isPresent()) {
                        there = Optional.of(new int[] {items.size(), items.size() + 1});
                        items.add(item(q, a, b, one.get(), two.get()));
                        items.add(item(q, b, a, two.get(), one.get()));
                    }
                    pairs.add(new Pair(q, a, b, there));
                }
            }
        }
        List<List<JudgeOpinion>> opinions = jury.ask(panel, items);
        return result(panel, answers, pairs, opinions);
    }

    private Jury.Item item(int q, int first, int second, String one, String two) {
        Question question = rows.questions().get(q);
        return new Jury.Item("%s/%s/%s-%s/judge".formatted(task.name(), q, first, second), Map.of("question",
                question.question(), "first", one, "second", two, "gold", question.answer().orElse("")));
    }

    private JudgedResult result(Panel panel, List<List<GenerationOutcome>> answers, List<Pair> pairs,
            List<List<JudgeOpinion>> opinions) {
        List<String> players = new ArrayList<>(List.of(panel.evaluated()));
        players.addAll(task.against());
        PairTable table = new PairTable(players);
        Map<Integer, List<Pair>> byQuestion = new LinkedHashMap<>();
        pairs.forEach(pair -> byQuestion.computeIfAbsent(pair.question(), none -> new ArrayList<>()).add(pair));
        List<ObjectNode> lines = new ArrayList<>();
        List<ObjectNode> unjudged = new ArrayList<>();
        Map<String, Double> scores = new LinkedHashMap<>();
        long failed = 0;
        long open = 0;
        for (Map.Entry<Integer, List<Pair>> entry : byQuestion.entrySet()) {
            int q = entry.getKey();
            if (answers.stream().anyMatch(all -> Panel.isOpen(all.get(q))) || entry.getValue().stream().anyMatch(
                    pair -> pair.there().isPresent() && (isOpen(opinions.get(pair.there().get()[0]))
                            || isOpen(opinions.get(pair.there().get()[1]))))) {
                open++;
                continue;
            }
            Question question = rows.questions().get(q);
            ObjectNode line = JudgedLine.of(q, RowMapper.json(question), question.answer().orElse(""),
                    Json.line(messages.get(q)), task.generation(), text(answers.getFirst().get(q)));
            line.put("id", question.id());
            List<Double> own = new ArrayList<>();
            for (Pair pair : entry.getValue()) {
                ObjectNode told = line.withArray("pairs").addObject().put("first", players.get(pair.first()))
                        .put("second", players.get(pair.second()))
                        .put("second_answer", text(answers.get(pair.second()).get(q)));
                Optional<Double> score = score(table, answers, pair, opinions, told);
                score.ifPresent(share -> {
                    told.put("score", share);
                    if (pair.first() == 0) {
                        own.add(share);
                        if (pair.there().isPresent()) {
                            scores.put(id(task, question, players.get(pair.second())), jury.points(share));
                        }
                    }
                });
            }
            if (own.size() < task.against().size()) {
                unjudged.add(line);
            } else {
                failed += JudgedWork.problem(answers.getFirst().get(q)).isEmpty() ? 0 : 1;
                lines.add(JudgedLine.scored(line, Map.of("win_rate",
                        own.stream().mapToDouble(Double::doubleValue).average().orElseThrow())));
            }
        }
        ObjectNode facts = JuryFacts.of(jury, panel, opinions);
        List<JudgedFigure> figures = new ArrayList<>();
        if (open == 0 && !lines.isEmpty()) {
            figures.addAll(table.figures(lines.stream().mapToDouble(line -> line.get("win_rate").doubleValue())
                    .toArray()));
            table.tell(facts, seed);
            if (!calibration.labels().isEmpty()) {
                facts.set("calibration", calibration.tell(scores).facts());
            }
        }
        return new JudgedResult(task, figures, lines, unjudged, failed, open, rows.unreadable(), facts);
    }

    private Optional<Double> score(PairTable table, List<List<GenerationOutcome>> answers, Pair pair,
            List<List<JudgeOpinion>> opinions, ObjectNode told) {
        if (pair.there().isEmpty()) {
            boolean one = JudgedWork.spoken(answers.get(pair.first()).get(pair.question())).isPresent();
            boolean two = JudgedWork.spoken(answers.get(pair.second()).get(pair.question())).isPresent();
            double share = one == two ? 0.5 : one ? 1 : 0;
            table.unanswered(pair.question(), pair.first(), pair.second(), share);
            told.put("why", "without a judge: no answer");
            return Optional.of(share);
        }
        List<JudgeOpinion> shown = opinions.get(pair.there().get()[0]);
        List<JudgeOpinion> swapped = opinions.get(pair.there().get()[1]);
        told.set("judgements", JudgedLine.opinions(shown));
        told.set("swapped", JudgedLine.opinions(swapped));
        Optional<Double> first = jury.score(shown).map(jury::share);
        Optional<Double> second = jury.score(swapped).map(jury::share);
        if (first.isEmpty() || second.isEmpty()) {
            table.unjudged(pair.first(), pair.second());
            return Optional.empty();
        }
        int longer = length(answers, pair.first(), pair.question()) - length(answers, pair.second(), pair.question());
        return Optional.of(table.add(new PairTable.Judged(pair.question(), pair.first(), pair.second(), first.get(),
                second.get(), longer)));
    }

    private static int length(List<List<GenerationOutcome>> answers, int player, int question) {
        return JudgedWork.spoken(answers.get(player).get(question)).orElse("").length();
    }

    private static boolean isOpen(List<JudgeOpinion> opinions) {
        return opinions.stream().anyMatch(JudgeOpinion::open);
    }

    private static String text(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Completion done ? done.text() : "";
    }
}
