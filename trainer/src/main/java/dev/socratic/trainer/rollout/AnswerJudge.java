package dev.socratic.trainer.rollout;

import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.answer.ReasoningSplit;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.Graded;
import dev.socratic.trainer.data.TokenRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Verified reward: 1 for an answer that has ended and whose final answer equals that of the data's row, by value
/// ([AnswerCheck], what generator and eval judge by), else 0. Reasoning in marks is no part of an answer.
///
/// @param tokenizer the student's
/// @param eos       ids that end an answer
public record AnswerJudge(Tokenizer tokenizer, List<Long> eos) {
    public AnswerJudge {
        eos = List.copyOf(eos);
    }

    /// @param asked   the row of the data: its prompt, and the answer to verify by
    /// @param answers what was written to its prompt
    /// @return the same, graded; as they are where the row has no final answer
    List<TokenRow> graded(TokenRow asked, List<TokenRow> answers) {
        String gold = text(asked);
        if (answers.isEmpty() || AnswerExtractor.gold(gold).isEmpty()) {
            return answers;
        }
        Choices choices = Choices.of(Map.of(), decoded(asked, 0, asked.promptLength()));
        List<Graded> grades = Graded.of(answers.stream().mapToDouble(answer -> reward(gold, answer, choices))
                .toArray());
        return IntStream.range(0, answers.size())
                .mapToObj(i -> answers.get(i).withGraded(Optional.of(grades.get(i)))).toList();
    }

    private double reward(String gold, TokenRow answer, Choices choices) {
        if (!eos.contains((long) answer.ids()[answer.ids().length - 1])) {
            return 0;
        }
        return AnswerCheck.STANDARD.check(gold, ReasoningSplit.of(lastTurn(answer)).answer(), choices).equal() ? 1 : 0;
    }

    private String text(TokenRow row) {
        return decoded(row, row.promptLength(), row.ids().length);
    }

    /// Behind the last result of a tool.
    private String lastTurn(TokenRow row) {
        int from = row.ids().length;
        while (from > 0 && row.lossMask()[from - 1]) {
            from--;
        }
        return decoded(row, from, row.ids().length);
    }

    private String decoded(TokenRow row, int from, int to) {
        return tokenizer.decode(Arrays.stream(row.ids(), from, to).asLongStream().toArray(), true);
    }
}
