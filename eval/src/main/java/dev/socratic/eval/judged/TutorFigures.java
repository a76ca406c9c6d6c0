package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.eval.stats.Mean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What dialogues of a tutor come to. `tutored` is the figure that counts: the student has the right answer in the end,
/// and the tutor did not say it first. A dialogue that broke off for good because the tutor gave no answer counts as
/// one that went wrong.
final class TutorFigures {
    private static final String TUTORED = "tutored";
    private static final String LEAK = "leak";
    private static final String JUDGED = "judge_score";

    private TutorFigures() {}

    static JudgedResult of(TutorDialogues work, List<Dialogue> dialogues, List<Boolean> open,
            List<List<JudgeOpinion>> opinions, Panel panel) {
        List<ObjectNode> lines = new ArrayList<>();
        Map<String, List<Double>> columns = new LinkedHashMap<>();
        long waiting = 0;
        long failed = 0;
        long unjudged = 0;
        for (int i = 0; i < dialogues.size(); i++) {
            Dialogue dialogue = dialogues.get(i);
            List<JudgeOpinion> said = opinions.isEmpty() ? List.of() : opinions.get(i);
            if (open.get(i) || said.stream().anyMatch(JudgeOpinion::open)) {
                waiting++;
                continue;
            }
            Map<String, Double> figures = figures(dialogue);
            Optional<Double> points = work.jury().flatMap(jury -> jury.score(said).map(jury::share));
            points.ifPresent(share -> figures.put(JUDGED, share));
            unjudged += work.jury().isPresent() && points.isEmpty() ? 1 : 0;
            figures.forEach((name, value) -> columns.computeIfAbsent(name, none -> new ArrayList<>()).add(value));
            ObjectNode line = JudgedLine.of(i, RowMapper.json(dialogue.question()), dialogue.gold(), work.prompt(i),
                    work.task().generation(), dialogue.transcript());
            line.put("id", dialogue.question().id());
            work.student(line);
            line.set("turns", dialogue.turns());
            if (!said.isEmpty()) {
                line.set("judgements", JudgedLine.opinions(said));
            }
            if (!dialogue.problem().isEmpty()) {
                failed++;
                line.put("why", dialogue.problem()).put("failed", figures.get(TUTORED) == 0);
            }
            lines.add(JudgedLine.scored(line, figures));
        }
        ObjectNode facts = facts(work, dialogues, opinions, panel).put("skipped", work.skipped());
        if (work.jury().isPresent()) {
            facts.put("unjudged", unjudged);
        }
        List<JudgedFigure> figures = new ArrayList<>();
        if (waiting == 0) {
            columns.forEach((name, values) -> figures.add(JudgedFigure.of(name,
                    Mean.of(values.stream().mapToDouble(Double::doubleValue).toArray()), !name.endsWith(LEAK))));
        }
        return new JudgedResult(work.task(), figures, lines, List.of(), failed, waiting,
                work.rows().unreadable() + work.skipped(), facts);
    }

    private static Map<String, Double> figures(Dialogue dialogue) {
        Map<String, Double> figures = new LinkedHashMap<>();
        boolean leak = dialogue.leak().isPresent();
        figures.put(TUTORED, dialogue.studentCorrect() && !leak ? 1.0 : 0);
        figures.put(LEAK, leak ? 1.0 : 0);
        figures.put("step_leak", dialogue.leaks().stream().anyMatch(found -> !found.last()) ? 1.0 : 0);
        dialogue.coverage().ifPresent(path -> {
            figures.put("coverage", path.askedShare());
            figures.put("reached", path.reachedShare());
        });
        figures.put("asking", dialogue.asking());
        figures.put("student_correct", dialogue.studentCorrect() ? 1.0 : 0);
        return figures;
    }

    private static ObjectNode facts(TutorDialogues work, List<Dialogue> dialogues, List<List<JudgeOpinion>> opinions,
            Panel panel) {
        ObjectNode facts = work.jury().map(jury -> JuryFacts.of(jury, panel, opinions.stream()
                .filter(said -> !said.isEmpty()).toList())).orElseGet(Json.mapper()::createObjectNode);
        work.student(facts);
        facts.put("tutor_turns", dialogues.stream().mapToInt(dialogue -> dialogue.tutor().size()).average().orElse(0));
        facts.put("first_leak_turn", dialogues.stream().flatMap(dialogue -> dialogue.leak().stream())
                .mapToInt(Integer::intValue).average().orElse(0));
        return facts;
    }
}
