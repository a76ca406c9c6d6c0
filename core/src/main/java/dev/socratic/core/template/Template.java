package dev.socratic.core.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A template, read once and rendered any number of times, from any thread.
public final class Template {
    private static final Set<String> WORDS = Set.of(
            "true", "True", "false", "False", "none", "None", "and", "or", "not", "in", "is", "if", "else");

    private final List<Stmt> statements;
    private final TemplateOptions options;

    private Template(List<Stmt> statements, TemplateOptions options) {
        this.statements = statements;
        this.options = options;
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
    /// @param marked      the places of its marked blocks, in order
    /// @param markedInside whether such a block was rendered inside a macro or a captured text, where its place is
    ///                     unknown
    public record Output(String text, List<Span> marked, boolean markedInside) {
        public Output {
            marked = List.copyOf(marked);
        }
    }

    /// @throws TemplateFailure of kind `SYNTAX`, with the line, if it is not a template
    public static Template parse(String source, TemplateOptions options) {
        return new Template(StatementParser.parse(source, options), options);
    }

    /// @return whether a template cannot read a variable of this name: `none`, `not`, `if` and the like are words of
    ///         the language
    public static boolean isWord(String name) {
        return WORDS.contains(name);
    }

    /// @return the names it takes from the context, each with the line that reads it first, in the order of reading;
    ///         functions of the context too, not those of the language
    /// @throws TemplateFailure if it is nested deeper than any that could be rendered
    public Map<String, Integer> names() {
        return ContextNames.of(statements, options);
    }

    /// @return whether it is nothing but text and names of the context, so that no value can make it fail
    public boolean isPlain() {
        return statements.stream().allMatch(statement -> statement instanceof Stmt.Text
                || statement instanceof Stmt.Print print && print.value() instanceof Expr.Name);
    }

    /// @param context what the template finds: texts, numbers, truth values, lists, maps, JSON nodes; functions
    /// @throws TemplateFailure if the template raises, meets a value it cannot handle, or goes beyond the limits
    public Output render(Map<String, ?> context) {
        RenderBudget budget = new RenderBudget(options);
        Map<String, Object> values = new LinkedHashMap<>();
        context.forEach((name, value) -> values.put(
                name, value instanceof TemplateFunction body ? new Values.Function(name, body) : Values.of(value)));
        return new Renderer(Globals.of(budget), budget).render(statements, Scope.of(values));
    }
}
