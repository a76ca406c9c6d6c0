package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.DataException;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TurnEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Special tokens of the embedded vocabulary: 0 pad, 1 user, 2 assistant, 3 system, 4 end; 5 and 6 are added ones.
class EosTokensTest {
    private static final Path EMBEDDED = Path.of("src/test/resources/text/embedded");

    @TempDir
    Path folder;

    @BeforeEach
    void tokenizer() throws IOException {
        Files.copy(EMBEDDED.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private EosTokens eos() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return EosTokens.of(folder, tokenizer);
        }
    }

    private TurnEnd end(String template) {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            ChatTemplate chat = ChatTemplate.parse("t", template, Map.of(), ChatTemplate.DAY);
            return TurnEnd.of(chat.render(TurnEnd.CHAT, false), 1, TurnEnd.CHAT.getLast().content(), tokenizer);
        }
    }

    @Test
    void everyPlaceThatNamesAnEndCountsOnceInItsOrder() throws IOException {
        assertEquals(List.of(), eos().ids());
        file("tokenizer_config.json", "{\"eos_token\": {\"content\": \"<|pad|>\"}}");
        assertEquals(List.of(0L), eos().ids());
        file("config.json", "{\"eos_token_id\": [3, 0]}");
        file("generation_config.json", "{\"eos_token_id\": 1}");
        assertEquals(List.of(1L, 3L, 0L), eos().ids());
        file("chat_template.jinja",
                "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if "
                        + "add_generation_prompt %}<|assistant|>{% endif %}");
        assertEquals(List.of(1L, 3L, 0L, 4L), eos().ids());
        assertEquals(Optional.of(4L), eos().first());
        file("special_tokens_map.json", "{\"eos_token\": \"<|system|>\"}");
        assertEquals(List.of(1L, 3L, 0L, 4L), eos().ids(), "tokenizer_config.json counts where both name one");
    }

    @Test
    void idsThatNoTokenHasAreLeftOut() throws IOException {
        file("config.json", "{\"eos_token_id\": [-1, 99999, 4]}");
        file("generation_config.json", "{\"eos_token_id\": null}");
        assertEquals(List.of(4L), eos().ids());
    }

    @Test
    void aBrokenFileIsSaidAndNotPassedOver() throws IOException {
        file("generation_config.json", "{");
        assertThrows(DataException.class, this::eos);
    }

    @Test
    void aTemplateThatTakesNoPlainChatNamesNothing() throws IOException {
        file("chat_template.jinja", "{{ raise_exception('system first') }}");
        assertEquals(List.of(), eos().ids());
    }

    @Test
    void aMarkOfOrdinaryTextEndsATurnByNoToken() {
        String turns = "{%% for m in messages %%}<|{{ m.role }}|>{{ m.content }}%s\n{%% endfor %%}{%% if "
                + "add_generation_prompt %%}<|assistant|>{%% endif %%}";
        assertEquals(new TurnEnd.Text("(end)"), end(turns.formatted("(end)")));
        assertInstanceOf(TurnEnd.None.class, end(turns.formatted("")));
        assertEquals(new TurnEnd.Token(4), end(turns.formatted("<|end|>")));
        assertEquals(new TurnEnd.Token(4), end(turns.formatted(" (end)<|end|>")), "the last of the mark");
    }
}
