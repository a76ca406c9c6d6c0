package dev.socratic.trainer.data;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Beside;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.FieldPath;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.prompts.PromptTemplate;
import dev.socratic.trainer.config.TeacherPrompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a teacher is asked where it is asked something else than the student.
///
/// The turns of the template stand in the place of the user's last turn before the first answer that is learned, its
/// `[system]` in the place of the row's. Turns before that stay as they are.
///
/// @param template what it is asked; left out where only the chat template's variables differ
/// @param fields   of the template's variables, where in a row each stands
public record TeacherReading(Optional<PromptTemplate> template, Map<String, FieldPath> fields) {
    /// What was asked last.
    public static final String QUESTION = "question";
    /// What the row answers.
    public static final String DEMONSTRATION = "demonstration";
    /// The same, where rows have no field of this name.
    public static final String SOLUTION = "solution";

    private static final Set<String> KNOWN = Set.of(QUESTION, DEMONSTRATION, SOLUTION);

    public TeacherReading {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// The row's own prompt.
    public static final TeacherReading OWN_PROMPT = new TeacherReading(Optional.empty(), Map.of());

    /// @throws ConfigException if the template cannot be read, takes examples, or has no variable of a name that has
    ///                         a place
    public static TeacherReading of(TeacherPrompt config) {
        PromptTemplate template = PromptTemplate.named(config.file());
        if (template.takesExamples()) {
            throw new ConfigException("teacher_prompt", "a template without examples", "'" + template.name() + "'",
                    "take out its [example ...] sections");
        }
        Set<String> others = new TreeSet<>(config.places().keySet());
        template.variables().forEach(others::remove);
        if (!others.isEmpty()) {
            throw new ConfigException("teacher_prompt.fields", "variables of the template: "
                    + String.join(", ", template.variables()), String.join(", ", others), "leave them out");
        }
        Map<String, FieldPath> fields = new LinkedHashMap<>();
        template.variables().forEach(name ->
                fields.put(name, FieldPath.of(config.places().getOrDefault(name, name))));
        return new TeacherReading(Optional.of(template), fields);
    }

    /// @return what has to be read of a row for it
    public Beside beside() {
        return new Beside(Optional.empty(), fields);
    }

    /// A row as the teacher is asked it, or why it cannot be.
    sealed interface Reading {
        /// @param prompt turns before the answer
        record Asked(Conversation prompt) implements Reading {}

        /// @param reason `no_prompt` (plain text), `no_question` (no turn of the user), `no_<variable>` (a row
        ///               without that field)
        record Unknown(String reason) implements Reading {}
    }

    /// @return the turns that stand before the answer for the teacher
    Reading of(Example row) {
        return of(row, Map.of());
    }

    /// @param more texts that are known of this very answer, which go before those of the row
    Reading of(Example row, Map<String, String> more) {
        if (!(row instanceof Example.Chat chat)) {
            return new Reading.Unknown("no_prompt");
        }
        List<ChatMessage> before = chat.messages().stream().takeWhile(message -> !message.isLearned()).toList();
        int last = before.size() - 1;
        while (last >= 0 && !before.get(last).role().equals(ChatMessage.USER)) {
            last--;
        }
        if (last < 0) {
            return new Reading.Unknown("no_question");
        }
        if (template.isEmpty()) {
            return new Reading.Asked(chat.conversation().with(before));
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : template.get().variables()) {
            Optional<String> value = value(chat, before.get(last), name, more);
            if (value.isEmpty()) {
                return new Reading.Unknown("no_" + name);
            }
            values.put(name, value.get());
        }
        return new Reading.Asked(chat.conversation().with(placed(before, last, template.get().render(values))));
    }

    private static Optional<String> value(Example.Chat row, ChatMessage asked, String name, Map<String, String> more) {
        return Optional.ofNullable(more.get(name))
                .or(() -> row.tag().flatMap(tag -> Optional.ofNullable(tag.fields().get(name))))
                .or(() -> switch (name) {
                    case QUESTION -> Optional.of(asked.content());
                    case DEMONSTRATION, SOLUTION -> row.messages().stream().filter(ChatMessage::isLearned).findFirst()
                            .map(ChatMessage::content);
                    default -> Optional.empty();
                });
    }

    private static List<ChatMessage> placed(List<ChatMessage> before, int last, List<ChatMessage> asked) {
        boolean system = asked.getFirst().role().equals(ChatMessage.SYSTEM);
        Stream<ChatMessage> own = before.subList(0, last).stream()
                .filter(message -> !system || !message.role().equals(ChatMessage.SYSTEM));
        List<ChatMessage> all = new ArrayList<>(system ? asked.subList(0, 1) : List.of());
        own.forEach(all::add);
        all.addAll(asked.subList(system ? 1 : 0, asked.size()));
        all.addAll(before.subList(last + 1, before.size()));
        return all;
    }

    /// @return the same row with the teacher's prompt, for a tokenizer that reads the answer itself; empty where it
    ///         cannot be asked
    Optional<Example> asked(Example row) {
        return of(row) instanceof Reading.Asked(Conversation prompt) && row instanceof Example.Chat chat
                ? Optional.of(new Example.Chat(chat.id(), prompt.with(Stream.concat(prompt.messages().stream(),
                        chat.messages().stream().dropWhile(message -> !message.isLearned())).toList()), chat.tag()))
                : Optional.empty();
    }

    /// Reads rows until each variable was found in one.
    ///
    /// @param given variables that are known otherwise
    /// @throws ConfigException naming those that no row has
    public void requireFields(Corpus corpus, Set<String> given) {
        Set<String> missing = new TreeSet<>(fields.keySet());
        missing.removeAll(KNOWN);
        missing.removeAll(given);
        try (RowStream<Example> rows = corpus.readable()) {
            for (Example row : rows) {
                if (missing.isEmpty()) {
                    return;
                }
                row.tag().ifPresent(tag -> missing.removeAll(tag.fields().keySet()));
            }
        }
        if (!missing.isEmpty()) {
            String names = String.join(", ", missing.stream().map(name -> "{{" + name + "}}").toList());
            throw new ConfigException("teacher_prompt", "variables that are fields of the rows",
                    "%s in '%s', which no row has".formatted(names, template.orElseThrow().name()),
                    "correct the name, or say where it stands: teacher_prompt: {file: %s, fields: {%s: <field>}}"
                            .formatted("<file>", missing.iterator().next()));
        }
    }
}
