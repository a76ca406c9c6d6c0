package dev.socratic.core.template;

/// How much a template may do before it is stopped, so that a hostile one can neither hang nor fill the memory.
///
/// @param steps expressions and statements run, plus one for each 16 characters or item handled
/// @param text  most characters of the output or of any one text
/// @param total most characters of all texts made on the way
/// @param depth deepest nesting of what runs: blocks, expressions, macro calls, values inside values
public record TemplateLimits(long steps, int text, long total, int depth) {
    /// A chat of some hundred turns takes about 10,000 steps.
    public static final TemplateLimits DEFAULT = new TemplateLimits(10_000_000, 16_000_000, 128_000_000, 400);
}
