package dev.socratic.core.template;

import java.util.Set;

/// How a kind of templates is read and run: what whoever renders them may choose.
///
/// @param markedBlocks    names of blocks that print their body as it is, and whose places in the text are told
///                        ([Template.Output#marked]): `generation` of `transformers`
/// @param strictUndefined whether a name or a field that is not there fails where it is printed, tested, compared or
///                        looped over, as with Jinja's `StrictUndefined`; otherwise it is blank, false and empty
/// @param limits          where a template is stopped
/// @param asWritten       whether whitespace around blocks and the last newline stay, as lm-evaluation-harness sets
///                        Jinja up; `transformers` takes them away (`trim_blocks`, `lstrip_blocks`)
public record TemplateOptions(Set<String> markedBlocks, boolean strictUndefined, TemplateLimits limits,
        boolean asWritten) {
    /// Jinja as it is without further ado.
    public static final TemplateOptions DEFAULT = new TemplateOptions(Set.of(), false, TemplateLimits.DEFAULT, false);

    public TemplateOptions {
        markedBlocks = Set.copyOf(markedBlocks);
    }

    /// @return the same, undefined names and fields refused
    public TemplateOptions strict() {
        return new TemplateOptions(markedBlocks, true, limits, asWritten);
    }

    /// @return the same with blocks whose places are told
    public TemplateOptions marking(String... blocks) {
        return new TemplateOptions(Set.of(blocks), strictUndefined, limits, asWritten);
    }

    /// @return the same within other limits
    public TemplateOptions within(TemplateLimits other) {
        return new TemplateOptions(markedBlocks, strictUndefined, other, asWritten);
    }

    /// @return the same, whitespace kept as it is written
    public TemplateOptions keepingWhitespace() {
        return new TemplateOptions(markedBlocks, strictUndefined, limits, true);
    }
}
