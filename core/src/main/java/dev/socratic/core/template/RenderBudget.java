package dev.socratic.core.template;

import dev.socratic.core.template.TemplateFailure.Kind;
import dev.socratic.core.template.Values.Undefined;
import java.util.Locale;

/// What is left of the [TemplateLimits] during one rendering, and what undefined values are in it.
final class RenderBudget {
    private final TemplateLimits limits;
    private final boolean strictUndefined;
    private long steps;
    private long total;
    private int depth;

    RenderBudget(TemplateOptions options) {
        this.limits = options.limits();
        this.strictUndefined = options.strictUndefined();
    }

    /// @param hint what is not there, for the failure
    Undefined undefined(String hint) {
        return new Undefined(hint, strictUndefined);
    }

    void step() {
        steps(1);
    }

    void steps(long count) {
        steps += count;
        if (steps > limits.steps()) {
            throw limit("steps", limits.steps());
        }
    }

    /// Announces a text before it is made.
    void text(long length) {
        size(length);
        total += length;
        if (total > limits.total()) {
            throw limit("characters in all", limits.total());
        }
        steps(length >> 4);
    }

    /// Checks the size of a text that grows piece by piece.
    void size(long length) {
        if (length > limits.text()) {
            throw limit("characters in one text", limits.text());
        }
    }

    void enter() {
        if (++depth > limits.depth()) {
            throw limit("levels of nesting", limits.depth());
        }
    }

    void leave() {
        depth--;
    }

    private static TemplateFailure limit(String what, long most) {
        return new TemplateFailure(Kind.LIMIT,
                String.format(Locale.ROOT, "the template needs more than %,d %s", most, what));
    }
}
