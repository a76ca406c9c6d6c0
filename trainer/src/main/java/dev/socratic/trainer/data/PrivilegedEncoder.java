package dev.socratic.trainer.data;

import dev.socratic.core.error.DataException;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Example;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.RowEncoder.Verdict;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Rows for a teacher with the student's tokens that reads another prompt: its row is its own prompt, up to where an
/// answer begins, and then the student's tokens from the first that is in the loss. So each loss token of the one has
/// its partner in the other, one by one, whatever the prompts are.
///
/// Example: the student's row `[7, 8, 9, 2]` with the loss on the last two, and the teacher's prompt `[7, 5, 5, 8]`,
/// give the teacher `[7, 5, 5, 8, 9, 2]`.
///
/// @param student   rows as the student reads them
/// @param reading   what the teacher is asked
/// @param tokenizer the teacher's
/// @param template  the teacher's
/// @param maxSeq    longest row of the teacher, in tokens
public record PrivilegedEncoder(ExampleEncoder student, TeacherReading reading, Tokenizer tokenizer,
        Supplier<ChatTemplate> template, int maxSeq) implements ExampleEncoder, RolloutReader {

    /// Besides the student's own reasons: those of [TeacherReading.Reading.Unknown],
    /// `refused_by_teachers_chat_template`, `refused_by_teachers_tokenizer`, `too_long_for_teacher`.
    @Override
    public Verdict encode(Example row) {
        return encode(row, Map.of());
    }

    /// @param more texts that go before those of the row
    Verdict encode(Example row, Map<String, String> more) {
        return switch (student.encode(row)) {
            case Verdict.Kept kept when kept.row().rejected().isPresent() -> new Verdict.Dropped("pair");
            case Verdict.Kept kept -> beside(row, kept, more);
            case Verdict.Dropped dropped -> dropped;
        };
    }

    private Verdict beside(Example row, Verdict.Kept kept, Map<String, String> more) {
        return switch (prompt(row, more)) {
            case Prompt.Refused refused -> new Verdict.Dropped(refused.reason());
            case Prompt.Tokens tokens -> joined(tokens.ids(), kept.row(), Optional.of(row))
                    .<Verdict>map(both -> new Verdict.Kept(both, kept.truncated(), kept.answers()))
                    .orElseGet(() -> new Verdict.Dropped("too_long_for_teacher"));
        };
    }

    /// The teacher's prompt, or why there is none.
    sealed interface Prompt {
        record Tokens(int[] ids) implements Prompt {}

        record Refused(String reason) implements Prompt {}
    }

    /// @param more texts that are known of this very answer
    Prompt prompt(Example row, Map<String, String> more) {
        return switch (reading.of(row, more)) {
            case TeacherReading.Reading.Unknown unknown -> new Prompt.Refused(unknown.reason());
            case TeacherReading.Reading.Asked asked -> tokens(asked.prompt());
        };
    }

    private Prompt tokens(Conversation asked) {
        String text;
        try {
            text = template.get().render(asked, true).text();
        } catch (DataException refused) {
            return new Prompt.Refused("refused_by_teachers_chat_template");
        }
        if (tokenizer.exceeds(text, maxSeq)) {
            return new Prompt.Refused("too_long_for_teacher");
        }
        try {
            int[] ids = Arrays.stream(tokenizer.encodeWithOffsets(text).ids()).mapToInt(Math::toIntExact).toArray();
            return ids.length == 0 ? new Prompt.Refused("no_prompt") : new Prompt.Tokens(ids);
        } catch (DataException unwritable) {
            return new Prompt.Refused("refused_by_teachers_tokenizer");
        }
    }

    /// The data's answer gives its place to the student's.
    @Override
    public Optional<TokenRow> retokenize(TokenRow given, TokenRow written) {
        TeacherRow theirs = given.teacherRow().orElseThrow();
        return joined(theirs.prompt(), written, theirs.source());
    }

    /// @param given a row of the data
    /// @param own   an answer to its prompt
    /// @param more  texts that are known of this very answer
    /// @return the answer behind a prompt of its own; empty where there is none
    Optional<TokenRow> beside(TokenRow given, TokenRow own, Map<String, String> more) {
        Optional<Example> source = given.teacherRow().flatMap(TeacherRow::source);
        return source.flatMap(row -> prompt(row, more) instanceof Prompt.Tokens(int[] ids)
                ? joined(ids, own, source) : Optional.empty());
    }

    /// @return the student's row with the teacher's beside it; empty where that is too long
    private Optional<TokenRow> joined(int[] prompt, TokenRow own, Optional<Example> source) {
        return prompt.length + own.ids().length - own.promptLength() > maxSeq
                ? Optional.empty()
                : Optional.of(own.withTeacherRow(TeacherRow.behind(prompt, own, source)));
    }
}
