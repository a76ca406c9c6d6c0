package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.dialogue.GoldStep;
import dev.socratic.datasets.row.Question;
import dev.socratic.prompts.PromptTemplate;
import dev.socratic.prompts.judge.Rubric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A tutor with a student, question by question, all dialogues turn by turn side by side. A dialogue ends when the
/// student says the right answer, the tutor has had its turns, or somebody cannot answer.
///
/// @param messages what the tutor is told before it speaks
/// @param known    what a model that is the student is told, the tutor's first turn included
/// @param skipped  questions without a gold answer, or, for the scripted student, without steps
record TutorDialogues(JudgedTask.Socratic task, long seed, QuestionRows rows, List<List<ChatMessage>> messages,
        PromptTemplate known, long skipped, Optional<Jury> jury) implements JudgedWork {

    static TutorDialogues of(JudgedTask.Socratic task, long seed, Path folder) {
        String place = "judged '%s'".formatted(task.name());
        Optional<Jury> jury = task.judging().map(who -> Jury.of(place, who, Rubric.TURN, seed));
        if (task.judging().flatMap(Judging::labels).isPresent()) {
            throw new ConfigException(place + ".judging.labels", "labels of answers, pairs or turns",
                    "labels of dialogues, which every model leads otherwise", "leave them out");
        }
        QuestionRows all = QuestionRows.read(task.name(), task.questions(), task.limit(), seed, folder);
        List<Question> usable = all.questions().stream().filter(question -> question.answer().isPresent()
                && (task.student().isPresent() || !GoldStep.of(question).isEmpty())).toList();
        if (usable.isEmpty()) {
            throw new DataException(place + ".questions", task.student().isPresent()
                    ? "at least one question with a gold answer" : "at least one question with a gold answer and steps",
                    "%s without".formatted(all.questions().size()),
                    "give rows {question, answer, steps: [{question, answer}]}, or GSM8K's test_socratic.jsonl");
        }
        QuestionRows rows = new QuestionRows(task.name(), usable, all.unreadable());
        PromptTemplate known = PromptTemplate.named(task.studentPrompt());
        known.render(values(usable.getFirst(), "")); // or it wants something else
        return new TutorDialogues(task, seed, rows, rows.messages(task.prompt()), known,
                (long) all.questions().size() - usable.size(), jury);
    }

    /// A dialogue as it goes on.
    private static final class Going {
        private final Question question;
        private final Optional<ScriptedStudent> scripted;
        private final List<String> tutor = new ArrayList<>();
        private final List<String> student = new ArrayList<>();
        private String problem = "";
        private boolean open;
        private boolean over;

        Going(Question question, Optional<ScriptedStudent> scripted) {
            this.question = question;
            this.scripted = scripted;
        }

        void take(GenerationOutcome outcome, List<String> into) {
            JudgedWork.spoken(outcome).ifPresentOrElse(into::add, () -> {
                open = Panel.isOpen(outcome);
                problem = JudgedWork.problem(outcome);
                over = true;
            });
        }

        void heard() {
            over |= student.size() == tutor.size() && !student.isEmpty()
                    && (scripted.map(ScriptedStudent::done).orElse(false)
                    || AnswerCheck.STANDARD.check(question.answer().orElseThrow(), student.getLast()).equal());
        }
    }

    @Override
    public JudgedResult ask(Panel panel) throws InterruptedException {
        List<Going> all = new ArrayList<>();
        for (Question question : rows.questions()) {
            String gold = question.answer().flatMap(AnswerExtractor::gold).map(AnswerExtractor.Extracted::answer)
                    .orElse(question.answer().orElseThrow());
            all.add(new Going(question, task.student().isPresent() ? Optional.empty()
                    : Optional.of(new ScriptedStudent(question.question(), GoldStep.of(question), gold))));
        }
        for (int turn = 0; turn < task.turns(); turn++) {
            speak(panel, all, turn);
            answer(panel, all, turn);
        }
        List<Dialogue> dialogues = all.stream().map(going -> new Dialogue(going.question, going.tutor, going.student,
                going.problem)).toList();
        List<List<JudgeOpinion>> opinions = new ArrayList<>();
        if (jury.isPresent()) {
            opinions = judge(panel, all, dialogues, jury.get());
        }
        return TutorFigures.of(this, dialogues, all.stream().map(going -> going.open).toList(), opinions, panel);
    }

    private void speak(Panel panel, List<Going> all, int turn) throws InterruptedException {
        List<Going> asked = new ArrayList<>();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Going going = all.get(i);
            if (!going.over) {
                List<ChatMessage> said = new ArrayList<>(messages.get(i));
                for (int t = 0; t < going.tutor.size(); t++) {
                    said.add(ChatMessage.assistant(going.tutor.get(t)));
                    said.add(ChatMessage.user(going.student.get(t)));
                }
                asked.add(going);
                requests.add(request("tutor", i, turn, said));
            }
        }
        List<GenerationOutcome> outcomes = panel.ask(requests);
        for (int k = 0; k < asked.size(); k++) {
            asked.get(k).take(outcomes.get(k), asked.get(k).tutor);
        }
    }

    private void answer(Panel panel, List<Going> all, int turn) throws InterruptedException {
        List<Going> asked = new ArrayList<>();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Going going = all.get(i);
            if (going.over) {
                continue;
            }
            if (going.scripted.isPresent()) {
                going.student.add(going.scripted.get().reply(going.tutor.getLast()));
                going.heard();
                continue;
            }
            List<ChatMessage> said = new ArrayList<>(known.render(values(going.question, going.tutor.getFirst())));
            for (int t = 0; t < going.student.size(); t++) {
                said.add(ChatMessage.assistant(going.student.get(t)));
                said.add(ChatMessage.user(going.tutor.get(t + 1)));
            }
            asked.add(going);
            requests.add(request("student", i, turn, said));
        }
        if (task.student().isPresent()) {
            List<GenerationOutcome> outcomes = panel.ask(task.student().get(), requests);
            for (int k = 0; k < asked.size(); k++) {
                asked.get(k).take(outcomes.get(k), asked.get(k).student);
                asked.get(k).heard();
            }
        }
    }

    private static Map<String, String> values(Question question, String tutor) {
        return Map.of("question", question.question(), "tutor", tutor);
    }

    private GenerationRequest request(String who, int number, int turn, List<ChatMessage> said) {
        return new GenerationRequest("%s/%s/%s/%s".formatted(task.name(), number, who, turn), said, task.generation(),
                Seeds.derive(seed, task.name(), who, rows.questions().get(number).id(), String.valueOf(number),
                        String.valueOf(turn)));
    }

    private static List<List<JudgeOpinion>> judge(Panel panel, List<Going> all, List<Dialogue> dialogues, Jury jury)
            throws InterruptedException {
        List<Jury.Item> items = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < dialogues.size(); i++) {
            if (!all.get(i).open && !dialogues.get(i).tutor().isEmpty()) {
                Dialogue dialogue = dialogues.get(i);
                places.add(i);
                items.add(new Jury.Item("dialogue/%s/judge".formatted(i), Map.of("question",
                        dialogue.question().question(), "answer", dialogue.tutor().getLast(), "gold", dialogue.gold(),
                        "conversation", dialogue.transcript())));
            }
        }
        List<List<JudgeOpinion>> said = jury.ask(panel, items);
        List<List<JudgeOpinion>> opinions = new ArrayList<>();
        dialogues.forEach(ignored -> opinions.add(List.of()));
        for (int k = 0; k < places.size(); k++) {
            opinions.set(places.get(k), said.get(k));
        }
        return opinions;
    }

    /// @return the prompt of a question, as JSON
    String prompt(int number) {
        return Json.line(messages.get(number));
    }

    /// Puts into a line whose the student was.
    void student(ObjectNode into) {
        into.put("student", task.student().orElse("scripted"));
    }
}
