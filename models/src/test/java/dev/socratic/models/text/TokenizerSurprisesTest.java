package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What usually goes wrong between a template and a tokenizer, on a tokenizer that adds BOS by itself and whose
/// padding is its EOS.
class TokenizerSurprisesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long BOS = 1;
    private static final long EOS = 2;
    private static final List<ChatMessage> CHAT =
            List.of(ChatMessage.user("ab"), ChatMessage.assistant("c"), ChatMessage.user("a"),
                    ChatMessage.assistant("b"));

    @TempDir
    Path folder;

    /// The post-processor that Llama's tokenizers ship: `<s>` before every text.
    @BeforeEach
    void tokenizer() throws IOException {
        ObjectNode file =
                (ObjectNode) MAPPER.readTree(TokenizerFixture.RESOURCES.resolve("byte_fallback/tokenizer.json")
                        .toFile());
        file.set("post_processor", MAPPER.readTree("""
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}"""));
        Files.writeString(folder.resolve("tokenizer.json"), MAPPER.writeValueAsString(file));
        Files.writeString(folder.resolve("tokenizer_config.json"),
                "{\"add_bos_token\": true, \"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"pad_token\": \"</s>\"}");
    }

    private Rendered render(String template) throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return ChatTemplate.of(folder).render(CHAT, false);
    }

    private static long count(long[] ids, long id) {
        return Arrays.stream(ids).filter(each -> each == id).count();
    }

    @Test
    void aTemplateThatWritesBosGivesOneAndNotTwo() throws IOException {
        String text = render("{{ bos_token }}{% for m in messages %}{{ m.content + eos_token }}{% endfor %}").text();
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            long[] ids = tokenizer.encode(text);
            assertEquals(BOS, ids[0]);
            assertEquals(1, count(ids, BOS), Arrays.toString(ids));
            assertArrayEquals(ids, tokenizer.encodeWithOffsets(text).ids());
        }
    }

    @Test
    void aTemplateWithoutBosGetsNoneBehindItsBack() throws IOException {
        String text = render("{% for m in messages %}{{ m.content + eos_token }}{% endfor %}").text();
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertEquals(0, count(tokenizer.encode(text), BOS));
            assertEquals(0, tokenizer.encode("").length);
        }
    }

    /// Masks made by comparing ids with the padding's would lose every end of turn; spans do not know what padding is.
    @Test
    void theEndOfATurnIsTheAssistantsAlsoWherePaddingHasTheSameId() throws IOException {
        Rendered rendered = render("{% for m in messages %}{{ m.content + eos_token }}{% endfor %}");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            Encoded encoded = tokenizer.encodeWithOffsets(rendered.text());
            int ends = 0;
            for (int i = 0; i < encoded.size(); i++) {
                int start = encoded.starts()[i];
                boolean own = rendered.assistantSpans().stream()
                        .anyMatch(span -> span.start() <= start && start < span.end());
                ends += own && encoded.ids()[i] == EOS ? 1 : 0;
            }
            assertEquals(2, ends, rendered.assistantSpans().toString());
            assertEquals(4, count(encoded.ids(), EOS));
        }
        assertEquals(List.of("c</s>", "b</s>"), ChatTemplateTest.written(rendered));
    }

    @Test
    void controlTokensWrittenInTheTextAreTheTokensThemselves() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertArrayEquals(new long[] {BOS, EOS}, tokenizer.encode("<s></s>"));
            assertEquals("", tokenizer.decode(new long[] {BOS, EOS}, true));
            assertEquals("<s></s>", tokenizer.decode(new long[] {BOS, EOS}, false));
        }
    }

    @Test
    void charactersOutsideTheVocabularyAreBytesAndComeBackWhole() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            String text = "a\ud83d\ude00b";
            Encoded encoded = tokenizer.encodeWithOffsets(text);
            assertEquals(text, tokenizer.decode(encoded.ids(), false));
            long bytes = Arrays.stream(encoded.ids()).filter(id -> tokenizer.token(id).matches("<0x[0-9A-F]{2}>"))
                    .count();
            assertEquals(4, bytes);
            for (int i = 0; i < encoded.size(); i++) {
                if (tokenizer.token(encoded.ids()[i]).startsWith("<0x")) {
                    assertEquals(new Span(1, 3), new Span(encoded.starts()[i], encoded.ends()[i]),
                            "a byte spans its whole character");
                }
            }
            TextStream stream = tokenizer.stream(true);
            StringBuilder joined = new StringBuilder();
            for (long id : encoded.ids()) {
                String piece = stream.next(id);
                assertTrue(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)), piece);
                joined.append(piece);
            }
            assertEquals(text, joined + stream.finish());
        }
    }
}
