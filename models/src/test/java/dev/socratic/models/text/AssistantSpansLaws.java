package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.template.Template.Span;
import dev.socratic.models.text.ChatTemplate.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
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

/// What holds for the spans of every template that models really ship, over conversations of several turns, with
/// reasoning and with tools. The templates are found as in [ChatTemplateConformanceTest].
class AssistantSpansLaws {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-15T09:30:00Z"), ZoneOffset.UTC);
    private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>", "pad_token",
            "<pad>", "unk_token", "<unk>");

    private static final List<Map<String, Object>> PLAIN = List.of(message("user", "Qone"),
            message("assistant", "Aone"), message("user", "Qtwo"),
            message("assistant", "Atwo"), message("user", "Qthree"), message("assistant", "Athree"));
    private static final List<Map<String, Object>> REASONED = List.of(message("system", "Sys"), message("user", "Qone"),
            message("assistant", "<think>\nRone\n</think>\n\nAone"), message("user", "Qtwo"),
            message("assistant", "<think>\nRtwo\n</think>\n\nAtwo"));
    private static final List<Map<String, Object>> TOOLS = List.of(message("user", "Qone"), call("Carg"),
            result("Tout"), message("assistant", "Aone"),
            message("user", "Qtwo"), message("assistant", "Atwo"));

    private static Map<String, Object> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }

    private static Map<String, Object> call(String argument) {
        return Map.of("role", "assistant", "content", "", "tool_calls",
                List.of(Map.of("id", "abcdefghi", "type", "function", "function",
                Map.of("name", "look", "arguments", Map.of("at", argument)))));
    }

    private static Map<String, Object> result(String content) {
        return Map.of("role", "tool", "tool_call_id", "abcdefghi", "name", "look", "content", content);
    }

    /// Every word the assistant wrote and the template kept lies in its turn's span, and no word of anybody else lies
    /// in any.
    @Test
    void spansHoldWhatTheAssistantWroteAndNothingElse() throws IOException {
        List<Executable> checks = new ArrayList<>();
        int[] checked = {0};
        for (Path file : templates()) {
            String name = file.getFileName().toString();
            ChatTemplate template = ChatTemplate.parse(name, Files.readString(file), Map.of(), CLOCK);
            Map.of("plain", PLAIN, "reasoned", REASONED, "tools", TOOLS, "declared", TOOLS)
                    .forEach((kind, messages) -> {
                for (boolean prompt : new boolean[] {false, true}) {
                    for (int cut = 2; cut <= messages.size(); cut++) {
                        List<Map<String, Object>> part = messages.subList(0, cut);
                        Map<String, Object> context = context(part, prompt);
                        if (kind.equals("declared")) {
                            context.put("tools",
                                    List.of(Map.of("type", "function", "function",
                                            Map.of("name", "look", "description", "Looks", "parameters",
                                    Map.of("type", "object", "properties",
                                            Map.of("at", Map.of("type", "string", "description", "Place")), "required",
                                            List.of("at"))))));
                        }
                        boolean renders = renders(template, context);
                        if (renders && part.stream().anyMatch(m -> m.get("role").equals("assistant"))) {
                            checked[0]++;
                            String what = "%s %s %s %s".formatted(name, kind, cut, prompt);
                            checks.add(() -> holds(template, context, part, what));
                        }
                    }
                }
            });
        }
        assertAll(checks);
        assertTrue(checked[0] > 300, "checked only " + checked[0]);
    }

    private static void holds(ChatTemplate template, Map<String, Object> context, List<Map<String, Object>> messages,
            String what) {
        Rendered rendered = template.annotated(context, CLOCK);
        String text = rendered.text();
        assertEquals(template.text(context, CLOCK), text, what);
        List<Map<String, Object>> turns = messages.stream().filter(m -> m.get("role").equals("assistant")).toList();
        assertEquals(turns.size(), rendered.assistantSpans().size(), what + "\n" + text);
        StringBuilder outside = new StringBuilder();
        int at = 0;
        for (int i = 0; i < turns.size(); i++) {
            Span span = rendered.assistantSpans().get(i);
            assertTrue(span.start() >= at && span.end() <= text.length(), what + ": spans overlap\n" + text);
            outside.append(text, at, span.start());
            String written = text.substring(span.start(), span.end());
            at = span.end();
            for (String word : words(turns.get(i))) {
                assertEquals(count(text, word), count(written, word),
                        what + ": '" + word + "' is not wholly in '" + written + "'\n" + text);
            }
            for (String other : List.of("Qone", "Qtwo", "Qthree", "Sys", "Tout")) {
                assertEquals(0, count(written, other), what + ": '" + other + "' in '" + written + "'\n" + text);
            }
        }
        outside.append(text, at, text.length());
        for (String own : List.of("Aone", "Atwo", "Athree", "Rone", "Rtwo", "Carg")) {
            assertEquals(0, count(outside.toString(), own), what + ": '" + own + "' outside the spans\n" + text);
        }
        for (String other : List.of("Qone", "Qtwo", "Qthree", "Sys", "Tout")) {
            assertEquals(count(text, other), count(outside.toString(), other), what);
        }
    }

    /// In a conversation of plain turns every span is `text, end of turn`, with the same end in every turn but
    /// perhaps the last.
    @Test
    void plainTurnsAreTheirTextAndOneEnd() throws IOException {
        List<Executable> checks = new ArrayList<>();
        for (Path file : templates()) {
            ChatTemplate template = ChatTemplate.parse(file.getFileName().toString(), Files.readString(file), Map.of(),
                    CLOCK);
            Map<String, Object> context = context(PLAIN, false);
            if (renders(template, context)) {
                checks.add(() -> {
                    Rendered rendered = template.annotated(context, CLOCK);
                    List<String> written = ChatTemplateTest.written(rendered);
                    String end = written.getFirst().substring(written.getFirst().indexOf("Aone") + 4);
                    String begin = written.getFirst().substring(0, written.getFirst().indexOf("Aone"));
                    assertEquals(begin + "Atwo" + end, written.get(1), file + "\n" + rendered.text());
                    assertTrue(written.get(2).startsWith(begin) || written.get(2).endsWith("Athree" + end),
                            file + ": " + written + "\n" + rendered.text());
                    assertTrue(written.get(2).contains("Athree"), file + ": " + written);
                });
            }
        }
        assertTrue(checks.size() >= 18, "only " + checks.size() + " templates render plain turns");
        assertAll(checks);
    }

    private static List<String> words(Map<String, Object> turn) {
        return Stream.of("Aone", "Atwo", "Athree", "Rone", "Rtwo", "Carg")
                .filter(word -> turn.toString().contains(word)).toList();
    }

    private static int count(String text, String word) {
        return text.split(word, -1).length - 1;
    }

    private static boolean renders(ChatTemplate template, Map<String, Object> context) {
        try {
            template.text(context, CLOCK);
            return true;
        } catch (DataException refused) {
            return false;
        }
    }

    private static Map<String, Object> context(List<Map<String, Object>> messages, boolean prompt) {
        Map<String, Object> context = new LinkedHashMap<>(TOKENS);
        context.put("messages", messages);
        context.put("add_generation_prompt", prompt);
        return context;
    }

    private static List<Path> templates() throws IOException {
        Optional<Path> found = Stream.of(System.getProperty("SOCRATIC_SHARED", ""),
                System.getenv().getOrDefault("SOCRATIC_SHARED", ""), "../shared", "../../shared")
                .filter(name -> !name.isEmpty())
                .map(name -> Path.of(name).resolve("conformance/chat-templates"))
                .filter(Files::isDirectory)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(),
                "no chat-template cases: set SOCRATIC_SHARED to the folder that holds conformance/");
        try (Stream<Path> list = Files.list(found.get())) {
            return list.filter(file -> file.toString().endsWith(".jinja")).sorted().toList();
        }
    }
}
