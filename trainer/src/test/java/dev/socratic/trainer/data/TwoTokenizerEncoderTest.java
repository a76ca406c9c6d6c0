package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.source.Example;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.data.align.TokenAlignment;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoTokenizerEncoderTest {
    @TempDir
    static Path folder;

    private Tokenizer student;
    private Tokenizer teacher;

    @BeforeAll
    void tokenizers() throws IOException {
        student = tokenizer("student", TokenizerRecipe.embedded(300),
                "Tom has 3 apples. The answer is 5. The answer is 5.");
        TokenizerRecipe other = new TokenizerRecipe(
                280, List.of("[PAD]", "[INST]", "[/INST]", "</s>"), List.of(), "[PAD]", "</s>",
                "{%- for m in messages -%}{%- if m['role'] == 'assistant' -%}{%- if 'never' in m['content'] -%}{{- "
                        + "raise_exception('never') -}}{%- endif -%}"
                        + "{%- generation -%}{{- ' ' + m['content'] | replace('rewritten', 'other') | trim + '</s>' "
                        + "-}}{%- endgeneration -%}"
                        + "{%- else -%}{{- '[INST]' + m['content'] + '[/INST]' -}}{%- endif -%}{%- endfor -%}");
        teacher = tokenizer("teacher", other, "the answers are apples and answers");
    }

    private Tokenizer tokenizer(String name, TokenizerRecipe recipe, String text) throws IOException {
        Path own = java.nio.file.Files.createDirectories(folder.resolve(name));
        TokenizerFolder.write(BpeTrainer.train(recipe, Stream.of(text)), own);
        return Tokenizer.open(own);
    }

    @AfterAll
    void close() {
        student.close();
        teacher.close();
    }

    private RowEncoder.Verdict encoded(Example row, int maxSeq, TooLong tooLong) {
        RowEncoder mine = new RowEncoder(student, new LazyTemplate(folder.resolve("student")),
                new TextMarks(List.of(), Optional.of(4L)), LossOn.ASSISTANT, maxSeq, tooLong);
        RowEncoder theirs = new RowEncoder(teacher, new LazyTemplate(folder.resolve("teacher")),
                new TextMarks(List.of(), Optional.of(3L)), LossOn.ASSISTANT, 90, tooLong);
        return new TwoTokenizerEncoder(mine, theirs, Optional.of(vocabularies())).encode(row);
    }

    private VocabularyAlignment vocabularies() {
        return VocabularyAlignment.of(student, teacher, Optional.of(new VocabularyAlignment.Ends(4, 3)));
    }

    private Optional<TokenRow> own(TokenRow written) {
        RowEncoder mine = new RowEncoder(student, new LazyTemplate(folder.resolve("student")),
                new TextMarks(List.of(), Optional.of(4L)), LossOn.ASSISTANT, 90, TooLong.DROP);
        RowEncoder theirs = new RowEncoder(teacher, new LazyTemplate(folder.resolve("teacher")),
                new TextMarks(List.of(), Optional.of(3L)), LossOn.ASSISTANT, 90, TooLong.DROP);
        RolloutRetokenizer reading =
                new RolloutRetokenizer(new TwoTokenizerEncoder(mine, theirs, Optional.of(vocabularies())),
                vocabularies().texts().student(), List.of(4L));
        return reading.retokenize(kept("The apples."), written);
    }

    /// @return the prompt of every row here with an answer of these tokens
    private TokenRow answered(long... answer) {
        TokenRow any = kept("The apples.");
        int[] ids = IntStream.concat(IntStream.of(any.ids()).limit(any.promptLength()),
                java.util.stream.LongStream.of(answer).mapToInt(Math::toIntExact)).toArray();
        boolean[] lossMask = new boolean[ids.length];
        java.util.Arrays.fill(lossMask, any.promptLength(), ids.length, true);
        return new TokenRow(ids, lossMask);
    }

    @Test
    void whatTheStudentWroteIsReadAsTheSameTextOfTheData() {
        for (String answer : List.of("The answer is 5.", "5", "日本語 👍🏽 naïve", "So <think> and all.")) {
            TokenRow data = kept(answer);
            TokenRow own = own(new TokenRow(data.ids(), data.lossMask())).orElseThrow();
            TeacherRow expected = data.teacherRow().orElseThrow();
            TeacherRow read = own.teacherRow().orElseThrow();
            assertArrayEquals(data.ids(), own.ids());
            assertArrayEquals(data.lossMask(), own.lossMask());
            assertArrayEquals(expected.row().ids(), read.row().ids(), answer);
            assertArrayEquals(expected.row().lossMask(), read.row().lossMask());
            assertArrayEquals(expected.alignment().studentSpan(), read.alignment().studentSpan(), answer);
            assertArrayEquals(expected.alignment().teacherSpan(), read.alignment().teacherSpan(), answer);
            assertArrayEquals(expected.alignment().byPosition(), read.alignment().byPosition(), answer);
            assertArrayEquals(expected.alignment().byWarping(), read.alignment().byWarping(), answer);
        }
    }

    @Test
    void itsTokensStayAsItDrewThemHoweverItsTokenizerWouldCutTheText() {
        long[] letters = "The answer is 5.".chars()
                .mapToLong(c -> student.id(c == ' ' ? "Ġ" : Character.toString(c)).orElseThrow()).toArray();
        TokenRow own = own(answered(letters)).orElseThrow();
        TokenRow data = kept("The answer is 5.");
        assertTrue(own.lossTokens() > data.lossTokens(), "the tokenizer cuts it into fewer");
        assertArrayEquals(data.teacherRow().orElseThrow().row().ids(), own.teacherRow().orElseThrow().row().ids());
        List<String> spans = spans(own);
        sameTexts(spans);
        assertEquals("The answer is 5.", joined(spans), "and its end, which it did not write, belongs to no span");
    }

    @Test
    void whatIsNoUtf8IsReadAsTheCharacterForIt() {
        long lone = student.id("ä").orElseThrow(); // stands for the byte E4
        TokenRow own = own(answered(student.encode("5 ")[0], lone, 4)).orElseThrow();
        List<String> spans = spans(own);
        assertEquals("<|end|>|</s>", spans.getLast());
        assertTrue(teacher.decode(IntStream.of(own.teacherRow().orElseThrow().row().ids()).asLongStream().toArray(),
                false)
                .contains("5\uFFFD"), spans.toString());
    }

    @Test
    void anEmptyAnswerIsLeftOut() {
        assertEquals(Optional.empty(), own(answered(4)));
        assertEquals(Optional.empty(), own(answered(student.encode("never")))); // what the teacher's template refuses
    }

    private TokenRow kept(String... answers) {
        return ((RowEncoder.Verdict.Kept) encoded(chat(answers), 90, TooLong.DROP)).row();
    }

    private static Example chat(String... answers) {
        List<ChatMessage> messages = new ArrayList<>();
        for (String answer : answers) {
            messages.add(ChatMessage.user("How many?"));
            messages.add(ChatMessage.assistant(answer));
        }
        return new Example.Chat("", messages);
    }

    /// What each span says on either side, `student|teacher`.
    private List<String> spans(TokenRow row) {
        TeacherRow teacherRow = row.teacherRow().orElseThrow();
        TokenAlignment join = teacherRow.alignment();
        return IntStream.range(0, join.spans())
                .mapToObj(span ->
                        text(student, row, join.studentSpan(), span) + "|"
                                + text(teacher, teacherRow.row(), join.teacherSpan(), span))
                .toList();
    }

    private static String text(Tokenizer tokenizer, TokenRow row, int[] spans, int span) {
        int[] lossTokens = IntStream.range(0, row.ids().length).filter(i -> row.lossMask()[i]).toArray();
        return tokenizer.decode(IntStream.range(0, spans.length).filter(i -> spans[i] == span)
                .mapToLong(i -> row.ids()[lossTokens[i]]).toArray(), false);
    }

    private static void sameTexts(List<String> spans) {
        for (String span : spans) {
            String[] sides = span.split("\\|", 2);
            assertTrue(sides[0].equals(sides[1]) || (" " + sides[0]).equals(sides[1]) || span.equals("<|end|>|</s>"),
                    spans.toString());
        }
    }

    private static String joined(List<String> spans) {
        return String.join("", spans.stream().map(span -> span.substring(0, span.indexOf('|'))).toList());
    }

    @Test
    void spansHoldTheWholeAnswerInOrderAndTheSameTextOnBothSides() {
        List<String> spans = spans(kept("The answer is 5."));
        assertEquals("<|end|>|</s>", spans.getLast());
        sameTexts(spans.subList(0, spans.size() - 1));
        assertEquals("The answer is 5.", joined(spans.subList(0, spans.size() - 1)));
    }

    @Test
    void charactersOfSeveralTokensAreNotCut() {
        for (String answer : List.of("naïve café", "日本語 5", "👍🏽 ok 👩‍👩‍👧", "e\u0301 and Å", "a\u00a0b\u2003c")) {
            List<String> spans = spans(kept(answer));
            sameTexts(spans.subList(0, spans.size() - 1));
            assertEquals(answer, joined(spans.subList(0, spans.size() - 1)));
        }
    }

    @Test
    void turnsFollowEachOtherAndEachIsLaidOverItsOwn() {
        List<String> spans = spans(kept("The apples.", "The answers."));
        assertEquals(2, spans.stream().filter("<|end|>|</s>"::equals).count());
        assertEquals("The apples.The answers.",
                joined(spans.stream().filter(span -> !span.equals("<|end|>|</s>")).toList()));
    }

    @Test
    void aTurnThatOneTemplateRewritesHasNoPartners() {
        List<String> spans = spans(kept("It was rewritten.", "The answers."));
        assertEquals("The answers.", joined(spans.stream().filter(span -> !span.equals("<|end|>|</s>")).toList()));
    }

    @Test
    void whatIsCutOffOnOneSideBelongsToNoSpan() {
        RowEncoder.Verdict.Kept cut = (RowEncoder.Verdict.Kept) encoded(chat("The answer is 5. ".repeat(9)), 40,
                TooLong.TRUNCATE);
        List<String> spans = spans(cut.row());
        sameTexts(spans);
        assertTrue("The answer is 5. ".repeat(9).startsWith(joined(spans)), spans.toString());
        assertEquals(40, cut.row().ids().length);
    }

    @Test
    void placesCountFromTheStartOfEachTurn() {
        TokenRow row = kept("The apples.", "5");
        TokenAlignment join = row.teacherRow().orElseThrow().alignment();
        int[] ends = IntStream.range(0, join.byPosition().length)
                .filter(i -> i > 0 && join.byPosition()[i] >= 0 && join.byPosition()[i] != join.byPosition()[i - 1] + 1)
                        .toArray();
        assertEquals(1, join.byPosition()[0], "the blank that the teacher's template writes is before the turn");
        assertTrue(ends.length <= 1, "only the second turn may begin elsewhere");
    }

    @Test
    void plainTextIsOneTurn() {
        TokenRow row =
                ((RowEncoder.Verdict.Kept) encoded(new Example.Text("", "5 the answers are 5"), 90, TooLong.DROP))
                        .row();
        List<String> spans = spans(row);
        assertEquals("<|end|>|</s>", spans.getLast());
        sameTexts(spans.subList(0, spans.size() - 1));
    }

    @Test
    void rowsThatCannotBeJoinedAreDroppedWithTheReason() {
        assertEquals(new RowEncoder.Verdict.Dropped("nothing_shared"), encoded(chat(""), 90, TooLong.DROP));
        assertEquals(new RowEncoder.Verdict.Dropped("refused_by_teachers_chat_template"),
                encoded(chat("never"), 90, TooLong.DROP));
        assertEquals(new RowEncoder.Verdict.Dropped("too_long"), encoded(chat("a".repeat(95)), 20, TooLong.DROP));
        assertEquals(new RowEncoder.Verdict.Dropped("too_long_for_teacher"),
                encoded(chat("a".repeat(95)), 200, TooLong.DROP));
    }
}
