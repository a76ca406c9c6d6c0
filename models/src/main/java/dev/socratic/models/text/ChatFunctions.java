package dev.socratic.models.text;

import dev.socratic.core.template.TemplateFailure;
import dev.socratic.core.template.TemplateFunction;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Map;

/// The functions that `transformers` gives to chat templates, beside those of the language.
final class ChatFunctions {
    private ChatFunctions() {}

    /// @param clock what `strftime_now` reads
    static Map<String, TemplateFunction> of(Clock clock) {
        return Map.of(
                "raise_exception", given -> {
                    throw TemplateFailure.raised(given.printed("raise_exception", "message"));
                },
                "strftime_now", given ->
                        Strftime.format(given.text("strftime_now", "format"), LocalDateTime.now(clock)));
    }
}
