package dev.socratic.core.template;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A template, read once and rendered any number of times, from any thread.
public final class Template {
    private final List<Stmt> statements;

    private Template(List<Stmt> statements) {
        this.statements = statements;
    }

    /// A place in a rendered text: `[start, end)` in UTF-16 units.
    public record Span(int start, int end) {
        public Span {
            if (start < 0 || end < start) {
                throw new IllegalArgumentException(
                        "a span begins at 0 or later and ends after its start; got %s to %s".formatted(start, end));
            }
        }
    }

    /// @param text        what the template printed
    /// @param marked      the places of its `{% generation %}` blocks, in order
    /// @param markedInside whether such a block was rendered inside a macro or a captured text, where its place is
    ///                     unknown
    public record Output(String text, List<Span> marked, boolean markedInside) {
        public Output {
            marked = List.copyOf(marked);
        }
    }

    /// @throws TemplateFailure of kind `SYNTAX`, with the line, if it is not a template
    public static Template parse(String source) {
        return new Template(StatementParser.parse(source));
    }

    /// @param context what the template finds: texts, numbers, truth values, lists, maps, chat messages, JSON nodes
    /// @param clock   what `strftime_now` reads
    /// @throws TemplateFailure if the template raises, meets a value it cannot handle, or goes beyond the limits
    public Output render(Map<String, ?> context, Clock clock, Limits limits) {
        Budget budget = new Budget(limits);
        Map<String, Object> values = new LinkedHashMap<>();
        context.forEach((name, value) -> values.put(name, Values.of(value)));
        return new Renderer(Globals.of(clock, budget), budget).render(statements, Scope.of(values));
    }
}
