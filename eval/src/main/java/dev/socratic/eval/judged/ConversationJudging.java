package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.eval.judged.TalkRows.Talk;
import dev.socratic.eval.stats.Mean;
import dev.socratic.prompts.judge.Rubric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Conversations of several turns: turn by turn the model answers what stands so far, and each answer, or the last, is
/// judged with all that was said before it. The score of a conversation is the mean of its judged turns; a turn that
/// the model cannot answer, and those behind it, have the lowest.
record ConversationJudging(JudgedTask.MultiTurn task, long seed, TalkRows rows, Jury jury,
        JudgeCalibration calibration) implements JudgedWork {
    private static final String SCORE = "judge_score";

    static ConversationJudging of(JudgedTask.MultiTurn task, long seed, Path folder) {
        String place = "judged '%s'".formatted(task.name());
        Jury jury = Jury.of(place, task.judging(), Rubric.TURN, seed);
        TalkRows rows = TalkRows.read(task, folder);
        List<String> ids = new ArrayList<>();
        rows.talks().forEach(talk -> {
            for (int turn = 0; turn < talk.turns().size(); turn++) {
                ids.add(talk.id() + "/" + (turn + 1));
            }
        });
        return new ConversationJudging(task, seed, rows, jury, JudgeCalibration.of(place, jury, ids));
    }

    @Override
    public JudgedResult ask(Panel panel) throws InterruptedException {
        List<List<GenerationOutcome>> answers = new ArrayList<>();
        rows.talks().forEach(talk -> answers.add(new ArrayList<>()));
        int most = rows.talks().stream().mapToInt(talk -> talk.turns().size()).max().orElse(0);
        for (int turn = 0; turn < most; turn++) {
            List<Integer> going = new ArrayList<>();
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < rows.talks().size(); i++) {
                Optional<List<ChatMessage>> messages = soFar(rows.talks().get(i), answers.get(i), turn);
                if (messages.isPresent()) {
                    going.add(i);
                    requests.add(new GenerationRequest("%s/%s/%s".formatted(task.name(), i, turn), messages.get(),
                            task.generation(), Seeds.derive(seed, task.name(), rows.talks().get(i).id(),
                                    String.valueOf(i), String.valueOf(turn))));
                }
            }
            List<GenerationOutcome> outcomes = panel.ask(requests);
            for (int k = 0; k < going.size(); k++) {
                answers.get(going.get(k)).add(outcomes.get(k));
            }
        }
        Map<Integer, Map<Integer, Integer>> places = new TreeMap<>(); // conversation, turn: number of the item
        List<Jury.Item> items = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Talk talk = rows.talks().get(i);
            for (int turn = first(talk); turn < answers.get(i).size(); turn++) {
                Optional<String> spoken = JudgedWork.spoken(answers.get(i).get(turn));
                if (spoken.isPresent()) {
                    places.computeIfAbsent(i, none -> new TreeMap<>()).put(turn, items.size());
                    items.add(new Jury.Item("%s/%s/%s/judge".formatted(task.name(), i, turn), Map.of(
                            "question", talk.turns().get(turn), "answer", spoken.get(), "gold", talk.reference(turn),
                            "conversation", transcript(talk, answers.get(i), turn))));
                }
            }
        }
        List<List<JudgeOpinion>> opinions = jury.ask(panel, items);
        return result(panel, answers, places, opinions);
    }

    /// @return the first turn that is judged
    private int first(Talk talk) {
        return task.judged() == JudgedTask.MultiTurn.Turns.EACH ? 0 : talk.turns().size() - 1;
    }

    private Optional<List<ChatMessage>> soFar(Talk talk, List<GenerationOutcome> answers, int turn) {
        if (turn >= talk.turns().size() || answers.size() < turn) {
            return Optional.empty();
        }
        List<ChatMessage> messages = new ArrayList<>();
        if (!task.system().isEmpty()) {
            messages.add(ChatMessage.system(task.system()));
        }
        for (int i = 0; i <= turn; i++) {
            messages.add(ChatMessage.user(talk.turns().get(i)));
            if (i < turn) {
                Optional<String> spoken = JudgedWork.spoken(answers.get(i));
                if (spoken.isEmpty()) {
                    return Optional.empty();
                }
                messages.add(ChatMessage.assistant(spoken.get()));
            }
        }
        return Optional.of(messages);
    }

    private static String transcript(Talk talk, List<GenerationOutcome> answers, int before) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < before; i++) {
            text.append("User: ").append(talk.turns().get(i)).append("\nAssistant: ")
                    .append(JudgedWork.spoken(answers.get(i)).orElse("")).append('\n');
        }
        return text.toString().strip();
    }

    private JudgedResult result(Panel panel, List<List<GenerationOutcome>> answers,
            Map<Integer, Map<Integer, Integer>> places, List<List<JudgeOpinion>> opinions) {
        List<ObjectNode> lines = new ArrayList<>();
        List<ObjectNode> unjudged = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        Map<Integer, List<Double>> byTurn = new TreeMap<>();
        Map<String, Double> scores = new LinkedHashMap<>();
        long failed = 0;
        long open = 0;
        for (int i = 0; i < answers.size(); i++) {
            Talk talk = rows.talks().get(i);
            Map<Integer, Integer> judged = places.getOrDefault(i, Collections.emptyMap());
            boolean waits = answers.get(i).stream().anyMatch(Panel::isOpen)
                    || judged.values().stream().anyMatch(at -> opinions.get(at).stream().anyMatch(JudgeOpinion::open));
            if (waits) {
                open++;
                continue;
            }
            ObjectNode line = line(i, talk, answers.get(i), judged, opinions);
            List<Double> turns = new ArrayList<>();
            boolean without = false;
            for (int turn = first(talk); turn < talk.turns().size(); turn++) {
                Optional<Double> score = Optional.ofNullable(judged.get(turn)).map(opinions::get).map(jury::score)
                        .orElse(Optional.of(jury.points(0))); // no answer
                without |= score.isEmpty();
                if (score.isPresent()) {
                    turns.add(jury.share(score.get()));
                    byTurn.computeIfAbsent(turn + 1, none -> new ArrayList<>()).add(jury.share(score.get()));
                    if (judged.containsKey(turn)) {
                        scores.put(talk.id() + "/" + (turn + 1), score.get());
                    }
                }
            }
            if (answers.get(i).stream().anyMatch(GenerationOutcome.Failure.class::isInstance)) {
                failed += without ? 0 : 1;
                line.put("failed", turns.stream().allMatch(share -> share == 0));
                line.put("why", answers.get(i).stream().map(JudgedWork::problem).filter(why -> !why.isEmpty())
                        .findFirst().orElse(""));
            }
            if (without) {
                unjudged.add(line);
            } else {
                double mean = turns.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
                shares.add(mean);
                lines.add(JudgedLine.scored(line, Map.of(SCORE, mean)));
            }
        }
        ObjectNode facts = JuryFacts.of(jury, panel, opinions);
        List<JudgedFigure> figures = new ArrayList<>();
        if (open == 0 && !shares.isEmpty()) {
            figures.add(figure(SCORE, shares));
            byTurn.forEach((turn, all) -> figures.add(figure(SCORE + "_turn_" + turn, all)));
            facts.put("points", jury.points(figures.getFirst().value()));
            if (!calibration.labels().isEmpty()) {
                JudgeCalibration.Told told = calibration.tell(scores);
                told.share().ifPresent(figures::add);
                facts.set("calibration", told.facts());
            }
        }
        return new JudgedResult(task, figures, lines, unjudged, failed, open, rows.unreadable(), facts);
    }

    private static JudgedFigure figure(String name, List<Double> shares) {
        return JudgedFigure.of(name, Mean.of(shares.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private ObjectNode line(int number, Talk talk, List<GenerationOutcome> answers, Map<Integer, Integer> judged,
            List<List<JudgeOpinion>> opinions) {
        ObjectNode line = JudgedLine.of(number, talk.row(), talk.reference(talk.turns().size() - 1),
                Json.line(talk.turns()), task.generation(), transcript(talk, answers, answers.size()));
        line.put("id", talk.id());
        var said = line.putArray("turns");
        for (int turn = 0; turn < answers.size(); turn++) {
            ObjectNode one = said.addObject().put("user", talk.turns().get(turn)).put("assistant",
                    JudgedWork.spoken(answers.get(turn)).orElse(""));
            Optional.ofNullable(judged.get(turn)).ifPresent(at ->
                    one.set("judgements", JudgedLine.opinions(opinions.get(at))));
        }
        return line;
    }
}
