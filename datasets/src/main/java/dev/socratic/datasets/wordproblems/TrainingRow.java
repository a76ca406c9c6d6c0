package dev.socratic.datasets.wordproblems;

import dev.socratic.core.text.ChatMessage;
import java.util.List;
import java.util.stream.Collectors;

/// A row to train on, as it stands in a file: `{"messages": [...]}` or `{"text": "..."}`.
public sealed interface TrainingRow {
    /// A question and its answer; only the answer is learned.
    record Chat(List<ChatMessage> messages) implements TrainingRow {
        public Chat {
            messages = List.copyOf(messages);
        }

        private static Chat of(WordProblem problem, String instruction, String answer) {
            return new Chat(List.of(
                    ChatMessage.user(problem.question() + "\n" + instruction), ChatMessage.assistant(answer)));
        }
    }

    /// Plain text, all of it learned.
    record Text(String text) implements TrainingRow {}

    /// @return the problem as this form writes it
    static TrainingRow of(WordProblem problem, Form.OfProblems form) {
        return switch (form) {
            case Form.Worked worked -> Chat.of(problem, worked.instruction(), thought(problem.solution(), problem));
            case Form.Socratic socratic ->
                    Chat.of(problem, socratic.instruction(), thought(problem.socraticSolution(), problem));
            case Form.Direct direct -> Chat.of(problem, direct.instruction(), answer(problem));
            case Form.Reading reading -> Chat.of(problem, reading.instruction(), numbers(problem));
        };
    }

    private static String thought(String thinking, WordProblem problem) {
        return "<think>\n" + thinking + "\n</think>\n" + answer(problem);
    }

    private static String numbers(WordProblem problem) {
        return problem.numbers().values().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String answer(WordProblem problem) {
        return "The answer is " + problem.answer() + ".";
    }
}
