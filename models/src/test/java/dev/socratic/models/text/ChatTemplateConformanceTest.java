package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Templates that models really ship. They are not part of the project: found by the property or variable
/// `SOCRATIC_SHARED`, else beside the repository.
class ChatTemplateConformanceTest {
    private final Path folder = folder();
    private final JsonNode cases = cases();
    private final Clock clock = Clock.fixed(LocalDateTime.parse(cases.get("now").asText()).toInstant(ZoneOffset.UTC),
            ZoneOffset.UTC);

    @Test
    void everyRenderIsByteEqualAndEveryRaiseIsOfItsKind() {
        List<Executable> checks = new ArrayList<>();
        int[] counts = new int[2];
        cases.get("expected").properties().forEach(template -> template.getValue().properties().forEach(expected -> {
            counts[expected.getValue().has("rendered") ? 0 : 1]++;
            checks.add(() -> check(template.getKey(), expected.getKey(), expected.getValue()));
        }));
        assertAll(checks);
        assertEquals(121, counts[0]);
        assertEquals(19, counts[1]);
    }

    private void check(String name, String context, JsonNode expected) throws IOException {
        Template template = Template.parse(source(name), ChatTemplate.OPTIONS);
        if (expected.has("rendered")) {
            assertEquals(expected.get("rendered").asText(),
                    template.render(seen(context)).text(), name + " " + context);
        } else {
            TemplateFailure failure = assertThrows(
                    TemplateFailure.class, () ->
                            template.render(seen(context)), name + " " + context);
            assertEquals(expected.get("raises").asText(), failure.kind().reference(), name + " " + context);
        }
    }

    @Test
    void whatTheAssistantWroteIsFoundInRealTemplates() {
        String whole = "<think>\nsum\n</think>\n\n4";
        String call = "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\", \"n\": 3}}";
        assertAll(
                span("deepseek_r1", "nogen", "\n\n4<｜end▁of▁sentence｜>"),
                span("deepseek_v31", "nogen", "\n\n4<｜end▁of▁sentence｜>"),
                span("gemma2", "multi", whole + "<end_of_turn>"),
                span("gpt_oss", "multi", "<|channel|>final<|message|>" + whole + "<|end|>"),
                span("gpt_oss", "nogen", "<|channel|>final<|message|>" + whole + "<|return|>"),
                span("gpt_oss", "toolcall",
                        " to=functions.get_weather<|channel|>commentary json<|message|>{\"city\": \"Paris\", \"n\": "
                                + "3}<|call|>"),
                span("granite33", "multi", whole + "<|end_of_text|>"),
                span("kimi_k2", "multi", whole + "<|im_end|>"),
                span("llama31", "nogen", whole + "<|eot_id|>"),
                span("llama31", "toolcall", "<|eot_id|>"),
                span("llama32", "toolcall",
                        "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\", \"n\": 3}}<|eot_id|>"),
                span("mistral_small", "multi", " " + whole + "</s>"),
                span("nemotron_mini4b", "nogen", whole),
                span("phi35", "nogen", whole + "<|end|>"),
                span("qwen25", "toolcall", "<tool_call>\n" + call + "\n</tool_call><|im_end|>"),
                span("qwen3", "multi", "4<|im_end|>"),
                span("qwen3", "nogen", whole + "<|im_end|>"),
                span("qwen3", "toolcall", "<tool_call>\n" + call + "\n</tool_call><|im_end|>"),
                span("smollm2", "multi", whole + "<|im_end|>"),
                // Its own generation marks, header and newline included.
                span("smollm3", "nogen", "<|im_start|>assistant\n" + whole + "<|im_end|>\n"),
                span("zephyr", "multi", whole + "</s>"));
    }

    private Executable span(String name, String context, String written) {
        return () -> {
            Map<String, Object> values = context(context);
            values.put("add_generation_prompt", false);
            Rendered rendered = ChatTemplate.parse(name, source(name), Map.of(), clock).render(values, clock);
            assertEquals(List.of(written), ChatTemplateTest.written(rendered), name + " " + context);
        };
    }

    private Map<String, Object> seen(String context) {
        Map<String, Object> seen = new LinkedHashMap<>(ChatFunctions.of(clock));
        seen.putAll(context(context));
        return seen;
    }

    private Map<String, Object> context(String name) {
        Map<String, Object> context = new LinkedHashMap<>();
        cases.get("contexts").get(name).properties().forEach(entry -> context.put(entry.getKey(), entry.getValue()));
        return context;
    }

    private String source(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".jinja"));
    }

    private JsonNode cases() {
        try {
            return new ObjectMapper().readTree(folder.resolve("cases.json").toFile());
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Path folder() {
        Optional<Path> found = Stream.of(System.getProperty("SOCRATIC_SHARED", ""),
                System.getenv().getOrDefault("SOCRATIC_SHARED", ""), "../shared", "../../shared")
                .filter(name -> !name.isEmpty())
                .map(name -> Path.of(name).resolve("conformance/chat-templates"))
                .filter(Files::isDirectory)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(),
                "no chat-template cases: set SOCRATIC_SHARED to the folder that holds conformance/");
        return found.get();
    }
}
