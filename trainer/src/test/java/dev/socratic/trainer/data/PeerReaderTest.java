package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.source.Example;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.TinyModel;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TeacherPrompt;
import dev.socratic.trainer.config.TooLong;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerReaderTest {
    @TempDir
    static Path folder;

    private Tokenizer tokenizer;
    private PeerReader peers;
    private TokenRow given;

    @BeforeAll
    void rows() {
        Path model = new TinyModel().added("<|im_start|>", "<|im_end|>").template(TinyModel.CHATML).rows(264)
                .write(folder);
        tokenizer = Tokenizer.open(model);
        LazyTemplate template = new LazyTemplate(model);
        RowEncoder student = new RowEncoder(tokenizer, template, TextMarks.NONE, LossOn.ASSISTANT, 512, TooLong.DROP);
        peers = new PeerReader(new PrivilegedEncoder(student,
                TeacherReading.of(new TeacherPrompt("feedback", Optional.empty())), tokenizer, template, 1024));
        given = ((RowEncoder.Verdict.Kept) peers.encode(new Example.Chat("a",
                List.of(ChatMessage.user("3 + 4?"), ChatMessage.assistant("7"))))).row();
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private TokenRow answer(String text, double reward) {
        long[] own = tokenizer.encodeWithOffsets(text + "<|im_end|>").ids();
        int prompt = given.promptLength();
        int[] ids = IntStream.concat(Arrays.stream(given.ids(), 0, prompt),
                Arrays.stream(own).mapToInt(Math::toIntExact)).toArray();
        boolean[] mask = new boolean[ids.length];
        Arrays.fill(mask, prompt, ids.length, true);
        return new TokenRow(ids, mask).withGraded(Optional.of(new Graded(reward, 0.5, 0.5, 2)));
    }

    private String read(TokenRow row) {
        return tokenizer.decode(Arrays.stream(row.teacherRow().orElseThrow().row().ids()).asLongStream().toArray(),
                false);
    }

    private static final String PROMPT = "<|im_start|>user\n3 + 4?\n%s\nAnswer the question, and get it right."
            + "<|im_end|>\n<|im_start|>assistant\n%s<|im_end|>";

    @Test
    void aWrongAnswerIsReadBehindARightOneAndWhatWasWrongAndARightOneTeachesNothingToItself() {
        List<Optional<TokenRow>> read = peers.retokenize(given, List.of(answer("I say 8", 0), answer("It is 7", 1)));
        assertTrue(read.getLast().isEmpty());
        assertEquals(PROMPT.formatted("\nAn answer that is right:\nIt is 7\n\nFeedback on an earlier attempt:\n"
                + "Its final answer, 8, is not right.\n", "I say 8"), read(read.getFirst().orElseThrow()));
    }

    @Test
    void whereNoneIsRightThereIsFeedbackAlone() {
        List<Optional<TokenRow>> read = peers.retokenize(given, List.of(answer("I say 8", 0), answer("", 0)));
        assertEquals(PROMPT.formatted("\nFeedback on an earlier attempt:\nIts final answer, 8, is not right.\n",
                "I say 8"), read(read.getFirst().orElseThrow()));
        assertTrue(read(read.getLast().orElseThrow()).contains("It has no final answer, or none that is right."));
    }

    @Test
    void theDatasAnswerIsShownToNobody() {
        assertEquals(PROMPT.formatted("", "7").replace("\n\nAnswer", "\nAnswer"), read(given).replace("\n\nAnswer",
                "\nAnswer").stripTrailing());
    }
}
