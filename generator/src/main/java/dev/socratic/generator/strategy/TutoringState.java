package dev.socratic.generator.strategy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.datasets.dialogue.AnswerLeak;
import dev.socratic.datasets.dialogue.Coverage;
import dev.socratic.datasets.dialogue.DialogueTurn;
import dev.socratic.datasets.dialogue.GoldStep;
import dev.socratic.datasets.dialogue.Stated;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.strategy.SocraticDialogue.Knows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One Socratic dialogue as its history makes it: who speaks next, how much help is due, what was held back.
final class TutoringState {
    private static final String TUTOR = "tutor";
    private static final String STUDENT = "student";

    private final SocraticDialogue config;
    private final Scene scene;
    private final Optional<String> answer;
    private final List<GoldStep> gold;
    private final List<DialogueTurn> said = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private final List<Map<String, Object>> turns = new ArrayList<>();
    private final Map<String, Long> figures = new HashMap<>();
    private int level;
    private int held;
    private Optional<Fault> fault = Optional.empty();
    private boolean solved;

    /// @param kind as counts name it
    /// @param why  as the tutor is told it
    private record Fault(String kind, String why) {}

    TutoringState(SocraticDialogue config, Scene scene) {
        this.config = config;
        this.scene = scene;
        boolean known = scene.question().answer().isPresent();
        this.answer = known || scene.history().isEmpty() ? scene.question().answer()
                : scene.finalAnswer(scene.reply(0).text());
        List<GoldStep> steps = GoldStep.of(scene.question());
        this.gold = steps.isEmpty()
                ? scene.question().solution().map(GoldStep::ofSolution).orElse(List.of()) : steps;
        for (int i = known ? 0 : 1; i < scene.history().size(); i++) {
            hear(scene.reply(i));
        }
    }

    Move move() {
        if (answer.isEmpty()) {
            return scene.history().isEmpty() ? Move.ask(scene.solve(TUTOR, 0))
                    : Move.done(new Result.Dropped("no_answer", "the tutor's own solution has no final answer"));
        }
        if (fault.isPresent() && held > config.retries()) {
            return done(List.of(dropped(fault.get().kind(), fault.get().why())));
        }
        if (solved || students() == config.turns()) {
            return done(rows());
        }
        return Move.ask(tutorIsNext() ? tutor() : student());
    }

    private boolean tutorIsNext() {
        return said.isEmpty() || !said.getLast().isTutor();
    }

    private long students() {
        return said.stream().filter(turn -> !turn.isTutor()).count();
    }

    private void hear(Reply reply) {
        if (tutorIsNext()) {
            fault = fault(reply);
            fault.ifPresentOrElse(wrong -> {
                held++;
                count("tutor_turns_held_back");
                count("held_back_" + wrong.kind());
            }, () -> {
                held = 0;
                count("tutor_turns");
                figures.merge("hints", level > 0 ? 1L : 0L, Long::sum);
                figures.merge("tutor_turns_cut", told(reply).equals(reply.text()) ? 0L : 1L, Long::sum);
                add(reply, DialogueTurn.tutor(told(reply)), Map.of("speaker", TUTOR, "help", level));
            });
        } else {
            int before = coverage().reached();
            add(reply, DialogueTurn.student(reply.text()), Map.of());
            solved = new Stated(scene.question().question(), answer.orElseThrow()).in(reply.text());
            boolean progress = solved || coverage().reached() > before;
            level = progress ? 0 : Math.min(level + 1, SocraticDialogue.MOST_HELP);
            count("student_turns");
            figures.merge("student_turns_with_progress", progress ? 1L : 0L, Long::sum);
            turns.set(turns.size() - 1, Map.of("speaker", STUDENT, "verdict",
                    solved ? "solved" : progress ? "progress" : "no_progress"));
        }
    }

    private void add(Reply reply, DialogueTurn turn, Map<String, Object> verdict) {
        said.add(turn);
        replies.add(reply);
        turns.add(verdict);
    }

    private void count(String figure) {
        figures.merge(figure, 1L, Long::sum);
    }

    /// What the student would see: with `one_question` what stands behind the first question is left out.
    private String told(Reply reply) {
        String text = reply.text();
        int end = text.indexOf('?') + 1;
        return config.oneQuestion() && end > 0 ? text.substring(0, end) : text;
    }

    private Optional<Fault> fault(Reply reply) {
        String text = told(reply);
        Optional<AnswerLeak> leak = AnswerLeak.in(
                scene.question().question(), answer.orElseThrow(), gold, said, text).stream().findFirst();
        if (leak.isPresent()) {
            return Optional.of(new Fault("leak", "it gave away the result " + leak.get().value()));
        }
        if (reply.completion().finish() == FinishReason.LENGTH && text.length() == reply.text().length()) {
            return Optional.of(new Fault("truncated", "it was too long"));
        }
        if (text.indexOf('?') < 0) {
            return Optional.of(new Fault("no_question", "it asked no question"));
        }
        return said.contains(DialogueTurn.tutor(text))
                ? Optional.of(new Fault("repeated_turn", "you had said it before")) : Optional.empty();
    }

    private Query tutor() {
        List<ChatMessage> messages = new ArrayList<>(scene.render(config.tutoring(), Map.of(
                "question", scene.question().question(), "reference", reference(),
                "level", Integer.toString(level), "fault", fault.map(Fault::why).orElse(""))));
        said.forEach(turn -> messages.add(turn.isTutor() ? ChatMessage.assistant(turn.text())
                : ChatMessage.user(turn.text())));
        return scene.query(TUTOR, TUTOR, messages, scene.prompt(config.tutoring()), 0);
    }

    private String reference() {
        return switch (config.tutorKnows()) {
            case Knows.NOTHING -> "";
            case Knows.ANSWER -> "The answer is " + answer.orElseThrow() + ".";
            case Knows.SOLUTION -> scene.question().answer().isEmpty() ? scene.reply(0).text()
                    : scene.question().solution().orElse("The answer is " + answer.orElseThrow() + ".");
        };
    }

    private Query student() {
        return scene.query(STUDENT, STUDENT, asStudent(said), scene.prompt(config.studying()), 0);
    }

    /// The dialogue as the student reads it: the first turn of the tutor stands below the problem.
    private List<ChatMessage> asStudent(List<DialogueTurn> turnsSoFar) {
        List<ChatMessage> messages = new ArrayList<>(scene.render(config.studying(), Map.of(
                "question", scene.question().question(), "persona", config.persona(),
                "turn", turnsSoFar.getFirst().text())));
        turnsSoFar.stream().skip(1).forEach(turn -> messages.add(turn.isTutor() ? ChatMessage.user(turn.text())
                : ChatMessage.assistant(turn.text())));
        return messages;
    }

    private Coverage coverage() {
        return Coverage.of(scene.question().question(), gold, said);
    }

    private Move done(List<Result> results) {
        Coverage coverage = coverage();
        boolean questions = gold.stream().anyMatch(step -> !step.question().isEmpty());
        figures.put("dialogues", 1L);
        figures.put("solved", solved ? 1L : 0L);
        figures.put("gold_steps", (long) coverage.steps());
        figures.put("gold_steps_reached", (long) coverage.reached());
        figures.put("gold_questions", questions ? (long) coverage.steps() : 0L);
        figures.put("gold_questions_asked", (long) coverage.asked());
        return new Move.Done(results, figures);
    }

    private List<Result> rows() {
        List<Result> results = new ArrayList<>();
        for (SocraticDialogue.Row row : config.rows()) {
            results.add(switch (row) {
                case TUTOR -> talk(TUTOR, tutorRow(), last(TUTOR));
                case STUDENT -> talk(STUDENT, studentRow(), last(STUDENT));
            });
        }
        return results;
    }

    private Reply last(String role) {
        return replies.stream().filter(reply -> reply.query().role().equals(role)).reduce((a, b) -> b).orElseThrow();
    }

    private Result talk(String kind, List<ChatMessage> messages, Reply last) {
        List<Verdict> verdicts = List.of(
                new Verdict("leak", true, ""),
                new Verdict("solved", solved, solved ? "" : "no answer after %s turns".formatted(students())));
        return new Result.Talk(kind, last, messages, verdicts, facts());
    }

    private Map<String, Object> facts() {
        Coverage coverage = coverage();
        return Map.of("turns", turns, "coverage", Map.of(
                "steps", coverage.steps(), "asked", coverage.asked(), "reached", coverage.reached()));
    }

    private Result dropped(String kind, String why) {
        return new Result.Dropped(kind, "a turn was held back %s times, the last time because %s"
                .formatted(held, why), facts());
    }

    /// Ends with the tutor's last turn: what the student said to it is not the tutor's.
    private List<ChatMessage> tutorRow() {
        List<ChatMessage> messages = new ArrayList<>(scene.render(config.learning(), Map.of(
                "question", scene.question().question())));
        said.subList(0, said.size() - 1).forEach(turn -> messages.add(turn.isTutor()
                ? ChatMessage.assistant(turn.text()) : ChatMessage.user(turn.text())));
        return messages;
    }

    /// Turns that found nothing are read and not learned.
    private List<ChatMessage> studentRow() {
        List<ChatMessage> messages = asStudent(said);
        int answers = 0;
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).isAssistant()) {
                Object verdict = turns.get(2 * answers + 1).get("verdict");
                answers++;
                if ("no_progress".equals(verdict)) {
                    messages.set(i, new ChatMessage(ChatMessage.ASSISTANT, messages.get(i).content(),
                            Map.of(ChatMessage.WEIGHT, IntNode.valueOf(0))));
                }
            }
        }
        return messages;
    }
}
