package dev.socratic.eval.judged;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.prompts.PromptTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The questions of a judged task.
///
/// @param task       its name
/// @param questions  in their order
/// @param unreadable rows that are none; they are in the quarantine
record QuestionRows(String task, List<Question> questions, long unreadable) {
    QuestionRows {
        questions = List.copyOf(questions);
    }

    /// @param folder receives the quarantine file of the task
    /// @throws DataException if there is no question
    static QuestionRows read(String task, QuestionSource source, Optional<Integer> limit, long seed, Path folder) {
        List<Question> questions = new ArrayList<>();
        try (Quarantine quarantine = Quarantine.file(folder.resolve("quarantine_%s.jsonl".formatted(task)));
                var rows = source.open(quarantine, seed)) {
            Iterator<Question> each = rows.iterator();
            while (questions.size() < limit.orElse(Integer.MAX_VALUE) && each.hasNext()) {
                questions.add(each.next());
            }
            if (questions.isEmpty()) {
                throw new DataException("judged '%s'.questions".formatted(task), "at least one question",
                        "none, and %s rows that are no question".formatted(quarantine.count())
                                + quarantine.report().stream().findFirst().map(first -> " (" + first + ")").orElse(""),
                        "name the columns: questions: {file: {path: FILE, fields: {question: NAME}}}");
            }
            return new QuestionRows(task, questions, quarantine.count());
        }
    }

    /// @param prompt built-in template or file
    /// @throws ConfigException if it takes examples, or more than a question
    List<List<ChatMessage>> messages(String prompt) {
        PromptTemplate template = PromptTemplate.named(prompt);
        return questions.stream().map(question -> template.messages(question, List.of())).toList();
    }

    /// @return one request a question
    List<GenerationRequest> requests(List<List<ChatMessage>> messages, GenerationParameters generation, long seed) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            requests.add(new GenerationRequest("%s/%s".formatted(task, i), messages.get(i), generation,
                    Seeds.derive(seed, task, questions.get(i).id(), String.valueOf(i))));
        }
        return requests;
    }
}
