package dev.socratic.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.generator.verify.Check;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenerateConfigTest {
    private static GenerateConfig read(String yaml) {
        return ConfigReader.read(yaml, "generate.yaml", GenerateConfig.class);
    }

    @Test
    void everythingButQuestionsAndTeacherHasADefault() {
        GenerateConfig config = read("""
                questions: {file: {path: /q.jsonl}}
                teacher: {endpoint: {base_url: "https://host/v1/", model: m}}
                """);
        assertEquals("chain_of_thought", config.prompt());
        assertEquals(1, config.samples());
        assertEquals(List.of(Check.values()), config.checks());
        assertEquals(Optional.empty(), config.budget().maxUsd());
        TeacherConfig.Endpoint endpoint = (TeacherConfig.Endpoint) config.teacher();
        assertEquals("https://host/v1", endpoint.baseUrl());
        assertEquals(16, endpoint.concurrency());
        assertTrue(endpoint.cache());
        assertEquals(config, read(ConfigWriter.yaml(config)), "what is written out reads back the same");
    }

    @Test
    void readsEverythingItOffers() {
        GenerateConfig config = read("""
                questions: {file: {path: /q.jsonl, limit: 10}}
                prompt: direct
                teacher: {weights: {path: /teacher, batch: 8}}
                samples: 4
                sampling: {temperature: 0.9, top_p: 0.95, max_tokens: 256, stop: ["###"]}
                checks: [final_answer, truncated]
                limit: 5
                budget: {max_usd: 1.5, max_tokens: 1000}
                reject_limit: 0.25
                seed: 3
                """);
        assertEquals(List.of(Check.TRUNCATED, Check.FINAL_ANSWER), config.checks());
        assertEquals(new GenerationParameters(new Sampling(0.9, 0.95), 256, List.of("###")), config.sampling());
        assertEquals(Optional.of(1000L), config.budget().maxTokens());
        assertEquals(8, ((TeacherConfig.Weights) config.teacher()).batch());
    }

    @Test
    void aKeyWrittenIntoTheConfigIsRefusedAndNotRepeated() {
        for (String teacher : List.of(
                "{base_url: \"https://sk-secret-123@host/v1\", model: m}",
                "{base_url: \"https://host/v1?key=sk-secret-123\", model: m}",
                "{base_url: \"https://host/v1\", model: m, key_env: sk-secret-123}")) {
            ConfigException refused = assertThrows(
                    ConfigException.class, () ->
                            read("questions: {file: {path: /q}}\nteacher: {endpoint: " + teacher + "}\n"));
            assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
            assertTrue(refused.getMessage().contains("environment variable"), refused.getMessage());
        }
    }

    @Test
    void whatAnEndpointIsToldTwiceOrHasNoFieldForIsRefused() {
        String endpoint = "questions: {file: {path: /q}}\nteacher: {endpoint: {base_url: \"https://host/v1\", model: m, "
                + "extra_body: {min_tokens: 3}}}\nsampling: ";
        for (String[] one : List.of(
                new String[] {"{min_tokens: 2}", "each field in one place; got 'min_tokens' here and in the endpoint's "
                        + "extra_body; leave it out there"},
                new String[] {"{prefix: Sure}", "what an endpoint's API has a field for; got 'prefix'; leave it out, or "
                        + "take local weights as the teacher"},
                new String[] {"{constrain: {choice: [yes, no]}}", "what an endpoint's API has a field for; got a "
                        + "'constrain' that is no json_schema; write what the server calls it into extra_body (vLLM: "
                        + "structured_outputs)"},
                new String[] {"{time_limit: 30s}", "what an endpoint's API has a field for; got 'time_limit'; leave it "
                        + "out and bound an answer by max_tokens and the endpoint's timeout"})) {
            String refusal = assertThrows(ConfigException.class, () -> read(endpoint + one[0])).getMessage();
            assertTrue(refusal.endsWith(": sampling: " + one[1]), refusal);
        }
        assertEquals("Sure", read("questions: {file: {path: /q}}\nteacher: {weights: {path: /t}}\n"
                + "sampling: {prefix: Sure}").sampling().prefix());
    }

    @Test
    void refusesWhatCannotBeMeant() {
        for (String line : List.of(
                "samples: 0", "limit: 0", "reject_limit: 1.5", "sampling: {temperature: -1}", "sampling: {top_p: 0}",
                "budget: {max_usd: -1}",
                "checks: [spelling]")) {
            assertThrows(
                    ConfigException.class,
                    () -> read("questions: {file: {path: /q}}\nteacher: {weights: {path: /t}}\n" + line + "\n"),
                    line);
        }
    }
}
