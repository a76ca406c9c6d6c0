package dev.socratic.trainer.run.prepare;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.LimitException;
import dev.socratic.core.run.Progress;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.data.AnswerCounts;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.RowEncoder.Verdict;
import dev.socratic.trainer.data.SharedEncoder;
import dev.socratic.trainer.data.SharedIds;
import dev.socratic.trainer.plan.Planner;
import java.util.Iterator;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// What becomes of the rows, told before the first step: what is lost in silence costs a whole run.
///
/// @param rows    looked at
/// @param all     whether these are all there are
/// @param dropped by reason
/// @param first   for each reason, the id of the first row
/// @param cut     rows that lose their end
/// @param answers what the chat template kept of the answers
public record RowCheck(
        long rows, boolean all, SortedMap<String, Long> dropped, SortedMap<String, String> first, long cut,
                AnswerCounts answers) {
    /// Rows looked at: some minutes of a run that has more.
    private static final long MOST = 20_000;
    /// Share of rows that is worth a word.
    private static final double FEW = 0.02;

    public static RowCheck of(Corpus corpus, ExampleEncoder encoder) {
        SortedMap<String, Long> dropped = new TreeMap<>();
        SortedMap<String, String> first = new TreeMap<>();
        AnswerCounts answers = AnswerCounts.NONE;
        long rows = 0;
        long cut = 0;
        try (RowStream<Example> stream = corpus.readable()) {
            Iterator<Example> each = stream.iterator();
            for (; rows < MOST && each.hasNext(); rows++) {
                Example row = each.next();
                switch (encoder.encode(row)) {
                    case Verdict.Kept kept -> {
                        answers = answers.plus(kept.answers());
                        cut += kept.truncated() ? 1 : 0;
                    }
                    case Verdict.Dropped gone -> {
                        dropped.merge(gone.reason(), 1L, Long::sum);
                        first.putIfAbsent(gone.reason(), row.id().isEmpty() ? "#" + rows : row.id());
                    }
                }
            }
        }
        return new RowCheck(rows, rows == corpus.rowCount(), dropped, first, cut, answers);
    }

    /// @param maxSeq longest row, in tokens
    /// @param most   what the models could read
    public void tell(int maxSeq, int most, Progress progress) {
        long tooLong = dropped.getOrDefault("too_long", 0L);
        String longer = maxSeq < most
                ? String.format(Locale.ROOT,
                        "raise max_seq (the models read %,d tokens, micro_tokens has to hold a row)", most)
                : "take models with a longer context";
        if (tooLong > FEW * rows) {
            progress.note(share(tooLong) + " are longer than max_seq " + maxSeq + " and left out: " + longer
                    + ", or write too_long: truncate");
        }
        if (cut > FEW * rows) {
            progress.note(share(cut) + " are longer than max_seq " + maxSeq
                    + " and lose their end, so the student sees answers that do not stop: " + longer);
        }
        long unread = dropped.getOrDefault("refused_by_tokenizer", 0L);
        if (unread > 0) {
            progress.note(share(unread) + " are left out, the first '" + first.get("refused_by_tokenizer")
                    + "', for the tokenizer has no token for a character of it: "
                    + "mend the row, or look at the tokenizer with: socratic inspect --check");
        }
        if (answers.truncated() > 0) {
            progress.note(String.format(Locale.ROOT,
                    "the template leaves out part of %,d of %,d answers%s, which is not learned then; where that is "
                            + "the reasoning: "
                    + "write it into the template (a chat_template.jinja that prints message['content'] as it is, "
                    + "beside the tokenizer the student takes)",
                    answers.truncated(), answers.all(), all ? ""
                            : String.format(Locale.ROOT, " of the first %,d rows", rows)));
        }
        dropped.forEach((reason, count) -> {
            if (!reason.equals("too_long") && !reason.equals("refused_by_tokenizer")
                    && !reason.equals(SharedEncoder.UNKNOWN) && count > FEW * rows) {
                progress.note("%s are left out: %s, the first '%s'".formatted(share(count), reason, first.get(reason)));
            }
        });
    }

    /// @param limit largest share of rows that may be too long
    /// @throws LimitException if more are
    public void require(double limit, TooLong tooLong, int maxSeq) {
        long count = dropped.getOrDefault("too_long", 0L);
        if (tooLong == TooLong.DROP && count > limit * rows) {
            throw new LimitException("data", String.format(Locale.ROOT,
                    "at most %.1f %% of the rows longer than max_seq %s (too_long_limit)", 100 * limit, maxSeq),
                    "%s".formatted(share(count)),
                            "raise max_seq, write too_long: truncate, or raise too_long_limit if the others are "
                                    + "enough");
        }
    }

    /// @throws ConfigException if a row has a token that is another one to the teacher
    public void requireShared(SharedIds shared) {
        long count = dropped.getOrDefault(SharedEncoder.UNKNOWN, 0L);
        if (count > 0) {
            throw new ConfigException("teacher", "a tokenizer in which the tokens of the rows are the student's",
                    "%s with others, the first '%s'; %s".formatted(share(count), first.get(SharedEncoder.UNKNOWN),
                            shared.text()),
                    "give the student the teacher's tokenizer, take such tokens out of the rows and the chat template, "
                            + "or take an objective that compares across tokenizers ("
                            + String.join(", ", Planner.crossTokenizerPresets()) + ")");
        }
    }

    private String share(long count) {
        return String.format(Locale.ROOT, "%,d of %s%,d rows (%.1f %%)", count, all ? "" : "the first ", rows,
                100.0 * count / Math.max(1, rows));
    }
}
