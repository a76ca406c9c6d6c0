package dev.socratic.core.licence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputTermsTest {
    @Test
    void aFamilyIsKnownByItsModelsName() {
        for (String one : List.of(
                "gpt-4o-mini=OpenAI", "o3-mini=OpenAI", "openai/gpt-5=OpenAI", "gpt-oss-20b=", "claude-sonnet-4-5=Anthropic",
                "gemini-2.5-pro=Google Gemini API", "meta-llama/Meta-Llama-3-8B-Instruct=Llama 3",
                "meta-llama/Llama-3.2-1B=Llama 3.1 and later", "Llama-2-7b-chat-hf=Llama 2",
                "Llama-4-Scout-17B-16E=Llama 3.1 and later", "google/gemma-2-9b-it=Gemma",
                "Qwen/Qwen2.5-72B-Instruct=Qwen License Agreement", "Qwen/Qwen2.5-7B-Instruct=", "Qwen3-8B=",
                "Qwen-7B-Chat=Tongyi Qianwen License Agreement", "dbrx-instruct=DBRX", "DeepSeek-R1=",
                "SmolLM2-135M-Instruct=", "olmo-2=", "grok-3=xAI")) {
            String[] parts = one.split("=", -1);
            assertEquals(parts[1], OutputTerms.of(parts[0], Optional.empty(), Optional.empty())
                    .map(OutputTerms::family).orElse(""), parts[0]);
        }
    }

    @Test
    void aLicenceThatIsNamedDecidesAlone() {
        assertEquals("Gemma", OutputTerms.of("mine", Optional.of("gemma"), Optional.empty()).orElseThrow().family());
        assertEquals(Optional.empty(), OutputTerms.of("llama-3-8b", Optional.of("apache-2.0"), Optional.empty()));
        assertEquals("Llama 3",
                OutputTerms.of("llama-3-8b", Optional.of("other"), Optional.empty()).orElseThrow().family());
    }

    @Test
    void anEndpointIsKnownByItsAddressWhateverItCallsTheModel() {
        assertEquals("OpenAI", OutputTerms.of("mine", Optional.empty(),
                Optional.of("https://api.openai.com/v1")).orElseThrow().family());
        assertEquals("OpenAI", OutputTerms.of("deployment-1", Optional.empty(),
                Optional.of("https://us.openai.azure.com/openai/v1?api-version=1")).orElseThrow().family());
        assertEquals(Optional.empty(), OutputTerms.of("mine", Optional.empty(),
                Optional.of("https://notapi.openai.com.example/v1")));
    }

    @Test
    void everyEntrySaysWhereToReadItAndHowOldTheReadingIs() {
        for (OutputTerms terms : OutputTerms.all()) {
            assertTrue(terms.url().startsWith("https://"), terms.family());
            assertTrue(terms.dated().matches("20[0-9]{2}-[0-9]{2}(-[0-9]{2})?"), terms.family());
            assertTrue(terms.licences().size() + terms.models().size() + terms.hosts().size() > 0, terms.family());
        }
        assertEquals(OutputTerms.all().size(),
                new HashSet<>(OutputTerms.all().stream().map(OutputTerms::family).toList()).size());
        assertTrue(Arrays.stream(OutputTerms.Rule.values()).allMatch(rule ->
                OutputTerms.all().stream().anyMatch(terms -> terms.rule() == rule)));
    }

    @Test
    void inOneClauseItSaysWhoseTermsWhatTheySayAndWhereToReadThem() {
        assertEquals("terms of DBRX (2024-03-27): the model and its output may not be used to improve any other large "
                + "language model than DBRX; read https://www.databricks.com/legal/open-model-license",
                OutputTerms.of("dbrx-base", Optional.empty(), Optional.empty()).orElseThrow().toString());
    }
}
