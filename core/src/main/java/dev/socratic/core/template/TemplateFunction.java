package dev.socratic.core.template;

/// Something a template can call: its own macros, methods of values, and what a context holds besides values.
@FunctionalInterface
public interface TemplateFunction {
    /// @param arguments what the call was given
    /// @return a text, number, truth value, list or map
    /// @throws TemplateFailure if it cannot be called with these
    Object call(Arguments arguments);
}
