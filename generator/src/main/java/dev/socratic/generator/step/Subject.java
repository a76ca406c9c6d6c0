package dev.socratic.generator.step;

import dev.socratic.core.json.Hashes;
import dev.socratic.datasets.row.Question;
import java.util.List;

/// What a conversation is about.
///
/// @param id        content id, from which every seed of the conversation is derived
/// @param questions the question; all of them, for a strategy that works on the whole set
/// @param sample    which of several conversations about it, from 0
public record Subject(String id, List<Question> questions, int sample) {
    public Subject {
        questions = List.copyOf(questions);
    }

    public static Subject of(Question question, int sample) {
        return new Subject(question.id(), List.of(question), sample);
    }

    /// All of them in one conversation.
    public static Subject whole(List<Question> questions) {
        return new Subject(Hashes.ofJson(questions.stream().map(Question::id).toList()), questions, 0);
    }

    public Question question() {
        return questions.getFirst();
    }
}
