package dev.socratic.trainer.data;

import dev.socratic.core.error.DataException;
import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Example;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Encoded;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Rows of a data set to tokens and their loss mask.
///
/// With `loss_on: assistant` a token is in the loss when the assistant wrote one of its characters (turns with
/// `weight: 0` left out); with `all` every token is but the first. A pair has the mask on what follows the prompt, in
/// both answers.
///
/// @param tokenizer the student's
/// @param template  the student's; asked for when the first conversation comes
/// @param marks     BOS before and EOS behind a row of plain text
/// @param lossOn    which tokens are in the loss
/// @param maxSeq    longest row, in tokens
/// @param tooLong   what happens to longer rows
/// @param pairs     whether rows are pairs (prompt, chosen, rejected); otherwise none is
public record RowEncoder(
        Tokenizer tokenizer, Supplier<ChatTemplate> template, TextMarks marks, LossOn lossOn, int maxSeq,
                TooLong tooLong, boolean pairs)
        implements ExampleEncoder {
    /// The rows are single ones.
    public RowEncoder(
            Tokenizer tokenizer, Supplier<ChatTemplate> template, TextMarks marks, LossOn lossOn, int maxSeq,
                    TooLong tooLong) {
        this(tokenizer, template, marks, lossOn, maxSeq, tooLong, false);
    }

    /// A row, or the reason there is none: `too_long`, `nothing_to_learn`, `cut_before_the_answer`, `no_pair` (a
    /// single row where two answers are compared), `pair` (two answers where one is learned), or a
    /// [TokenizedExample.Refused]'s.
    public sealed interface Verdict {
        /// @param truncated whether its end was cut off
        /// @param answers   what the chat template kept of its answers
        record Kept(TokenRow row, boolean truncated, AnswerCounts answers) implements Verdict {
            public Kept(TokenRow row, boolean truncated) {
                this(row, truncated, AnswerCounts.NONE);
            }
        }

        record Dropped(String reason) implements Verdict {}
    }

    @Override
    public Verdict encode(Example row) {
        if (pairs != row instanceof Example.Pair) {
            return new Verdict.Dropped(pairs ? "no_pair" : "pair");
        }
        return row instanceof Example.Pair pair ? pair(pair) : verdict(draft(row));
    }

    Verdict verdict(TokenizedExample reading) {
        return switch (reading) {
            case TokenizedExample.Draft draft -> truncated(draft);
            case TokenizedExample.Refused refused -> new Verdict.Dropped(refused.reason());
        };
    }

    /// Both answers or none: what counts is what the assistant says after the prompt.
    private Verdict pair(Example.Pair pair) {
        Verdict chosen = answer(pair, pair.preferred());
        Verdict rejected = answer(pair, pair.other());
        if (chosen instanceof Verdict.Kept first && rejected instanceof Verdict.Kept second) {
            return new Verdict.Kept(first.row().withRejected(second.row()), first.truncated() || second.truncated(),
                    first.answers().plus(second.answers()));
        }
        return chosen instanceof Verdict.Dropped ? chosen : rejected;
    }

    /// Turns of the assistant inside the prompt are the same on both sides and do not count.
    private Verdict answer(Example.Pair pair, Conversation messages) {
        long before = lossOn == LossOn.ALL ? 0 : pair.prompt().stream().filter(ChatMessage::isAssistant).count();
        return verdict(chat(messages, before));
    }

    /// @return the row before anything is cut, of a pair the preferred answer
    TokenizedExample draft(Example row) {
        return switch (row) {
            case Example.Text text -> text(text.text());
            case Example.Chat chat -> chat(chat.conversation(), 0);
            case Example.Pair pair -> chat(pair.preferred(), 0);
        };
    }

    private TokenizedExample text(String written) {
        boolean beyond = tokenizer.exceeds(written, maxSeq);
        if (beyond && tooLong == TooLong.DROP) {
            return new TokenizedExample.Refused("too_long");
        }
        String text = beyond ? prefix(written) : written;
        Encoded encoded;
        try {
            encoded = tokenizer.encodeWithOffsets(text);
        } catch (DataException unwritable) {
            return new TokenizedExample.Refused("refused_by_tokenizer");
        }
        int before = marks.before(encoded.ids());
        int more = beyond ? 0 : marks.behind(encoded.ids());
        int size = encoded.size();
        int[] all = new int[before + size + more];
        int[] starts = new int[all.length];
        int[] ends = new int[all.length];
        for (int i = 0; i < before; i++) {
            all[i] = Math.toIntExact(marks.start().get(i));
        }
        System.arraycopy(ids(encoded), 0, all, before, size);
        System.arraycopy(encoded.starts(), 0, starts, before, size);
        System.arraycopy(encoded.ends(), 0, ends, before, size);
        if (more > 0) {
            all[before + size] = Math.toIntExact(marks.end().orElseThrow());
            starts[before + size] = text.length();
            ends[before + size] = text.length() + 1;
        }
        boolean[] lossMask = new boolean[all.length];
        Arrays.fill(lossMask, true);
        return new TokenizedExample.Draft(all, lossMask, starts, ends, text, List.of(new Span(0, text.length() + more)),
                !beyond,
                AnswerCounts.NONE);
    }

    private TokenizedExample chat(Conversation conversation, long skipped) {
        if (tooLong == TooLong.DROP && conversation.messages().stream()
                .anyMatch(message -> tokenizer.exceeds(message.content(), maxSeq))) {
            // No template makes it shorter by much, and rendering takes its time too.
            return new TokenizedExample.Refused("too_long");
        }
        ChatTemplate.Rendered rendered;
        try {
            Optional<String> lost = template.get().loses(conversation);
            if (lost.isPresent()) {
                return new TokenizedExample.Refused(lost.get() + TokenizedExample.NOT_READ);
            }
            rendered = template.get().render(conversation, false);
        } catch (DataException refused) {
            return new TokenizedExample.Refused("refused_by_chat_template");
        }
        List<ChatMessage> turns = conversation.messages().stream().filter(ChatMessage::isAssistant).toList();
        boolean parted = turns.stream().anyMatch(turn -> !turn.isLearned());
        List<Span> spans = rendered.assistantSpans();
        if (parted && spans.size() != turns.size()) {
            return new TokenizedExample.Refused("weights_of_turns_not_found");
        }
        IntPredicate isLearned = i -> i >= skipped && (!parted || turns.get(i).isLearned());
        List<Span> learned = spans(spans, isLearned);
        List<Span> context = spans(spans, i -> parted && !turns.get(i).isLearned());
        boolean beyond = tokenizer.exceeds(rendered.text(), maxSeq);
        if (beyond && tooLong == TooLong.DROP) {
            return new TokenizedExample.Refused("too_long");
        }
        String text = beyond ? prefix(rendered.text()) : rendered.text();
        Encoded encoded;
        try {
            encoded = tokenizer.encodeWithOffsets(text);
        } catch (DataException unwritable) {
            return new TokenizedExample.Refused("refused_by_tokenizer");
        }
        boolean[] lossMask = new boolean[encoded.size()];
        for (int i = 0; i < lossMask.length; i++) {
            lossMask[i] = lossOn == LossOn.ALL ? !within(context, encoded, i) : within(learned, encoded, i);
        }
        return new TokenizedExample.Draft(ids(encoded), lossMask, encoded.starts(), encoded.ends(), text, spans,
                !beyond,
                AnswerCounts.of(turns, rendered, isLearned));
    }

    /// @return as much of a text that is far too long as has the tokens that are kept, and no end
    private String prefix(String text) {
        int length = 1 << 16;
        while (length < text.length() && !tokenizer.exceeds(text.substring(0, length), maxSeq)) {
            length *= 2;
        }
        int end = Math.min(length, text.length());
        return text.substring(0, end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1
                : end);
    }

    private static List<Span> spans(List<Span> all, IntPredicate wanted) {
        return IntStream.range(0, all.size()).filter(wanted).mapToObj(all::get).toList();
    }

    private static int[] ids(Encoded encoded) {
        return Arrays.stream(encoded.ids()).mapToInt(Math::toIntExact).toArray();
    }

    /// A token counts when the assistant wrote a character of it, as in the reference's `return_assistant_tokens_mask`:
    /// otherwise an end token that takes the line's end along, or a first word with the prompt's blank before it, would
    /// never be learned.
    private static boolean within(List<Span> spans, Encoded encoded, int token) {
        return spans.stream().anyMatch(span -> encoded.holds(token, span.start(), span.end()));
    }

    /// @return the row as far as `max_seq` allows
    Verdict truncated(TokenizedExample.Draft draft) {
        boolean over = !draft.whole() || draft.ids().length > maxSeq;
        if (over && tooLong == TooLong.DROP) {
            return new Verdict.Dropped("too_long");
        }
        TokenRow row = draft.row(maxSeq);
        return row.lossTokens() == 0
                ? new Verdict.Dropped(over ? "cut_before_the_answer" : "nothing_to_learn")
                : new Verdict.Kept(row, over, draft.answers());
    }
}
