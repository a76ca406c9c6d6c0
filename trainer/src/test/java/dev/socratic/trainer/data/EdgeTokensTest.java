package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.source.Example;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.TinyModel;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which tokens count where the edge of an answer runs through one. Each list is what transformers 4.57.6 gives with
/// `return_assistant_tokens_mask`.
class EdgeTokensTest {
    private static final String HEAD = "{% for m in messages %}{% if m.role == 'user' %}User: {{ m.content }}\n{% "
            + "else %}Assistant: {{ m.content }}";
    private static final String TAIL = "{% endif %}{% endfor %}{% if add_generation_prompt %}Assistant: {% endif %}";

    @TempDir
    Path folder;

    private List<String> counting(TinyModel model, String answer) {
        model.write(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            RowEncoder encoder = new RowEncoder(tokenizer, new LazyTemplate(folder),
                    Bos.TOKENIZER.marks(folder, tokenizer), LossOn.ASSISTANT, 200, TooLong.DROP);
            Example row = new Example.Chat("a", List.of(ChatMessage.user("q"), ChatMessage.assistant(answer)));
            return encoder.encode(row) instanceof RowEncoder.Verdict.Kept kept ? counted(kept.row(), tokenizer)
                    : List.of();
        }
    }

    private static List<String> counted(TokenRow row, Tokenizer tokenizer) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < row.ids().length; i++) {
            if (row.lossMask()[i]) {
                tokens.add(tokenizer.token(row.ids()[i]));
            }
        }
        return tokens;
    }

    @Test
    void anEndTokenThatTakesTheLinesEndAlongIsLearned() {
        String phi = "{% for m in messages %}{{ '<|' + m.role + '|>\n' + m.content + '<|end|>\n' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}<|endoftext|>{% endif %}";
        for (boolean left : new boolean[] {false, true}) {
            TinyModel model = new TinyModel().added("<|endoftext|>", "<|user|>", "<|assistant|>")
                    .stripping("<|end|>", left, true).template(phi);
            assertEquals(List.of("i", "t", "<|end|>"), counting(model, "it"));
        }
    }

    @Test
    void whatClosesTheWholeTextAndBeginsAsThePromptDoesIsNotTheAssistants() {
        String phi = "{% for m in messages %}{{ '<|' + m.role + '|>\n' + m.content + '<|end|>\n' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}<|endoftext|>{% endif %}";
        TinyModel model = new TinyModel().added("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>").template(phi);
        assertEquals(List.of("i", "t", "<|end|>"), counting(model, "it"));
    }

    @Test
    void theFirstWordWithThePromptsBlankBeforeItIsLearned() {
        TinyModel model = new TinyModel().merge("Ġ", "f").added("</s>").template(HEAD + "</s>\n" + TAIL);
        assertEquals(List.of("Ġf", "o", "u", "r", "</s>"), counting(model, "four"));
    }

    @Test
    void anAnswerThatIsOneTokenWithThePromptsBlankIsLearned() {
        TinyModel model = new TinyModel().merge("f", "o").merge("u", "r").merge("fo", "ur").merge("Ġ", "four")
                .added("</s>")
                .template(HEAD + "</s>\n" + TAIL);
        assertEquals(List.of("Ġfour", "</s>"), counting(model, "four"));
    }

    @Test
    void anEndMarkOfTextIsLearnedToItsLastCharacter() {
        TinyModel model = new TinyModel().merge(">", "Ċ").withoutWordSplit().added("</s>")
                .template(HEAD + "<end>\n" + TAIL);
        assertEquals(List.of("f", "o", "u", "r", "<", "e", "n", "d", ">Ċ"), counting(model, "four"));
    }

    @Test
    void aFullStopInOneTokenWithTheLinesEndIsLearned() {
        TinyModel model = new TinyModel().merge(".", "Ċ").withoutWordSplit().added("</s>").template(HEAD + "\n" + TAIL);
        assertEquals(List.of("f", "o", "u", "r", ".Ċ"), counting(model, "four."));
    }

    @Test
    void withoutAnEdgeTokenNothingOfThePromptCounts() {
        TinyModel model = new TinyModel().added("</s>").template(HEAD + "</s>\n" + TAIL);
        assertEquals(List.of("f", "o", "u", "r", "</s>"), counting(model, "four"));
        TinyModel marked = new TinyModel().added("</s>")
                .template("{% for m in messages %}{{ m.role + ':' }}{% if m.role == 'assistant' %}{% generation %}"
                + "{{ m.content + '</s>' }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}\n{% endfor %}");
        assertEquals(List.of("f", "o", "u", "r", "</s>"), counting(marked, "four"));
    }
}
