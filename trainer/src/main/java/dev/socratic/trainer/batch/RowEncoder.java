package dev.socratic.trainer.batch;

import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.source.Example;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Encoded;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Rows of a data set to tokens and the mask of those that count.
///
/// @param tokenizer the student's
/// @param template  the student's; asked for when the first conversation comes
/// @param end       id that ends a `text` row, where the tokenizer has one
/// @param lossOn    which tokens count
/// @param maxSeq    longest row, in tokens
/// @param tooLong   what happens to longer rows
public record RowEncoder(
        Tokenizer tokenizer, Supplier<ChatTemplate> template, Optional<Long> end, LossOn lossOn, int maxSeq, TooLong tooLong) {

    /// A row, or the reason there is none: `too_long`, `nothing_to_learn`, `refused_by_chat_template`.
    public sealed interface Verdict {
        /// @param cut whether its end was cut off
        record Kept(TokenRow row, boolean cut) implements Verdict {}

        record Dropped(String reason) implements Verdict {}
    }

    public Verdict encode(Example row) {
        return switch (row) {
            case Example.Text text -> text(text.text());
            case Example.Chat chat -> chat(template.get(), chat.messages());
        };
    }

    private Verdict text(String text) {
        long[] ids = tokenizer.encode(text);
        int[] all = new int[ids.length + (end.isPresent() ? 1 : 0)];
        for (int i = 0; i < ids.length; i++) {
            all[i] = Math.toIntExact(ids[i]);
        }
        end.ifPresent(id -> all[ids.length] = Math.toIntExact(id));
        boolean[] counts = new boolean[all.length];
        Arrays.fill(counts, true);
        return fitted(all, counts);
    }

    private Verdict chat(ChatTemplate template, List<ChatMessage> messages) {
        ChatTemplate.Rendered rendered;
        try {
            rendered = template.render(messages, false);
        } catch (DataException refused) {
            return new Verdict.Dropped("refused_by_chat_template");
        }
        Encoded encoded = tokenizer.encodeWithOffsets(rendered.text());
        int[] ids = new int[encoded.size()];
        boolean[] counts = new boolean[encoded.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(encoded.ids()[i]);
            counts[i] = lossOn == LossOn.ALL || within(rendered, encoded.starts()[i], encoded.ends()[i]);
        }
        return fitted(ids, counts);
    }

    /// A token counts when all of it was written by the assistant: one that begins before the turn would leak the prompt into the loss.
    private static boolean within(ChatTemplate.Rendered rendered, int from, int to) {
        return to > from && rendered.assistantSpans().stream().anyMatch(span -> span.start() <= from && to <= span.end());
    }

    private Verdict fitted(int[] ids, boolean[] counts) {
        boolean over = ids.length > maxSeq;
        if (over && tooLong == TooLong.DROP) {
            return new Verdict.Dropped("too_long");
        }
        int length = Math.min(ids.length, maxSeq);
        boolean[] mask = Arrays.copyOf(counts, length);
        if (length > 0) {
            mask[0] = false;
        }
        TokenRow row = new TokenRow(Arrays.copyOf(ids, length), mask);
        return row.counting() == 0 ? new Verdict.Dropped("nothing_to_learn") : new Verdict.Kept(row, over);
    }
}
