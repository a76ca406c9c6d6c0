package dev.socratic.datasets.wordproblems;

import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One problem with everything known about it.
///
/// @param template     name of its story
/// @param split        where it belongs
/// @param numbers      the story's numbers by name, in the order in which the story declares them, without the
///                     distractor's
/// @param distractor   the sentence that does not matter, if there is one
/// @param question     the whole text, ending in the question
/// @param subQuestions one for each step, in order; the last one is the problem's own question
/// @param told         the solution in words, where it is not the steps alone
public record WordProblem(
        String template,
        Split split,
        Map<String, Integer> numbers,
        Optional<String> distractor,
        String question,
        List<SubQuestion> subQuestions,
        Optional<String> told) {
    /// Solved by its bare steps.
    public WordProblem(String template, Split split, Map<String, Integer> numbers, Optional<String> distractor,
            String question, List<SubQuestion> subQuestions) {
        this(template, split, numbers, distractor, question, subQuestions, Optional.empty());
    }

    public WordProblem {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        subQuestions = List.copyOf(subQuestions);
    }

    public List<SolutionStep> steps() {
        return subQuestions.stream().map(SubQuestion::step).toList();
    }

    public int answer() {
        return subQuestions.getLast().answer();
    }

    /// @return the steps, one a line: `24 + 16 = 40\n40 * 2 = 80`, or with words around them
    public String solution() {
        return told.orElseGet(this::bare);
    }

    private String bare() {
        return steps().stream().map(SolutionStep::toString).collect(Collectors.joining("\n"));
    }

    /// @return the sub-questions with their steps, one a line
    public String socraticSolution() {
        return subQuestions.stream().map(SubQuestion::toString).collect(Collectors.joining("\n"));
    }

    /// @return as a row: gold answer, worked solution, tagged with `word_problems`' split and template
    public Question toQuestion() {
        return new Question(
                RowIds.question(question),
                question,
                Optional.of(String.valueOf(answer())),
                Optional.of(solution()),
                "word_problems",
                Optional.of("Apache-2.0"),
                List.of("split:" + split.name().toLowerCase(Locale.ROOT), "template:" + template),
                Map.of());
    }
}
