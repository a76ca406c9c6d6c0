package dev.socratic.datasets.dialogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Whether a tutor gives away what the student is to find: its turn states a value ([Stated]) that no turn of the
/// student has stated before.
///
/// ```
/// question  Janet's ducks lay 16 eggs. She eats 3 and bakes 4. She sells the rest for $2 each. What does she make?
/// tutor     How many eggs are left?                                     no leak
/// student   16 - 3 - 4 = 9
/// tutor     Right, 9. What do 9 eggs at $2 come to?                     no leak: the student had said 9
/// tutor     They come to 9 * 2 = 18.                                    leaks the answer, 18
/// ```
///
/// @param turn  number of the turn, from 0, both sides counted
/// @param value what it gave away, as the gold has it
/// @param last  whether that is the final answer; a step's otherwise
public record AnswerLeak(int turn, String value, boolean last) {

    /// @param answer the gold final answer
    /// @param steps  the gold sub-questions, where they are known; the last one's value is the answer
    /// @return every leak: of one turn the answer's first, then the steps' in their order
    public static List<AnswerLeak> all(
            String question, String answer, List<GoldStep> steps, List<DialogueTurn> dialogue) {
        return IntStream.range(0, dialogue.size())
                .filter(i -> dialogue.get(i).isTutor())
                .boxed()
                .flatMap(i -> in(question, answer, steps, dialogue.subList(0, i), dialogue.get(i).text()).stream()
                        .map(leak -> new AnswerLeak(i, leak.value(), leak.last())))
                .toList();
    }

    /// @param before the dialogue so far
    /// @param turn   what the tutor is about to say
    /// @return what it would give away
    public static List<AnswerLeak> in(
            String question, String answer, List<GoldStep> steps, List<DialogueTurn> before, String turn) {
        List<AnswerLeak> leaks = new ArrayList<>();
        leak(question, answer, before, turn, true).ifPresent(leaks::add);
        steps.stream().limit(Math.max(0, steps.size() - 1)).flatMap(step -> step.value().stream())
                .filter(value -> !value.equals(answer))
                .forEach(value -> leak(question, value, before, turn, false).ifPresent(leaks::add));
        return List.copyOf(leaks);
    }

    private static Optional<AnswerLeak> leak(
            String question, String value, List<DialogueTurn> before, String turn, boolean last) {
        Stated stated = new Stated(question, value);
        boolean found = before.stream().anyMatch(said -> !said.isTutor() && stated.in(said.text()));
        return !found && stated.in(turn)
                ? Optional.of(new AnswerLeak(before.size(), value, last)) : Optional.empty();
    }
}
