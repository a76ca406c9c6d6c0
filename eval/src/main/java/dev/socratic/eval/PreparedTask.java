package dev.socratic.eval;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.prompts.FewShot;
import dev.socratic.prompts.FewShotExample;
import dev.socratic.prompts.PromptTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A task made ready: its questions with what is sent for each. Everything that can be wrong with config or files
/// shows here, before anything is asked.
///
/// @param task        the task
/// @param template    the prompt
/// @param asked       questions that have a gold answer
/// @param withoutGold how many had none
/// @param unreadable  rows that are no question; they are in the quarantine
record PreparedTask(EvalTask task, PromptTemplate template, List<Instance> asked, long withoutGold, long unreadable) {
    PreparedTask {
        asked = List.copyOf(asked);
    }

    /// One question and what is sent for it.
    ///
    /// @param docId      number of the question in its task, from 0, questions without a gold answer counted too
    /// @param question   has a gold answer
    /// @param request    what the model gets; its id is unique also where a question is asked twice
    /// @param exampleIds of the examples that go before the question
    record Instance(int docId, Question question, GenerationRequest request, List<String> exampleIds) {
        Instance {
            exampleIds = List.copyOf(exampleIds);
        }
    }

    /// @return questions and unreadable rows: what went in
    long in() {
        return asked.size() + withoutGold + unreadable;
    }

    /// @param folder receives the quarantine file of the task
    static PreparedTask of(EvalTask task, long seed, Path folder) {
        PromptTemplate template = PromptTemplate.named(task.prompt());
        List<FewShotExample> pool = task.fewShot().map(FewShotExample::read).orElse(List.of());
        if (template.takesExamples() && task.fewShot().isEmpty()) {
            throw new ConfigException(
                    "tasks '%s'.few_shot".formatted(task.name()),
                    "examples for the prompt '%s'".formatted(template.name()), "none",
                    "give few_shot: {examples: FILE.jsonl, k: 4}, or use the prompt chain_of_thought");
        }
        List<Instance> asked = new ArrayList<>();
        int seen = 0;
        try (Quarantine quarantine = Quarantine.file(folder.resolve("quarantine_%s.jsonl".formatted(task.name())));
                var rows = task.questions().open(quarantine, seed)) {
            Iterator<Question> questions = rows.iterator();
            // The limit first: looking for one more question could meet one more bad row.
            while (seen < task.limit().orElse(Integer.MAX_VALUE) && questions.hasNext()) {
                Question question = questions.next();
                if (question.answer().isPresent()) {
                    asked.add(ask(task, template, pool, seen, question, seed));
                }
                seen++;
            }
            if (asked.isEmpty()) {
                throw new DataException(
                        "tasks '%s'.questions".formatted(task.name()),
                        "at least one question with a gold answer",
                        "%s rows without an answer and %s that are no question".formatted(seen, quarantine.count())
                                + quarantine.report().stream().findFirst().map(first -> " (" + first + ")").orElse(""),
                        "name the columns: questions: {file: {path: FILE, fields: {question: NAME, answer: NAME}}}");
            }
            return new PreparedTask(task, template, asked, seen - asked.size(), quarantine.count());
        }
    }

    private static Instance ask(EvalTask task, PromptTemplate template, List<FewShotExample> pool, int docId,
            Question question,
            long seed) {
        Optional<FewShot> shots = task.fewShot();
        List<FewShotExample> examples = shots.map(s -> s.choose(pool, question.id(), question.question()))
                .orElse(List.of());
        long drawn = Seeds.derive(seed, task.name(), question.id(), String.valueOf(docId));
        GenerationRequest request = new GenerationRequest(
                task.name() + "/" + docId, template.messages(question, examples), task.generation(), drawn);
        return new Instance(docId, question, request, examples.stream().map(FewShotExample::id).toList());
    }
}
