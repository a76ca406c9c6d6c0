package dev.socratic.prompts;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.template.Template;
import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.text.ChatMessage;
import java.util.Map;

/// One turn of a template.
///
/// @param role     `system`, `user` or `assistant`
/// @param example  whether it is told once for each example
/// @param template its text
/// @param file     where it stands, for messages
/// @param before   lines of the file before the first of its text
public record Section(String role, boolean example, Template template, String file, int before) {
    /// @param values all that the template reads
    /// @throws ConfigException if its filters and operators cannot work with these values, or it takes too long
    ChatMessage fill(Map<String, ?> values) {
        try {
            String text = template.render(values).text();
            return new ChatMessage(role, template.isPlain() ? text : trimmed(text));
        } catch (TemplateFailure failure) {
            throw refused(failure);
        }
    }

    /// @return the text without the empty lines at its ends, which blocks leave behind
    private static String trimmed(String text) {
        int end = text.length();
        for (int at = text.lastIndexOf('\n'); at >= 0 && text.substring(at + 1, end).isBlank(); ) {
            end = at;
            at = text.lastIndexOf('\n', end - 1);
        }
        int from = 0;
        for (int at = text.indexOf('\n'); at >= 0 && at < end && text.substring(from, at).isBlank(); ) {
            from = at + 1;
            at = text.indexOf('\n', from);
        }
        return text.substring(from, end);
    }

    private ConfigException refused(TemplateFailure failure) {
        String place = file + ":" + (before + Math.max(1, failure.line()));
        String said = "'" + failure.getMessage() + "'";
        return switch (failure.kind()) {
            case SYNTAX, RAISED -> new ConfigException(place, "a template in Jinja", said, "mend it", failure);
            case UNDEFINED -> new ConfigException(
                    place, "values and fields that are there", said,
                    "correct the name, or ask first: {{ x | default('') }}, {% if x is defined %}", failure);
            case TYPE, VALUE -> new ConfigException(
                    place, "what its filters and operators can work with",
                    failure.kind().reference() + " " + said,
                    "mind the types: variables are texts, {{ x | int }} makes a number of one", failure);
            case SECURITY -> new ConfigException(
                    place, "a template that only reads what it is given", said,
                    "make new values with {% set %} instead", failure);
            case LIMIT -> new ConfigException(
                    place, "a prompt that is made in bounded time and space", said, "shorten its loops", failure);
        };
    }
}
