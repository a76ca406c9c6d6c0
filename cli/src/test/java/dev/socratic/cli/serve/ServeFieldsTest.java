package dev.socratic.cli.serve;

import static dev.socratic.cli.serve.Wire.CHAT;
import static dev.socratic.cli.serve.Wire.body;
import static dev.socratic.cli.serve.Wire.content;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.Constraint;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every field of a request is obeyed, or refused by its name.
class ServeFieldsTest {
    private static final SpellingModel MODEL = new SpellingModel();
    private static final OpenAiServer SERVER = OpenAiServer.start(MODEL, 0);
    private static final Wire WIRE = Wire.to(SERVER);

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static void refused(String more, String message) throws Exception {
        WIRE.refused(body("a", more), message);
        String field = message.substring(0, message.indexOf(':'));
        assertEquals(field, WIRE.chat(body("a", more), 400).at("/error/param").asText());
    }

    private static void messages(String messages, String message) throws Exception {
        WIRE.refused("{\"messages\": " + messages + "}", message);
    }

    @Test
    void aBodyThatIsNoRequestIsSaid() throws Exception {
        assertTrue(WIRE.chat("not json", 400).at("/error/message").asText().startsWith("the body is not JSON: "));
        WIRE.refused("[]", "the body must be a JSON object with 'messages'");
        WIRE.refused("", "the body must be a JSON object with 'messages'");
        WIRE.refused("{}", "messages: a list of at least one {\"role\", \"content\"} expected; got nothing");
        assertTrue(WIRE.chat("{} x", 400).at("/error/message").asText().startsWith("the body is not JSON: "),
                "something behind it");
        assertTrue(WIRE.chat(body("a", "\"seed\": 1, \"seed\": 2"), 400).at("/error/message").asText()
                .contains("Duplicate field 'seed'"));
        assertTrue(WIRE.chat("{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000), 400).at("/error/message").asText()
                .startsWith("the body is not JSON: "));
        assertTrue(WIRE.chat("{\"messages\": [" + "{},".repeat(600_000) + "{}]}", 400).at("/error/message").asText()
                .startsWith("the body is not JSON: "),
                "a body that takes a hundred times its room in memory");
        byte[] latin = body("h\u00e9", "").getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> reply = WIRE.send(WIRE.request(CHAT).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(latin)).build());
        assertEquals("the body is not UTF-8: write JSON in UTF-8", Wire.json(reply, 400).at("/error/message").asText());
    }

    @Test
    void whatIsOfTheWrongKindOrOutOfRangeIsNamed() throws Exception {
        refused("\"temperature\": -1", "temperature: a number from 0 to 100; got -1.0; 0 takes the likeliest token");
        refused("\"temperature\": \"hot\"", "temperature: a number expected; got \"hot\"");
        refused("\"top_p\": 0", "top_p: a number above 0 and at most 1; got 0.0; 1 keeps every token");
        refused("\"min_p\": 1.5", "min_p: a number from 0 to 1; got 1.5; 0 keeps every token");
        refused("\"top_k\": 0.5", "top_k: an integer expected; got 0.5");
        refused("\"top_k\": -2", "top_k: at least 1, or 0; got -2; 0 keeps every token");
        refused("\"max_tokens\": 65", "max_tokens: an integer from 1 to 64 expected; got 65");
        refused("\"max_tokens\": 3, \"max_completion_tokens\": 4",
                "max_tokens: the same as max_completion_tokens, 4, expected; got 3; leave one of the two out");
        refused("\"n\": 0", "n: an integer from 1 to 128 expected; got 0");
        refused("\"seed\": 1.5", "seed: an integer expected; got 1.5");
        refused("\"stop\": [\"\"]",
                "stop: a text, or a list of at most 16, none empty or longer than 1000 characters, expected; "
                        + "got [\"\"]");
        refused("\"stop\": 5", "stop: a text, or a list of at most 16, none empty or longer than 1000 "
                + "characters, expected; got 5");
        refused("\"stream\": \"yes\"", "stream: true or false expected; got \"yes\"");
        refused("\"model\": 5", "model: a text expected; got 5");
        refused("\"stream_options\": {\"include_usage\": true}",
                "stream_options: 'stream': true expected beside it; leave the field out");
        refused("\"stream\": true, \"stream_options\": {\"include_obfuscation\": true}",
                "stream_options.include_obfuscation: this server knows no such field; leave it out; known here: "
                        + "include_usage");
        refused("\"frequency_penalty\": \"x\"", "frequency_penalty: a number expected; got \"x\"");
        refused("\"presence_penalty\": 3",
                "presence_penalty: a number from -2 to 2; got 3.0; 0 changes nothing");
        refused("\"repetition_penalty\": 0", "repetition_penalty: a number above 0 and at most 100; got 0.0; 1 "
                + "changes nothing");
        refused("\"typical_p\": 0", "typical_p: a number above 0 and at most 1; got 0.0; 1 keeps every token");
        refused("\"logit_bias\": {\"the\": 1}", "logit_bias: token ids with a number each, such as {\"42\": -100}, "
                + "expected; got 'the': 1");
        refused("\"logit_bias\": {\"5\": 101}", "logit_bias: a number from -100 to 100 for each token; got "
                + "101.0 for 5; -100 all but forbids it");
        refused("\"min_tokens\": 9, \"max_tokens\": 4", "min_tokens: at most max_tokens, 4; got 9; raise "
                + "max_tokens or lower min_tokens");
        refused("\"stop_token_ids\": [1, \"a\"]",
                "stop_token_ids: a list of at most 16 token ids expected; got [1,\"a\"]");
        refused("\"ignore_eos\": true, \"stop\": \"x\"",
                "ignore_eos: false expected beside stop or stop_token_ids; got true; leave one out");
        refused("\"reasoning_format\": \"loud\"", "reasoning_format: 'auto', 'deepseek' (thoughts in "
                + "reasoning_content) or 'none' (as the model writes them) expected; got 'loud'");
        assertEquals("model: 'gpt' is not served here; write 'org/speller' or leave it out",
                WIRE.chat(body("a", "\"model\": \"gpt\""), 404).at("/error/message").asText());
    }

    @Test
    void whatThisServerDoesNotDoIsRefused() throws Exception {
        refused("\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]", "tools: the model's chat "
                + "template reads no tools; leave the field out, or serve a model that was trained to call them");
        refused("\"tool_choice\": \"required\"",
                "tool_choice: 'auto' or 'none' expected without tools; got \"required\"");
        refused("\"best_of\": 3",
                "best_of: every answer that is written is sent; leave the field out or give 1, and ask for "
                        + "several with n; got 3");
        refused("\"echo\": true", "echo: this server repeats no messages; leave the field out or give false; got true");
        refused("\"logprobs\": true", "logprobs: 'org/speller' gives no log probabilities; leave the field out");
        refused("\"response_format\": {\"type\": \"xml\"}",
                "response_format.type: 'text', 'json_object' or 'json_schema' expected; got 'xml'");
        refused("\"response_format\": {\"type\": \"json_schema\"}",
                "response_format.json_schema: {\"name\", \"schema\"} expected; got nothing");
        refused("\"guided_choice\": []", "guided_choice: a list of at least one text expected; got []");
        refused("\"guided_choice\": [\"a\"], \"structured_outputs\": {\"regex\": \"a\"}",
                "guided_choice: nothing expected beside structured_outputs.regex; leave one of them out");
        refused("\"service_tier\": \"flex\"",
                "service_tier: there is one service only; leave the field out or give 'auto'; got \"flex\"");
        refused("\"store\": true", "store: this server keeps nothing; leave the field out or give false; got true");
        for (String field : new String[] {"enable_thinking", "reasoning_effort"}) {
            refused("\"%s\": false".formatted(field),
                    field + ": what a chat template reads stands in chat_template_kwargs here: write it there; "
                            + "got false");
        }
        String unknown = WIRE.chat(body("a", "\"temprature\": 1"), 400).at("/error/message").asText();
        assertTrue(unknown.startsWith("temprature: this server knows no such field; leave it out; "
                + "docs/serving.md lists what it knows"), unknown);
    }

    @Test
    void howTokensAreDrawnReachesTheModel() throws Exception {
        WIRE.chat(body("a", """
                "repetition_penalty": 1.5, "presence_penalty": 0.25, "frequency_penalty": -1, "typical_p": 0.5,
                "logit_bias": {"7": -100, "3": 2.5}, "min_tokens": 3, "max_tokens": 5, "stop_token_ids": [9, 8]"""), 200);
        assertEquals(new GenerationParameters(
                new Sampling(1, 1, 0, 0, 0.5, new Penalties(1.5, 0.25, -1), Map.of(7, -100.0, 3, 2.5)), 5, List.of(),
                new Limits(3, List.of(8L, 9L), Optional.empty()), ""), MODEL.parameters);
        WIRE.chat(body("a", "\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"n\", "
                + "\"strict\": true, \"schema\": {\"type\": \"integer\"}}}"), 200);
        assertEquals(Optional.of(new Constraint.JsonSchema(Map.of("type", "integer"))), MODEL.parameters.constrain());
        WIRE.chat(body("a", "\"structured_outputs\": {\"choice\": [\"yes\", \"no\"]}"), 200);
        assertEquals(Optional.of(new Constraint.Choice(List.of("yes", "no"))), MODEL.parameters.constrain());
        WIRE.chat(body("a", "\"guided_regex\": \"[0-9]+\""), 200);
        assertEquals(Optional.of(new Constraint.Regex("[0-9]+")), MODEL.parameters.constrain());
        WIRE.chat(body("a", "\"ignore_eos\": true, \"max_tokens\": 6"), 200);
        assertEquals(6, MODEL.parameters.limits().minTokens(), "an end token does not come at all");
    }

    /// Clients that always send every field send these.
    @ParameterizedTest
    @ValueSource(strings = {
        "\"frequency_penalty\": 0, \"presence_penalty\": 0.0, \"repetition_penalty\": 1, \"logit_bias\": {}",
                "\"tools\": [], \"tool_choice\": \"none\"",
        "\"n\": null, \"stop\": null, \"tools\": null, \"response_format\": null, \"logprobs\": null",
                "\"logprobs\": false, \"top_logprobs\": 0",
        "\"user\": \"u\", \"metadata\": {\"a\": \"b\"}, \"store\": false, \"service_tier\": \"auto\"",
                "\"response_format\": {\"type\": \"text\"}",
        "\"modalities\": [\"text\"], \"best_of\": 1, \"echo\": false",
                "\"top_k\": -1, \"min_p\": 0, \"ignore_eos\": false, \"min_tokens\": 0",
        "\"top_k\": 5, \"min_p\": 0.1",
                "\"chat_template_kwargs\": {}, \"add_generation_prompt\": true, \"continue_final_message\": false"
    })
    void whatChangesNothingIsTaken(String more) throws Exception {
        assertEquals("a", content(WIRE.chat(body("a", "\"temperature\": 0, " + more), 200), 0));
    }

    @Test
    void whatTheTemplateReadsReachesItAndNothingElseIsTaken() throws Exception {
        assertEquals("calm a", content(WIRE.chat(body("a",
                "\"temperature\": 0, \"chat_template_kwargs\": {\"mood\": \"calm\"}"), 200), 0));
        String why = ": a variable that the model's chat template reads, and nobody else sets, expected; leave it out";
        refused("\"chat_template_kwargs\": {\"mod\": \"calm\"}", "chat_template_kwargs.mod" + why);
        refused("\"chat_template_kwargs\": {\"messages\": []}", "chat_template_kwargs.messages" + why);
        refused("\"chat_template_kwargs\": 5", "chat_template_kwargs: an object expected; got 5");
        refused("\"continue_final_message\": true",
                "continue_final_message: a last message of the assistant expected; got one of 'user'");
        refused("\"continue_final_message\": true, \"add_generation_prompt\": true",
                "add_generation_prompt: false expected beside "
                + "continue_final_message; got true; the last message goes on, or it is answered");
    }

    @Test
    void messagesOfAgentsReachTheTemplate() throws Exception {
        String call = "{\"id\": \"c1\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": "
                + "\"{\\\"x\\\": 1}\"}}";
        String talk = "{\"temperature\": 0, \"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": "
                + "\"assistant\", %s\"tool_calls\": [" + call
                + "]}, {\"role\": \"tool\", \"tool_call_id\": \"c1\", \"content\": \"4\"}]}";
        String wanted = "[{\"id\":\"c1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}] 4";
        for (String silence : new String[] {"", "\"content\": null, ", "\"content\": \"\", "}) {
            assertEquals(wanted, content(WIRE.chat(talk.formatted(silence), 200), 0),
                    "arguments come as text and go as a value");
        }
    }

    @Test
    void whatIsWrongInAMessageIsNamedWithItsPlace() throws Exception {
        messages("[{\"role\": \"robot\", \"content\": \"x\"}]",
                "messages[0].role: one of system, user, assistant, tool expected; got 'robot'");
        messages("[{\"role\": \"user\"}]", "messages[0].content: a text expected; got nothing");
        messages("[{\"role\": \"user\", \"content\": null}]", "messages[0].content: a text expected; got null");
        messages("[{\"role\": \"assistant\", \"content\": null}]", "messages[0].content: a text expected; got null");
        messages("[\"hi\"]", "messages[0]: {\"role\", \"content\"} expected; got \"hi\"");
        messages("[{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]",
                "messages[0].content: this server reads parts of type 'text' only; got 'image_url'");
        messages("[{\"role\": \"assistant\", \"content\": \"x\", \"reasoning_content\": \"hm\"}]",
                "messages[0].reasoning_content: the model's chat template writes no such field; leave it out");
        messages("[{\"role\": \"user\", \"content\": \"x\", \"tool_calls\": [{\"function\": {\"name\": \"f\"}}]}]",
                "messages[0].tool_calls: a message of the assistant expected with this field; got one of 'user'");
        messages("[{\"role\": \"assistant\", \"content\": \"x\", \"tool_calls\": [{\"name\": \"f\"}]}]",
                "messages[0].tool_calls: calls such as "
                + "{\"type\": \"function\", \"function\": {\"name\", \"arguments\"}} expected; got {\"name\":\"f\"}");
        messages("[{\"role\": \"assistant\", \"content\": \"x\", \"tool_calls\": [{\"function\": {\"name\": "
                + "\"f\", \"arguments\": \"{\"}}]}]",
                "messages[0].tool_calls: arguments that are JSON expected; got \"{\"");
        messages("[{\"role\": \"user\", \"content\": \"x\", \"weight\": 0}]",
                "messages[0].weight: this server knows no such field; leave it out; known here: "
                        + "audio, content, function_call, name, reasoning_content, refusal, role, tool_call_id, "
                        + "tool_calls");
    }

    @Test
    void completionsAreCheckedTheSameWay() throws Exception {
        String why = "a list of token ids, or a list of such lists; got %s; tokenize the text with the model's "
                + "own tokenizer";
        completion("\"prompt\": 5", "prompt: " + why.formatted("5"));
        completion("\"max_tokens\": 3", "prompt: " + why.formatted("nothing"));
        completion("\"prompt\": [\"a\", 5]", "prompt[1]: a text, as the first one, expected; got 5");
        completion("\"prompt\": \"a\", \"suffix\": \"b\"",
                "suffix: this server continues prompts and fills no gaps; leave the field out; got \"b\"");
        completion("\"prompt\": \"a\", \"best_of\": 2",
                "best_of: every answer that is written is sent; leave the field out or give 1, and ask for "
                        + "several with n; got 2");
        completion("\"prompt\": \"a\", \"logprobs\": 21", "logprobs: an integer from 0 to 20 expected; got 21");
        completion("\"prompt\": \"a\", \"stream\": true, \"echo\": true",
                "stream: false expected beside echo, which comes with whole answers only");
        completion("\"prompt\": [%s\"a\"]".formatted("\"a\", ".repeat(64)) + ", \"n\": 2",
                "prompt: at most 128 answers in a request expected; got 65 prompts times 2; send several requests");
        completion("\"prompt\": \"a\", \"prompt_logprobs\": 1",
                "prompt_logprobs: 'org/speller' gives no log probabilities; local weights do; leave the field out");
        String unknown = WIRE.post("/v1/completions", "{\"prompt\": \"a\", \"promt\": 1}", 400).at("/error/message")
                .asText();
        assertTrue(unknown.startsWith("promt: this server knows no such field; leave it out; docs/serving.md "
                + "lists what it knows"),
                unknown);
    }

    private static void completion(String fields, String message) throws Exception {
        assertEquals(message, WIRE.post("/v1/completions", "{" + fields + "}", 400).at("/error/message").asText());
    }
}
