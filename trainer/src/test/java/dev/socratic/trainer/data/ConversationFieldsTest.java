package dev.socratic.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.datasets.source.Exchanges;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every field of a row reaches the template, the turns that are learned and the loss, or the row is left out by name.
class ConversationFieldsTest {
    private static final String CHATML =
            "{% for m in messages %}{{ '<|turn|>' + m.role + '\n' + m.content + '<|over|>\n' }}{% endfor %}";

    @TempDir
    Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void tokenizer() throws IOException {
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(300), Stream.of("What time is it? Noon.")),
                folder);
        tokenizer = Tokenizer.open(folder);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    /// The texts are those of transformers' `apply_chat_template` (`bench/peers/text/conversations_golden.py`).
    @Test
    void everyFieldReachesTheTemplateAsInTheReference() throws IOException {
        for (String line : resource("golden.jsonl").lines().toList()) {
            ObjectNode row = (ObjectNode) Json.read(line, JsonNode.class, "golden");
            String text = row.remove("text").textValue();
            Example.Chat chat = (Example.Chat) read(row);
            assertEquals(text, template().render(chat.conversation(), false).text(), row.path("id").textValue());
        }
    }

    @Test
    void callsAndThoughtsAreLearnedAndTurnsOfWeightZeroAreNot() throws IOException {
        assertEquals(
                List.of(
                        "<think>\nTwo towns.\n</think>\n\nI look.\n<call>\n{\"name\": \"clock\", \"arguments\": "
                                + "{\"town\": \"Bern\", "
                                + "\"exact\": true}}\n</call>\n<call>\n{\"name\": \"clock\", \"arguments\": "
                                + "{\"town\": \"Oslo\"}}\n</call>"
                                + "<|over|>",
                        "<think>\nBoth are 12:00.\n</think>\n\nNoon in both.<|over|>"),
                learned(golden("tools_and_calls"), LossOn.ASSISTANT));
        assertEquals(
                List.of("\n<call>\n{\"name\": \"clock\", \"arguments\": {\"town\":\"Bern\"}}\n</call><|over|>",
                "Noon.<|over|>"),
                learned(golden("null_content"), LossOn.ASSISTANT));
        assertEquals(List.of("Noon.<|over|>"), learned(golden("weights"), LossOn.ASSISTANT));
    }

    @Test
    void aTurnThatIsNotToBeLearnedIsNotLearnedWhereAllElseIs() throws IOException {
        String all = String.join("", learned(golden("weights"), LossOn.ALL));
        assertEquals(-1, all.indexOf("Midnight"), all);
        assertEquals(true, all.contains("Look again.<|over|>") && all.contains("Noon.<|over|>"), all);
    }

    @Test
    void everySpellingOfAThingIsTheSameThing() throws IOException {
        String calls = "\"tool_calls\": [{\"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": "
                + "{\"a\": 1}}}]";
        String tools = "\"tools\": [{\"name\": \"f\"}]";
        String told = """
                {%s, "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"},
                {"role": "assistant", "content": null, %s}, {"role": "tool", "content": "T"},
                {"role": "assistant", "content": "A", "reasoning_content": "R"}]}""".formatted(tools, calls);
        same(told, """
                {"tools": "[{\\"name\\": \\"f\\"}]", "system": "S", "conversations": [{"from": "human", "value": "U"},
                {"from": "function_call", "value": "{\\"name\\": \\"f\\", \\"arguments\\": {\\"a\\": 1}}"},
                {"from": "observation", "value": "T"}, {"from": "gpt", "value": "A", "reasoning": "R"}]}""");
        same(told, """
                {"tools": ["{\\"name\\": \\"f\\"}"],
                        "messages": [{"role": "developer", "content": [{"type": "text", "text": "S"}]},
                {"role": "USER", "content": ["U"]}, {"role": "assistant", "content": null, "name": null, "tool_calls":
                "[{\\"name\\": \\"f\\", \\"arguments\\": {\\"a\\": 1}}]"}, {"role": "function", "content": "T"},
                {"role": "assistant", "content": "A", "thinking": "R", "weight": 1}]}""");
        same(told, """
                {"tools": [{"name": "f"}],
                        "messages": [{"from": "system", "value": "S"}, {"from": "Human", "value": "U"},
                {"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": {"a": 1}}},
                {"from": "tool", "value": "T"},
                        {"role": "model", "content": "A", "reasoning_content": "R", "train": true}]}""");
        same(told, """
                {"tools": "[{\\"name\\": \\"f\\"}]", "system": "S", "messages":
                "[{\\"role\\": \\"user\\", \\"content\\": \\"U\\"}, {\\"role\\": \\"assistant\\", \\"tool_calls\\":
                [{\\"name\\": \\"f\\", \\"arguments\\": {\\"a\\": 1}}]},
                        {\\"role\\": \\"tool\\", \\"content\\": \\"T\\"},
                {\\"role\\": \\"assistant\\", \\"content\\": \\"A\\", \\"thinking\\": \\"R\\"}]"}""".replace(
                        "\n", " "));
        String history = """
                {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a"},
                        {"role": "assistant", "content": "b"},
                {"role": "user", "content": "U\\n\\nI"}, {"role": "assistant", "content": "A"}]}""";
        same(history, """
                {"instruction": "U", "input": "I", "output": "A", "system": "S", "history": [["a", "b"]]}""");
        same(history, """
                {"instruction": "U", "input": "I", "output": "A", "system_prompt": "S",
                        "history": "[[\\"a\\", \\"b\\"]]"}""");
    }

    @Test
    void everyMarkOfATurnThatIsNoTargetIsObeyed() throws IOException {
        for (String mark : List.of(
                "\"weight\": 0", "\"weight\": 0.0", "\"train\": false", "\"training\": false", "\"loss\": false",
                "\"loss_scale\": 0")) {
            ObjectNode row = json("""
                    {"messages": [{"role": "user", "content": "U", "weight": 0},
                            {"role": "assistant", "content": "wrong", %s},
                    {"role": "user", "content": "no"}, {"role": "assistant", "content": "right"}]}""".formatted(mark));
            assertEquals(List.of("right<|over|>"), learned(row, LossOn.ASSISTANT), mark);
        }
        ObjectNode none = json("""
                {"messages": [{"role": "user", "content": "U"},
                        {"role": "assistant", "content": "x", "loss": false}]}""");
        assertEquals("nothing_to_learn", dropped(none, template()));
    }

    @Test
    void whatCannotBeObeyedIsRefusedByName() {
        refused("{\"role\": \"critic\", \"content\": \"x\"}",
                "messages[1].role: one of system, developer, user, assistant, tool, "
                + "function; got \"critic\"; rename the role, or remove this row");
        refused("{\"role\": \"assistant\", \"content\": \"x\", \"weight\": 0.5}",
                "messages[1].weight: 0 or 1, true or false; got 0.5; "
                + "a turn counts fully or not at all: write 0 or 1, or repeat rows that are to count more");
        refused("{\"role\": \"user\", \"content\": \"x\", \"train\": true}",
                "messages[1].train: nothing to learn but turns of the "
                + "assistant; got a turn of user; remove the field; loss_on: all learns every turn");
        refused("{\"role\": \"assistant\", \"content\": \"x\", \"train_detail\": []}",
                "messages[1].train_detail: turns that are learned "
                + "whole or not at all; got a part of one; remove the field, or write train: false at the turn");
        refused("{\"role\": \"assistant\", \"content\": null}",
                "messages[1].content: a text, which only a turn that calls tools may "
                + "lack; got null; write the text, or remove this row");
        refused("{\"role\": \"assistant\", \"content\": [{\"type\": \"image_url\"}]}",
                "messages[1].content[0]: a part of type text; got "
                + "type \"image_url\"; remove this row, or this part: only text is learned");
        refused("{\"role\": \"assistant\", \"content\": 7}",
                "messages[1].content: a text, or a list of parts of type text; got 7; "
                + "write it as text");
        refused("{\"role\": \"user\", \"content\": \"x\", \"tool_calls\": [{\"name\": \"f\"}]}",
                "messages[1].tool_calls: this field at "
                + "turns of the assistant only; got one of user; remove it there, or mend the role");
        refused("{\"role\": \"assistant\", \"content\": \"\", \"tool_calls\": [{}]}",
                "messages[1].tool_calls: calls with the name of a "
                + "function; got {}; write {\"name\": \"...\", \"arguments\": {...}}");
        refused("{\"role\": \"assistant\", \"content\": \"x\", \"reasoning\": \"a\", \"thinking\": \"b\"}",
                "messages[1].thinking: the same "
                + "as the turn says elsewhere (reasoning_content); got \"b\" beside \"a\"; keep one of the two");
        refused("{\"from\": \"function_call\", \"value\": \"look it up\"}",
                "messages[1].value: JSON, where it is a text; got \"look it "
                + "up\"; write it as a list or an object");
        refused("{\"role\": \"assistant\", \"content\": \"x\"}], \"chat_template_kwargs\": "
                + "{\"add_generation_prompt\": true}, \"x\": [",
                "chat_template_kwargs.add_generation_prompt: variables that nothing else gives; got one that is "
                        + "given already; remove it");
        refused("{\"role\": \"assistant\", \"content\": \"x\"}], \"tools\": {\"name\": \"f\"}, \"x\": [",
                "tools: a list; got {\"name\":\"f\"}; write a list, or its JSON as text");
    }

    @Test
    void whatATemplateNamesNowhereCostsTheRowAndNotTheField() throws IOException {
        ChatTemplate plain = ChatTemplate.parse("plain", CHATML, Map.of(), Clock.systemUTC());
        String turns = "{\"messages\": [{\"role\": \"user\", \"content\": \"U\"}, {\"role\": \"assistant\", "
                + "\"content\": \"A\"%s}]%s}";
        assertEquals("tool_calls_not_in_chat_template",
                dropped(json(turns.formatted(", \"tool_calls\": [{\"name\": \"f\"}]", "")), plain));
        assertEquals("reasoning_not_in_chat_template",
                dropped(json(turns.formatted(", \"thinking\": \"R\"", "")), plain));
        assertEquals("tools_not_in_chat_template",
                dropped(json(turns.formatted("", ", \"tools\": [{\"name\": \"f\"}]")), plain));
        assertEquals("documents_not_in_chat_template",
                dropped(json(turns.formatted("", ", \"documents\": [{\"text\": \"f\"}]")), plain));
        ChatTemplate two = ChatTemplate.parse(
                "two", CHATML.replace("{{", "{% if m.role in ['user', 'assistant'] %}{{")
                .replace("}}", "}}{% endif %}"), Map.of(), Clock.systemUTC());
        ObjectNode system = json(turns.formatted("", ", \"system\": \"S\""));
        assertEquals("system_turn_not_in_chat_template", dropped(system, two));
    }

    @Test
    void thoughtsAreGivenUnderTheNameThatTheTemplateReads() throws IOException {
        ObjectNode row = json("""
                {"messages": [{"role": "user", "content": "U"},
                        {"role": "assistant", "content": "A", "reasoning_content": "R"}]}""");
        for (String name : List.of("reasoning_content", "reasoning", "thinking")) {
            ChatTemplate template = ChatTemplate.parse(
                    "t", CHATML.replace("m.content", "(m." + name + " or '') + m.content"), Map.of(),
                    Clock.systemUTC());
            assertEquals("<|turn|>user\nU<|over|>\n<|turn|>assistant\nRA<|over|>\n",
                    template.render(((Example.Chat) read(row)).conversation(), false).text());
        }
    }

    /// What the curator writes is read by training to the same example.
    @Test
    void aRowOfAnyLayoutIsWrittenAndReadAgainWithAllItsFields() throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(file, """
                {"id": 7, "topic": "time", "tools": "[{\\"name\\": \\"f\\"}]", "system": "S",
                        "conversations": [{"from": "human", "value": "U"},
                 {"from": "gpt", "value": "wrong", "weight": 0}, {"from": "human", "value": "no"},
                         {"from": "gpt", "value": "A", "reasoning": "R"}]}
                """.replace("\n ", " "));
        try (RowStream<Exchange> rows = Exchanges.open(ExampleSource.File.of(file), Quarantine.refuse())) {
            Exchange exchange = rows.iterator().next();
            ObjectNode written = json(exchange.json().toString());
            assertEquals(exchange.example(), Exchange.of(written).example());
            assertEquals("{\"id\":7,\"topic\":\"time\"}", written.deepCopy().without(List.of("messages", "tools"))
                    .toString());
            assertEquals("no", exchange.question());
            assertEquals("<think>\nR\n</think>\n\nA", exchange.answer());
            assertEquals("7", exchange.id());
        }
    }

    private void same(String one, String other) throws IOException {
        assertEquals(
                template().render(((Example.Chat) read(json(one))).conversation(), false).text(),
                template().render(((Example.Chat) read(json(other))).conversation(), false).text());
        assertEquals(learned(json(one), LossOn.ASSISTANT), learned(json(other), LossOn.ASSISTANT));
    }

    private static void refused(String turn, String message) {
        String row = "{\"messages\": [{\"role\": \"user\", \"content\": \"U\"}, " + turn + "]}";
        assertEquals(message, assertThrows(DataException.class, () -> read(json(row))).getMessage());
    }

    private String dropped(ObjectNode row, ChatTemplate template) {
        return ((RowEncoder.Verdict.Dropped) encoder(template, LossOn.ASSISTANT).encode(read(row))).reason();
    }

    /// @return the texts of the tokens that count, one text for each stretch of them
    private List<String> learned(ObjectNode row, LossOn lossOn) throws IOException {
        TokenRow kept = ((RowEncoder.Verdict.Kept) encoder(template(), lossOn).encode(read(row))).row();
        List<String> texts = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i <= kept.ids().length; i++) {
            if (i < kept.ids().length && kept.lossMask()[i]) {
                ids.add((long) kept.ids()[i]);
            } else if (!ids.isEmpty()) {
                texts.add(tokenizer.decode(ids.stream().mapToLong(id -> id).toArray(), false));
                ids.clear();
            }
        }
        return texts;
    }

    private RowEncoder encoder(ChatTemplate template, LossOn lossOn) {
        return new RowEncoder(tokenizer, () -> template, TextMarks.NONE, lossOn, 4_096, TooLong.DROP);
    }

    private static ChatTemplate template() throws IOException {
        return ChatTemplate.parse("ours", resource("chat_template.jinja"), Map.of(), Clock.systemUTC());
    }

    private static ObjectNode golden(String id) throws IOException {
        ObjectNode row = resource("golden.jsonl").lines().map(line -> json(line))
                .filter(each -> each.path("id").textValue().equals(id)).findFirst().orElseThrow();
        row.remove("text");
        return row;
    }

    private static Example read(ObjectNode row) {
        return Exchange.of(row).example();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text, JsonNode.class, "row");
    }

    private static String resource(String name) throws IOException {
        try (var in = ConversationFieldsTest.class.getResourceAsStream("/conversations/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
