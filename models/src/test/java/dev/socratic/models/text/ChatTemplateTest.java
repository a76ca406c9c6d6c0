package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final List<ChatMessage> CHAT = List.of(
            ChatMessage.user("Hi"), ChatMessage.assistant("<think>\nno\n</think>\n\nYes"), ChatMessage.user("So?"),
            ChatMessage.assistant(" Fine \n"));

    /// Text, tokens and the mask of the assistant's tokens, as the reference gives them for the folder we wrote.
    @Test
    void theEmbeddedTemplateRendersAndMarksAsTheReferenceDoes() {
        ChatTemplate template = ChatTemplate.of(TokenizerFixture.EMBEDDED);
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixture.EMBEDDED)) {
            for (JsonNode golden : TokenizerTest.golden().get("chats")) {
                List<ChatMessage> messages = new ArrayList<>();
                golden.get("messages")
                        .forEach(turn ->
                                messages.add(new ChatMessage(turn.get("role").asText(), turn.get("content").asText())));
                Rendered rendered = template.render(messages, golden.get("add_generation_prompt").asBoolean());
                assertEquals(golden.get("text").asText(), rendered.text());
                Encoded encoded = tokenizer.encodeWithOffsets(rendered.text());
                for (int i = 0; i < encoded.size(); i++) {
                    int start = encoded.starts()[i];
                    boolean assistants = rendered.assistantSpans().stream()
                            .anyMatch(span -> span.start() <= start && start < span.end());
                    assertEquals(golden.get("ids").get(i).asLong(), encoded.ids()[i]);
                    assertEquals(golden.get("assistant").get(i).asInt() == 1, assistants,
                            "token " + i + " of " + rendered.text());
                }
            }
        }
    }

    @Test
    void embeddedTurnsHaveNoBlanksBetweenThem() {
        ChatTemplate template = ChatTemplate.of(TokenizerFixture.EMBEDDED);
        Rendered rendered =
                template.render(List.of(ChatMessage.system("S"), ChatMessage.user(" u "), ChatMessage.assistant("a\n")),
                        true);
        assertEquals("<|system|>S<|end|><|user|> u <|end|><|assistant|>a\n<|end|><|assistant|>", rendered.text());
        assertEquals(List.of("a\n<|end|>"), written(rendered));
    }

    @Test
    void withoutMarksTheTurnsAreFoundWithTheirEndTokenAndWithoutTheHeader() {
        String chatml =
                "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
                + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
        assertEquals(List.of("<think>\nno\n</think>\n\nYes<|im_end|>", " Fine \n<|im_end|>"), spans(chatml));
        String trimming = chatml.replace("m.content", "m.content|trim");
        assertEquals(List.of("<think>\nno\n</think>\n\nYes<|im_end|>", "Fine<|im_end|>"), spans(trimming));
    }

    @Test
    void reasoningThatATemplateDropsFromEarlierTurnsIsNoObstacle() {
        String dropping = """
                {%- for m in messages -%}
                {%- if m.role == 'user' -%}{{ '<|user|>' + m.content }}
                {%- else -%}{%- set c = m.content if loop.last else m.content.split('</think>')[-1].lstrip() -%}{{ '<|bot|>' + c + '<|eos|>' }}
                {%- endif -%}{%- endfor -%}{%- if add_generation_prompt -%}{{ '<|bot|><think>\n' }}{%- endif -%}""";
        assertEquals(List.of("Yes<|eos|>", "Fine \n<|eos|>"),
                spans(dropping.replace("m.content if loop.last else ", "")));
        assertEquals(List.of("Yes<|eos|>", " Fine \n<|eos|>"), spans(dropping));
    }

    @Test
    void aTemplateThatClosesTheLastTurnDifferentlyIsUnderstood() {
        String closing = "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}"
                + "{% if m.role == 'assistant' and loop.last %}{{ '<|return|>' }}{% else %}{{ '<|end|>' }}{% endif "
                + "%}{% endfor %}"
                + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
        assertEquals(List.of("<think>\nno\n</think>\n\nYes<|end|>", " Fine \n<|return|>"), spans(closing));
    }

    @Test
    void aTemplateThatHidesTheContentIsRefusedWithTheRemedy() {
        ChatTemplate template = ChatTemplate.parse("t.jinja",
                "{% for m in messages %}{{ m.content|length }} {{ messages|length }}{% endfor %}", Map.of(),
                Clock.systemUTC());
        assertEquals(
                "t.jinja: a template that shows where the assistant's text begins and ends; got no such place for "
                        + "message 2; "
                        + "mark it in the template with {% generation %} and {% endgeneration %}",
                assertThrows(DataException.class, () -> template.render(CHAT, false)).getMessage());
        assertEquals("2 424 43 47 4", template.render(CHAT, true).text());
    }

    @Test
    void aTemplateThatRaisesSaysSoInItsOwnWords() {
        String source =
                "{% for m in messages %}\n{% if m.role == 'system' %}{{ raise_exception('System role not "
                        + "supported') }}{% endif %}{% endfor %}";
        ChatTemplate template = ChatTemplate.parse("t.jinja", source, Map.of(), Clock.systemUTC());
        assertEquals(
                "t.jinja:2: messages the chat template takes; got its refusal 'System role not supported'; mend the "
                        + "messages",
                assertThrows(DataException.class, () -> template.render(List.of(ChatMessage.system("x")), false))
                        .getMessage());
        ChatTemplate mixing = ChatTemplate.parse("t.jinja", "{{ messages[0].content + 1 }}", Map.of(),
                Clock.systemUTC());
        assertEquals(
                "t.jinja:1: messages the chat template can render; got TypeError 'can only concatenate str (not "
                        + "\"int\") to str'; "
                        + "look at the roles, fields and types of the messages",
                assertThrows(DataException.class, () -> mixing.render(CHAT, true)).getMessage());
        assertEquals(
                "t.jinja:1: a chat template; got '{{ is not closed by }}'; mend the template or take another",
                assertThrows(DataException.class,
                        () -> ChatTemplate.parse("t.jinja", "{{ a", Map.of(), Clock.systemUTC())).getMessage());
    }

    @Test
    void aFolderGivesItsTemplateByPrecedenceAndName(@TempDir Path folder) throws IOException {
        assertEquals(
                folder + ": a chat template; got none; add a chat_template.jinja, or a chat_template in "
                        + "tokenizer_config.json; "
                        + "base models have none and take plain text",
                assertThrows(DataException.class, () -> ChatTemplate.of(folder)).getMessage());
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<s>"}, "chat_template": [
                  {"name": "default", "template": "{{ bos_token }}{{ eos_token }}plain"}, {"name": "tool_use", "template": "tools"}]}""");
        Files.writeString(folder.resolve("special_tokens_map.json"),
                "{\"eos_token\": \"</s>\", \"bos_token\": \"<old>\"}");
        assertEquals("<s></s>plain", ChatTemplate.of(folder).render(List.of(), true).text());
        assertEquals("tools", ChatTemplate.named(folder, "tool_use", Clock.systemUTC()).render(List.of(), true).text());
        assertTrue(assertThrows(DataException.class, () -> ChatTemplate.named(folder, "rag", Clock.systemUTC()))
                .getMessage()
                .contains("a chat template named 'rag'; got only [default, tool_use]"));
        Files.writeString(folder.resolve("chat_template.jinja"), "file{{ tools is defined }}");
        assertEquals("fileTrue", ChatTemplate.of(folder).render(List.of(), true).text());
    }

    private static List<String> spans(String source) {
        return written(ChatTemplate.parse("t.jinja", source, Map.of(), Clock.systemUTC()).render(CHAT, false));
    }

    static List<String> written(Rendered rendered) {
        return rendered.assistantSpans().stream().map(span -> rendered.text().substring(span.start(), span.end()))
                .toList();
    }
}
