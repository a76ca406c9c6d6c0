package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateFailure.Kind;
import dev.socratic.core.template.TemplateOptions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatFunctionsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-05T09:05:07Z"), ZoneOffset.UTC);

    @Test
    void datesAreTheClocks() {
        assertEquals(
                "05 January 2026|Jan 5, 26|Monday Mon 005|09:05:07 AM 9|2026-01-05 %",
                render("{{ strftime_now('%d %B %Y|%b %-d, %y|%A %a %j|%H:%M:%S %p %-I|%F %%') }}"));
        assertEquals("strftime_now() does not know '%Q'", failure("{{ strftime_now('%Q') }}", Kind.VALUE));
        assertEquals("strftime_now() expects a str, not int", failure("{{ strftime_now(1) }}", Kind.TYPE));
    }

    @Test
    void whatATemplateRaisesIsItsRefusalWhateverItIs() {
        assertEquals("no system", failure("{{ raise_exception('no system') }}", Kind.RAISED));
        assertEquals("[1, 'a']", failure("{{ raise_exception([1, 'a']) }}", Kind.RAISED));
    }

    /// They are of chat templates; the language itself knows neither.
    @Test
    void otherTemplatesHaveThemNot() {
        TemplateFailure failure = assertThrows(TemplateFailure.class, () -> Template
                .parse("{{ strftime_now('%d') }}", TemplateOptions.DEFAULT).render(Map.of()));
        assertEquals("'strftime_now' is undefined", failure.getMessage());
        failure = assertThrows(TemplateFailure.class, () -> Template
                .parse("{% generation %}a{% endgeneration %}", TemplateOptions.DEFAULT));
        assertEquals("unknown block 'generation'", failure.getMessage());
    }

    private static String render(String source) {
        return Template.parse(source, ChatTemplate.OPTIONS).render(ChatFunctions.of(CLOCK)).text();
    }

    private static String failure(String source, Kind kind) {
        TemplateFailure failure = assertThrows(TemplateFailure.class, () -> render(source));
        assertEquals(kind, failure.kind());
        return failure.getMessage();
    }
}
