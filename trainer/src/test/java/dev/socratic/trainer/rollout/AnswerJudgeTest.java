package dev.socratic.trainer.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.OnPolicyRuns;
import dev.socratic.trainer.data.Graded;
import dev.socratic.trainer.data.TokenRow;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerJudgeTest {
    @TempDir
    Path folder;

    private static TokenRow row(Tokenizer tokenizer, String answer) {
        int[] prompt = ids(tokenizer, "<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n");
        int[] written = ids(tokenizer, answer);
        int[] all = Arrays.copyOf(prompt, prompt.length + written.length);
        System.arraycopy(written, 0, all, prompt.length, written.length);
        boolean[] counts = new boolean[all.length];
        Arrays.fill(counts, prompt.length, all.length, true);
        return new TokenRow(all, counts);
    }

    private static int[] ids(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToInt(Math::toIntExact).toArray();
    }

    @Test
    void anAnswerIsRightWhereItEndsAndItsFinalAnswerIsTheRowsByValue() {
        Path model = OnPolicyRuns.noise().write(folder.resolve("model"));
        try (Tokenizer tokenizer = Tokenizer.open(model)) {
            AnswerJudge judge = new AnswerJudge(tokenizer, List.of(256L, 258L));
            TokenRow asked = row(tokenizer, "48 / 2 = 24, and 24 + 48 = 72.\n#### 72<|im_end|>");
            List<String> answers = List.of("The answer is 72.0<|im_end|>", "It is 71.<|im_end|>", "The answer is 72.",
                    "<think>not 72</think>The answer is 9<|im_end|>");
            List<TokenRow> graded = judge.graded(asked, answers.stream().map(text -> row(tokenizer, text)).toList());
            assertEquals(List.of(1.0, 0.0, 0.0, 0.0), graded.stream().map(row -> row.graded().orElseThrow().reward())
                    .toList());
            assertEquals(Optional.of(new Graded(0, 0.25, 0.5, 4)), graded.getLast().graded());
        }
    }
}
