package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.source.FieldPath;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.prompts.FewShot;
import dev.socratic.prompts.FewShotExample;
import dev.socratic.prompts.PromptTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A task made ready: its questions with what is sent for each. Everything that can be wrong with config or files
/// shows here, before anything is asked.
///
/// @param task        the task
/// @param template    the prompt
/// @param asked       questions that have a gold answer
/// @param withoutGold how many had none
/// @param unreadable  rows that are no question; they are in the quarantine
/// @param spared      questions that need not be asked any more ([dev.socratic.eval.task.SequentialStop])
record PreparedTask(EvalTask task, PromptTemplate template, List<Instance> asked, long withoutGold, long unreadable,
        long spared) {
    PreparedTask {
        asked = List.copyOf(asked);
    }

    /// One question and what is sent for it.
    ///
    /// @param docId      number of the question in its task, from 0, questions without a gold answer counted too
    /// @param question   has a gold answer
    /// @param requests   what the model gets, as often as the question is asked, each drawn by a seed of its own; ids
    ///                   are unique also where a question stands in the task twice
    /// @param exampleIds of the examples that go before the question
    /// @param cluster    what it hangs together with, where the task says by which field
    /// @param by         by what scores are told apart, likewise
    /// @param sequential whether asking may have stopped early, so that usual intervals do not hold
    record Instance(int docId, Question question, List<GenerationRequest> requests, List<String> exampleIds,
            Optional<String> cluster, Optional<String> by, boolean sequential) {
        Instance {
            requests = List.copyOf(requests);
            exampleIds = List.copyOf(exampleIds);
        }

        /// @return the first
        GenerationRequest request() {
            return requests.getFirst();
        }
    }

    /// @return the same with the first so many questions, the others spared
    PreparedTask first(int most) {
        int n = Math.min(most, asked.size());
        return new PreparedTask(task, template, asked.subList(0, n), withoutGold, unreadable, asked.size() - n);
    }

    /// @return questions and unreadable rows: what went in
    long in() {
        return asked.size() + withoutGold + unreadable + spared;
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
            checkFields(task, asked);
            if (task.stopEarly().isPresent()) { // whoever stops early must not have seen the easy ones first
                Collections.shuffle(asked, new Random(Seeds.derive(seed, task.name(), "order")));
            }
            return new PreparedTask(task, template, asked, seen - asked.size(), quarantine.count(), 0);
        }
    }

    private static Instance ask(EvalTask task, PromptTemplate template, List<FewShotExample> pool, int docId,
            Question question,
            long seed) {
        Optional<FewShot> shots = task.fewShot();
        List<FewShotExample> examples = shots.map(s -> s.choose(pool, question.id(), question.question()))
                .orElse(List.of());
        List<ChatMessage> messages = template.messages(question, examples);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < task.repeats().repeats(); i++) {
            // The first as if the question were asked once, so that asking more often asks it not again.
            String id = task.name() + "/" + docId + (i == 0 ? "" : "/" + i);
            long drawn = i == 0 ? Seeds.derive(seed, task.name(), question.id(), String.valueOf(docId))
                    : Seeds.derive(seed, task.name(), question.id(), String.valueOf(docId), "answer " + i);
            requests.add(new GenerationRequest(id, messages, task.generation(), drawn));
        }
        return new Instance(docId, question, requests, examples.stream().map(FewShotExample::id).toList(),
                task.cluster().flatMap(field -> value(question, field)),
                task.by().flatMap(field -> value(question, field)), task.stopEarly().isPresent());
    }

    private static Optional<String> value(Question question, String field) {
        JsonNode row = RowMapper.json(question);
        return FieldPath.of(field).in(row).filter(value -> !value.isNull())
                .map(value -> value.isTextual() ? value.asText() : value.toString());
    }

    /// A field that no question has is a mistake in its name.
    private static void checkFields(EvalTask task, List<Instance> asked) {
        task.cluster().filter(field -> asked.stream().noneMatch(one -> one.cluster().isPresent()))
                .ifPresent(field -> missing(task, "cluster", field, asked));
        task.by().filter(field -> asked.stream().noneMatch(one -> one.by().isPresent()))
                .ifPresent(field -> missing(task, "by", field, asked));
    }

    private static void missing(EvalTask task, String key, String field, List<Instance> asked) {
        List<String> names = new ArrayList<>();
        RowMapper.json(asked.getFirst().question()).fieldNames().forEachRemaining(names::add);
        throw new ConfigException("tasks '%s'.%s".formatted(task.name(), key), "a field of the questions",
                "'%s', which none of the %s has".formatted(field, asked.size()), Spelling.remedy(field, names));
    }
}
