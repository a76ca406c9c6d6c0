package dev.socratic.trainer.data;

import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Conversation;
import dev.socratic.datasets.source.Example;
import dev.socratic.trainer.data.RowEncoder.Verdict;
import dev.socratic.trainer.data.TokenizedExample.Draft;
import dev.socratic.trainer.data.align.AlignedSpans;
import dev.socratic.trainer.data.align.DynamicTimeWarping;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.data.align.TokenOffsets;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Rows for a student whose teacher has another tokenizer: each is encoded twice, with either side's own tokenizer
/// and chat template, and the two are joined by the place of their tokens in what the assistant wrote.
///
/// Each turn is laid over the other by the message's own text, whatever the two templates put around it; what stands
/// behind it up to the end of the turn (a token such as `<|end|>`) is one span more. A turn that one of the templates
/// rewrites has no partners.
///
/// @param student the student's
/// @param teacher the teacher's; its longest row is what its context allows
/// @param warping the two vocabularies, where tokens are matched by edit distance; otherwise empty, for that takes
///                its time
/// @param reading what the teacher is asked, where that is something else than the student is
public record TwoTokenizerEncoder(RowEncoder student, RowEncoder teacher, Optional<VocabularyAlignment> warping,
        Optional<TeacherReading> reading) implements ExampleEncoder {
    /// The prompt is one.
    public TwoTokenizerEncoder(RowEncoder student, RowEncoder teacher, Optional<VocabularyAlignment> warping) {
        this(student, teacher, warping, Optional.empty());
    }

    /// Besides the student's own reasons: `refused_by_teachers_chat_template`, `refused_by_teachers_tokenizer`,
    /// `too_long_for_teacher`, `turns_differ`, `nothing_shared`, `more_than_content`.
    @Override
    public Verdict encode(Example row) {
        if (row instanceof Example.Pair) {
            return new Verdict.Dropped("pair");
        }
        TokenizedExample mine = student.draft(row);
        Verdict own = student.verdict(mine);
        return mine instanceof Draft draft && own instanceof Verdict.Kept kept ? joined(row, draft, kept) : own;
    }

    /// @param row  what is read
    /// @param mine the student's tokenization
    /// @param kept what is kept of it
    /// @return the same with the teacher's beside it, or the reason there is none
    Verdict joined(Example row, Draft mine, Verdict.Kept kept) {
        if (hasMoreThanContent(row)) {
            return new Verdict.Dropped("more_than_content");
        }
        if (reading.isPresent()
                && reading.get().of(row) instanceof TeacherReading.Reading.Unknown(String reason)) {
            return new Verdict.Dropped(reason);
        }
        return switch (teacher.draft(reading.flatMap(one -> one.asked(row)).orElse(row))) {
            case TokenizedExample.Refused refused -> new Verdict.Dropped(ofTeacher(refused.reason()));
            case Draft theirs -> joined(row, mine, kept, theirs);
        };
    }

    private static String ofTeacher(String reason) {
        return switch (reason) {
            case "too_long" -> "too_long_for_teacher";
            case "refused_by_tokenizer" -> "refused_by_teachers_tokenizer";
            default -> "refused_by_teachers_chat_template";
        };
    }

    private Verdict joined(Example row, Draft mine, Verdict.Kept kept, Draft theirs) {
        if (!(teacher.truncated(theirs) instanceof Verdict.Kept other)) {
            return new Verdict.Dropped("too_long_for_teacher");
        }
        List<String> contents = contents(row);
        if (mine.spans().size() != contents.size() || theirs.spans().size() != contents.size()) {
            return new Verdict.Dropped("turns_differ");
        }
        TokenAlignment alignment = join(new Side(mine, kept.row()), new Side(theirs, other.row()), contents);
        return alignment.spans() == 0 ? new Verdict.Dropped("nothing_shared") : new Verdict.Kept(
                kept.row().withTeacherRow(new TeacherRow(other.row(), alignment, Optional.of(row))), kept.truncated(),
                kept.answers());
    }

    /// Turns are laid over each other by their content: thoughts and calls that a template writes beside it would
    /// have no partners.
    private static boolean hasMoreThanContent(Example row) {
        return row instanceof Example.Chat chat && chat.messages().stream().anyMatch(message -> message.isLearned()
                && (message.fields().containsKey(ChatMessage.REASONING) || message.fields()
                        .containsKey(ChatMessage.TOOL_CALLS)));
    }

    private static List<String> contents(Example row) {
        return switch (row) {
            case Example.Text text -> List.of(text.text());
            case Example.Pair pair -> contentsOf(pair.preferred());
            case Example.Chat chat -> contentsOf(chat.conversation());
        };
    }

    private static List<String> contentsOf(Conversation conversation) {
        return conversation.messages().stream().filter(ChatMessage::isAssistant).map(ChatMessage::content).toList();
    }

    private TokenAlignment join(Side mine, Side theirs, List<String> contents) {
        int[] studentSpan = none(mine.lossIndices().length);
        int[] teacherSpan = none(theirs.lossIndices().length);
        int[] place = none(studentSpan.length);
        int[] warped = none(studentSpan.length);
        int spans = 0;
        for (int turn = 0; turn < contents.size(); turn++) {
            Optional<Turn> a = mine.turn(turn, contents.get(turn));
            Optional<Turn> b = theirs.turn(turn, contents.get(turn));
            if (a.isEmpty() || b.isEmpty()) {
                continue;
            }
            Turn ours = a.get();
            Turn other = b.get();
            AlignedSpans found = AlignedSpans.of(ours.offsets(), other.offsets());
            for (int i = 0; i < found.student().length; i++) {
                studentSpan[ours.firstToken() + i] = found.student()[i] < 0
                        ? AlignedSpans.NONE
                        : found.student()[i] + spans;
                place[ours.firstToken() + i] = i < other.size() ? other.firstToken() + i : AlignedSpans.NONE;
            }
            for (int j = 0; j < found.teacher().length; j++) {
                teacherSpan[other.firstToken() + j] = found.teacher()[j] < 0
                        ? AlignedSpans.NONE
                        : found.teacher()[j] + spans;
            }
            spans += found.count();
            warping.ifPresent(vocabulary -> warp(mine, ours, theirs, other, vocabulary, warped));
        }
        return new TokenAlignment(studentSpan, teacherSpan, spans, place, warped);
    }

    /// Both sides predict the next token from the text so far, so what is matched are the tokens a prediction follows
    /// on: the start of the turn, then all but the last. A match counts where the two entries are nearest to each
    /// other as well.
    private static void warp(Side mine, Turn ours, Side theirs, Turn other, VocabularyAlignment vocabulary,
            int[] warped) {
        int[] before = mine.before(ours);
        int[] theirBefore = theirs.before(other);
        int[] matched = DynamicTimeWarping.of(texts(before, vocabulary.texts().student()),
                texts(theirBefore, vocabulary.texts().teacher()));
        for (int i = 0; i < matched.length; i++) {
            boolean same = matched[i] >= 0
                    && (matched[i] == 0
                            ? i == 0
                            : i > 0 && vocabulary.nearest().get()[theirBefore[matched[i]]] == before[i]);
            warped[ours.firstToken() + i] = same ? matched[i] + other.firstToken() : AlignedSpans.NONE;
        }
    }

    /// The start of a turn stands for no text.
    private static List<String> texts(int[] ids, List<String> entries) {
        return IntStream.range(0, ids.length).mapToObj(i -> i == 0 ? "" : entries.get(ids[i])).toList();
    }

    private static int[] none(int length) {
        int[] all = new int[length];
        Arrays.fill(all, AlignedSpans.NONE);
        return all;
    }

    /// Tokens of one turn on one side.
    ///
    /// @param firstToken  its first token, among loss tokens
    /// @param offsets their places in the message's own text; behind it, one place more for the end of the turn
    private record Turn(int firstToken, TokenOffsets offsets) {
        int size() {
            return offsets.ends().length;
        }
    }

    /// @param row what was kept of it
    private record Side(Draft draft, TokenRow row) {
        /// Numbers of the loss tokens.
        int[] lossIndices() {
            return IntStream.range(0, row.ids().length).filter(i -> row.lossMask()[i]).toArray();
        }

        /// @return empty where the template rewrote the message or nothing of the turn counts
        Optional<Turn> turn(int number, String content) {
            Span span = draft.spans().get(number);
            String stripped = content.strip();
            int at = draft.text().indexOf(stripped, span.start());
            if (stripped.isEmpty() || at < 0 || at + stripped.length() > span.end()) {
                return Optional.empty();
            }
            int behind = at + stripped.length();
            int[] lossTokens = lossIndices();
            int first = -1;
            List<Integer> starts = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < lossTokens.length; i++) {
                int start = draft.starts()[lossTokens[i]];
                int end = draft.ends()[lossTokens[i]];
                if (end > at && start < span.end()) {
                    first = first < 0 ? i : first;
                    // A template that writes a blank before the message may have it in the message's first token.
                    boolean blank = start < at && draft.text().substring(start, at).isBlank();
                    starts.add(Math.min(blank ? at : start, behind) - at);
                    ends.add(end > behind ? stripped.length() + 1 : end - at);
                }
            }
            return first < 0
                    ? Optional.empty()
                    : Optional.of(new Turn(first, new TokenOffsets(array(starts), array(ends))));
        }

        /// @return ids of the tokens that the turn's predictions follow on
        int[] before(Turn turn) {
            int[] lossTokens = lossIndices();
            return IntStream.range(0, turn.size()).map(i -> row.ids()[lossTokens[turn.firstToken() + i] - 1]).toArray();
        }

        private static int[] array(List<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
