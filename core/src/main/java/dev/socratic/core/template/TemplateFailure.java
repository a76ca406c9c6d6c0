package dev.socratic.core.template;

/// A template that cannot be read or that stops while it runs.
///
/// Where Python would raise, so do we: a `dict` added to a text or a field of something undefined is an error in the
/// data, not blank text.
public final class TemplateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What kind of failure, with the name of the exception the reference raises.
    public enum Kind {
        SYNTAX("TemplateSyntaxError"),
        /// The template itself refuses, by a function it was given.
        RAISED("TemplateError"),
        UNDEFINED("UndefinedError"),
        TYPE("TypeError"),
        VALUE("ValueError"),
        /// Forbidden to templates: changing what they were given.
        SECURITY("SecurityError"),
        /// Our own bound on steps, size or depth.
        LIMIT("LimitError");

        private final String reference;

        Kind(String reference) {
            this.reference = reference;
        }

        public String reference() {
            return reference;
        }
    }

    private final Kind kind;
    private final int line;

    TemplateFailure(Kind kind, String message) {
        this(kind, message, 0);
    }

    TemplateFailure(Kind kind, String message, int line) {
        super(message);
        this.kind = kind;
        this.line = line;
    }

    public Kind kind() {
        return kind;
    }

    /// @return line of the template, from 1; 0 if unknown
    public int line() {
        return line;
    }

    /// @return the same failure with its line, unless it has one
    TemplateFailure at(int place) {
        if (line > 0) {
            return this;
        }
        TemplateFailure placed = new TemplateFailure(kind, getMessage(), place);
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /// @return what a function of the context throws that refuses what a template asks of it
    public static TemplateFailure raised(String message) {
        return new TemplateFailure(Kind.RAISED, message);
    }

    static TemplateFailure type(String message) {
        return new TemplateFailure(Kind.TYPE, message);
    }

    /// @return what a function throws that is given a value it cannot work with
    public static TemplateFailure value(String message) {
        return new TemplateFailure(Kind.VALUE, message);
    }

    static TemplateFailure syntax(String message, int line) {
        return new TemplateFailure(Kind.SYNTAX, message, line);
    }
}
