package dev.socratic.trainer.data;

import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.data.RowEncoder.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers to one prompt that teach each other: for one that was not verified, the teacher's prompt has the first that
/// was as `demonstration` (nothing, where none was) and as `feedback` what was wrong with this one. An answer that was
/// verified has nothing to learn. Source: SDPO, Huebotter et al. 2026, arXiv:2601.20802.
///
/// @param encoder rows of the data, and the teacher's prompts
public record PeerReader(PrivilegedEncoder encoder) implements ExampleEncoder, RolloutReader {
    /// What was wrong with an answer.
    public static final String FEEDBACK = "feedback";

    private static final Map<String, String> NOTHING = Map.of(TeacherReading.DEMONSTRATION, "", FEEDBACK, "");

    /// The data's answer is what others are verified by, and shown to nobody.
    @Override
    public Verdict encode(Example row) {
        return encoder.encode(row, NOTHING);
    }

    /// An answer alone.
    @Override
    public Optional<TokenRow> retokenize(TokenRow given, TokenRow written) {
        return retokenize(given, List.of(written)).getFirst();
    }

    @Override
    public List<Optional<TokenRow>> retokenize(TokenRow given, List<TokenRow> written) {
        String demonstration = written.stream().filter(PeerReader::isRight).findFirst().map(this::text).orElse("");
        return written.stream().map(one -> isRight(one) ? Optional.<TokenRow>empty()
                : encoder.beside(given, one, Map.of(TeacherReading.DEMONSTRATION, demonstration,
                        FEEDBACK, feedback(text(one))))).toList();
    }

    /// An answer that nobody graded, for its row has no final answer, is none that could be shown.
    private static boolean isRight(TokenRow answer) {
        return answer.graded().filter(grade -> grade.reward() >= 1).isPresent();
    }

    private static String feedback(String attempt) {
        return AnswerExtractor.extract(attempt)
                .map(found -> "Its final answer, %s, is not right.".formatted(found.answer()))
                .orElse("It has no final answer, or none that is right.");
    }

    private String text(TokenRow answer) {
        return encoder.tokenizer().decode(Arrays.stream(answer.ids(), answer.promptLength(), answer.ids().length)
                .asLongStream().toArray(), true).strip();
    }
}
