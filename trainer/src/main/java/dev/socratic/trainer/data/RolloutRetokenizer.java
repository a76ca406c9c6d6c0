package dev.socratic.trainer.data;

import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.data.RowEncoder.Verdict;
import dev.socratic.trainer.data.TokenizedExample.Draft;
import dev.socratic.trainer.data.align.DetokenizedText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a student wrote itself, read again by a teacher with another tokenizer: the same conversation, in the
/// teacher's own chat template, answered with the text that the student's tokens stand for. The student's tokens stay
/// those it drew, whether or not its tokenizer would have cut the text so.
///
/// @param encoder    the two tokenizations
/// @param tokenTexts what the student's entries stand for
/// @param eosIds     the student's ids that end an answer
public record RolloutRetokenizer(TwoTokenizerEncoder encoder, List<String> tokenTexts, List<Long> eosIds)
        implements RolloutReader {
    public RolloutRetokenizer {
        tokenTexts = List.copyOf(tokenTexts);
        eosIds = List.copyOf(eosIds);
    }

    /// @param given   a row of the data, read by both sides
    /// @param written its prompt with another answer, every token of which is in the loss
    /// @return the latter with the teacher's tokenization; empty where the teacher cannot read it or no stretch of
    ///         text is shared, as with an empty answer
    @Override
    public Optional<TokenRow> retokenize(TokenRow given, TokenRow written) {
        Example source = given.teacherRow().flatMap(teacherRow -> teacherRow.source())
                .orElseThrow(() -> new IllegalStateException("a row whose text is not kept"));
        int prompt = source instanceof Example.Text
                ? encoder.student().marks().begun(written.ids())
                : written.promptLength();
        boolean ended = eosIds.contains((long) written.ids()[written.ids().length - 1]);
        int behind = written.ids().length - (ended ? 1 : 0);
        DetokenizedText answer = DetokenizedText.of(Arrays.stream(written.ids(), prompt, behind).mapToObj(this::text)
                .toList());
        int[] starts = new int[written.ids().length];
        int[] stops = new int[starts.length];
        System.arraycopy(answer.starts(), 0, starts, prompt, behind - prompt);
        System.arraycopy(answer.ends(), 0, stops, prompt, behind - prompt);
        if (ended) {
            starts[behind] = answer.text().length();
            stops[behind] = answer.text().length() + 1;
        }
        Draft mine = new Draft(written.ids(), written.lossMask(), starts, stops, answer.text(),
                List.of(new Span(0, answer.text().length() + 1)));
        return encoder.joined(answeredBy(source, answer.text()), mine,
                new Verdict.Kept(written, false)) instanceof Verdict.Kept both
                ? Optional.of(both.row().withNumber(given.number()))
                : Optional.empty();
    }

    /// An embedding may have more rows than the vocabulary has entries.
    private String text(int id) {
        return id < tokenTexts.size() ? tokenTexts.get(id) : "";
    }

    private static Example answeredBy(Example source, String answer) {
        return switch (source) {
            case Example.Text text -> new Example.Text(text.id(), answer);
            case Example.Chat chat -> answered(chat.id(), chat.conversation(),
                    chat.messages().stream().takeWhile(message -> !message.isLearned()), answer, chat.tag());
            case Example.Pair pair ->
                    answered(pair.id(), pair.asked(), pair.prompt().stream(), answer, pair.tag());
        };
    }

    private static Example answered(String id, Conversation asked, Stream<ChatMessage> before, String answer,
            Optional<Example.Tag> tag) {
        List<ChatMessage> messages = Stream.concat(before, Stream.of(ChatMessage.assistant(answer))).toList();
        return new Example.Chat(id, asked.with(messages), tag);
    }
}
