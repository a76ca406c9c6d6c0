package dev.socratic.core.template;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.template.TemplateFailure.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private static final TemplateOptions OPTIONS = TemplateOptions.DEFAULT.marking("generation");

    /// What the reference was given beside the values.
    private static final Map<String, TemplateFunction> FUNCTIONS = Map.of(
            "raise_exception", given -> {
                throw TemplateFailure.raised(given.printed("raise_exception", "message"));
            },
            "strftime_now", given -> given.text("strftime_now", "format"));

    /// Enough for any of the small cases, and soon used up by a hostile one.
    private static final TemplateLimits SMALL = new TemplateLimits(300_000, 1_000_000, 8_000_000, 400);

    /// Exceptions the reference divides more finely than we do.
    private static final Map<String, Kind> KINDS = Map.of(
            "TemplateSyntaxError", Kind.SYNTAX,
            "TemplateAssertionError", Kind.SYNTAX,
            "SyntaxError", Kind.SYNTAX,
            "UndefinedError", Kind.UNDEFINED,
            "TypeError", Kind.TYPE,
            "TemplateError", Kind.RAISED,
            "TemplateRuntimeError", Kind.RAISED,
            "SecurityError", Kind.SECURITY,
            "OverflowError", Kind.LIMIT);

    @Test
    void rendersAndFailsAsTheReferenceDoes() throws IOException {
        JsonNode golden = golden("golden.json");
        Map<String, Object> context = context();
        assertTrue(golden.get("cases").size() > 130);
        assertAll(cases(golden).map(one -> () -> asReference(one, OPTIONS, context)));
    }

    @Test
    void strictlyRendersAndFailsAsTheReferenceDoes() throws IOException {
        JsonNode golden = golden("strict_golden.json");
        Map<String, Object> context = context();
        assertTrue(golden.get("cases").size() > 180);
        assertAll(cases(golden).map(one -> () -> asReference(one, OPTIONS.strict(), context)));
    }

    @Test
    void theNamesItTakesFromItsContextAreThoseTheReferenceFinds() throws IOException {
        assertAll(cases(golden("strict_golden.json")).filter(one -> one.has("names")).map(one -> () -> {
            List<String> names = new ArrayList<>();
            one.get("names").forEach(name -> names.add(name.asText()));
            Template template = Template.parse(one.get("source").asText(), OPTIONS);
            assertEquals(names, template.names().keySet().stream().filter(name -> !FUNCTIONS.containsKey(name))
                    .sorted().toList(), one.get("source").asText());
        }));
        String both = "{% if a %}{% set b = 1 %}{% else %}{% set b = 2 %}{% endif %}{{ b }}";
        assertEquals(Set.of("a"), Template.parse(both, OPTIONS).names().keySet());
        assertEquals(Map.of("a", 1, "b", 3), Template.parse("{{ a }}\n\n{{ a|default(b) }}", OPTIONS).names());
    }

    @Test
    void onlyTextAndNamesArePlain() {
        assertTrue(Template.parse("a {{ b }}\n{# c #}{{ d }}", OPTIONS).isPlain());
        for (String source : List.of("{{ a.b }}", "{{ a|upper }}", "{% if a %}{% endif %}", "{{ 1 }}", "{{ a() }}")) {
            assertFalse(Template.parse(source, OPTIONS).isPlain(), source);
        }
    }

    private static JsonNode golden(String file) throws IOException {
        return new ObjectMapper().readTree(Path.of("src/test/resources/template", file).toFile());
    }

    private static Map<String, Object> context() throws IOException {
        Map<String, Object> context = new LinkedHashMap<>();
        golden("golden.json").get("context").properties()
                .forEach(entry -> context.put(entry.getKey(), entry.getValue()));
        return context;
    }

    private static Stream<JsonNode> cases(JsonNode golden) {
        return StreamSupport.stream(golden.get("cases").spliterator(), false);
    }

    private static void asReference(JsonNode golden, TemplateOptions options, Map<String, Object> context) {
        String source = golden.get("source").asText();
        if (golden.has("rendered")) {
            assertEquals(
                    golden.get("rendered").asText(),
                    Template.parse(source, options).render(with(context)).text(), source);
        } else {
            Kind kind = assertThrows(
                    TemplateFailure.class, () -> Template.parse(source, options).render(with(context)), source).kind();
            assertEquals(KINDS.getOrDefault(golden.get("raises").asText(), Kind.VALUE), kind, source);
        }
    }

    @Test
    void markedBlocksAreToldWhereTheyPrint() {
        Template.Output output = output("a{% generation %}bc{% endgeneration %}d{% generation %}{% endgeneration %}");
        assertEquals(List.of(new Template.Span(1, 3), new Template.Span(4, 4)), output.marked());
        Template.Output inside = output("{% macro m() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ m() }}");
        assertTrue(inside.markedInside());
        assertEquals(List.of(), inside.marked());
    }

    @Test
    void failuresNameTheLine() {
        assertEquals(3, failure("a\n\n{{ zz.a }}").line());
        assertEquals("'zz' is undefined", failure("a\n\n{{ zz.a }}").getMessage());
        assertEquals(2, failure("a\n{% if %}").line());
        assertEquals("'include' is not there: a template is one text of its own",
                failure("{% include 'x' %}").getMessage());
        assertEquals("{{ is not closed by }}", failure("a\n{{ b\n c {{ d }}\n").getMessage());
        assertEquals(2, failure("a\n{{ b\n c {{ d }}\n").line());
        assertEquals("{% is not closed by %}", failure("{% if a\nb").getMessage());
        assertEquals("{# is not closed by #}", failure("a {# b %}").getMessage());
        assertEquals("{% raw %} is not closed by {% endraw %}", failure("{% raw %} a").getMessage());
        assertEquals("unknown block 'nope'", failure("{% nope %}").getMessage());
        assertEquals("one of [elif, else, endif] expected; got end of the template",
                failure("{% if a %}b").getMessage());
    }

    @Test
    void aTemplateReachesNothingButItsContext() {
        for (String hostile : List.of(
                "{{ ''.__class__.__mro__ }}", "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ s.class.classLoader }}",
                "{{ self._TemplateReference__context }}", "{{ range.__globals__.os }}",
                "{{ cycler.__init__.__globals__.os }}",
                "{{ (s|attr('__class__')).x }}", "{{ messages.__add__.x }}")) {
            assertEquals(Kind.UNDEFINED, failure(hostile).kind(), hostile);
        }
        for (String changing : List.of("{{ messages.append(1) }}", "{{ messages.clear() }}", "{{ d.pop('a') }}",
                "{{ d.setdefault('q', 1) }}")) {
            assertEquals(Kind.SECURITY, failure(changing).kind(), changing);
        }
    }

    @Test
    void aHostileTemplateIsStoppedSoon() {
        String grow = "{% set ns = namespace(a='aaaaaaaaaaaaaaaa', l=[1]) %}";
        List<String> hostile = List.of(
                "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
                "{{ 'a' * 1000000000 }}",
                "{{ [1] * 1000000000 }}",
                grow + "{% for i in range(99) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
                grow + "{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                grow + "{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson|length }}",
                grow + "{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l == [ns.l[0], "
                        + "ns.l[1]] }}",
                grow + "{% for i in range(90000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                grow + "{% for i in range(99) %}{% set ns.a = ns.a.replace('a', 'aa') %}{% endfor %}",
                grow + "{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m() %}{% call m() %}{{ m() }}{% endcall %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{{ range(100000)|map('string')|map('center', 1000000)|join }}",
                "{{ range(100000)|unique|list|length }}",
                "{{ 'a'.ljust(2000000000) }}", "{{ 'a'.zfill(2000000000) }}", "{{ 'a'|center(2000000000) }}",
                "{{ '%999d' % 1 * 99999999 }}",
                "{{ range(100000)|batch(1000000, 1)|list|length }}{{ range(9)|slice(2000000000)|list|length }}",
                "{% set a = 'a' * 1000000 %}{% for i in range(100000) %}{{ (a ~ 'b') in a }}{% endfor %}",
                "{% set a = 'a' * 10000000 %}{{ ('a' * 5000000 ~ 'b') in a }}{% for i in range(1000) %}{{ "
                        + "a.count('b') }}{% endfor %}",
                "{{ 2 ** 9223372036854775807 }}",
                "(".repeat(20_000), "{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}",
                "{{ " + "not ".repeat(20_000) + "1 }}",
                "{{ " + "-".repeat(20_000) + "1 }}", "{{ " + "[".repeat(20_000), "{{ 1" + " + 1".repeat(20_000) + " }}",
                "{% if a %}".repeat(20_000), "{% if a %}" + "{% elif a %}".repeat(20_000),
                "{{ a" + ".a".repeat(20_000) + " }}");
        for (String source : hostile) {
            String name = source.substring(0, Math.min(source.length(), 120));
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                try {
                    String text = Template.parse(source, OPTIONS.within(SMALL)).render(Map.of()).text();
                    assertTrue(text.length() <= SMALL.text(), name);
                } catch (TemplateFailure stopped) {
                    assertTrue(Set.of(Kind.LIMIT, Kind.SYNTAX, Kind.VALUE, Kind.UNDEFINED).contains(stopped.kind()),
                            name + ": " + stopped);
                }
            }, name);
        }
        assertEquals("the template needs more than 16,000,000 characters in one text",
                failure("{{ 'a' * 1000000000 }}").getMessage());
        assertEquals("the template needs more than 400 levels of nesting",
                failure("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").getMessage());
    }

    @Test
    void randomTemplatesNeverBreakAnythingButThemselves() {
        SplittableRandom random = new SplittableRandom(17);
        List<String> pieces = List.of(
                "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " if ", " for ", " in ", " set ", " endif ", " endfor ",
                "x", "d", ".a", "[0]", "[1:]",
                "(", ")", "[", "]", "{", "}", "|", "tojson", "join", " is ", "defined", "'", "\"", "\\", "1", "2.5",
                ",", "=", "~", "*", "**", "not ",
                "\n", " ", "macro m(a)", " endmacro ", "raw", "endraw", "loop", "none", ":", "%", "é", "😀", "items",
                "sort", "generation", " else ");
        Map<String, Object> context = Map.of("x", "abc", "d", Map.of("a", List.of(1, 2)));
        int rendered = 0;
        for (int round = 0; round < 6_000; round++) {
            StringBuilder source = new StringBuilder(random.nextBoolean() ? "{{ x" : "");
            random.ints(random.nextInt(1, 14), 0, pieces.size()).forEach(piece -> source.append(pieces.get(piece)));
            try {
                render(source.append(random.nextBoolean() ? " }}" : "").toString(), context);
                rendered++;
            } catch (TemplateFailure expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(rendered > 300, "rendered " + rendered);
    }

    private static Template.Output output(String source) {
        return Template.parse(source, OPTIONS).render(Map.of());
    }

    private static Map<String, Object> with(Map<String, ?> context) {
        Map<String, Object> all = new LinkedHashMap<>(FUNCTIONS);
        all.putAll(context);
        return all;
    }

    private static String render(String source, Map<String, Object> context) {
        return Template.parse(source, OPTIONS).render(with(context)).text();
    }

    private static TemplateFailure failure(String source) {
        Map<String, Object> context = Map.of("s", "text", "messages", List.of(1), "d", Map.of("a", 1));
        return assertThrows(TemplateFailure.class, () -> render(source, context), source);
    }
}
