package dev.socratic.datasets.answer;

import java.util.regex.Pattern;

/// What a stretch of text can be as an answer.
enum Readable {
    /// A number, a formula, a list of them, a quantity.
    VALUE,
    /// A single word.
    WORD,
    /// Words around a number, or what no rule of ours can read: a sentence that was not understood.
    NO;

    /// A run of a script without blanks between words is a word up to this length.
    private static final int LONGEST_WORD = 8;
    /// Words beside a formula without dollars, which would be read as products of letters.
    private static final Pattern PROSE = Pattern.compile("(?<![\\\\\\p{L}])\\p{L}{2,}[,.]?\\s+\\p{L}{2,}");
    private static final Pattern TEXT =
            Pattern.compile("\\\\(?:text[a-z]{0,6}|mbox|hbox|mathrm|operatorname)\\s*\\{[^{}]*}");

    static Readable of(String text) {
        if (text.length() > Bounds.ANSWER) {
            return NO;
        }
        try {
            String clean = Latex.clean(text);
            boolean prose = clean.indexOf('\\') >= 0 && PROSE.matcher(TEXT.matcher(clean).replaceAll(" ")).find();
            return prose ? NO : of(Parser.parse(clean));
        } catch (Refusal e) {
            return NO;
        }
    }

    private static Readable of(MathTerm term) {
        if (term instanceof MathTerm.Words words) {
            boolean one = words.text().indexOf(' ') < 0
                    && (!UnspacedScripts.touches(words.text()) || words.text().length() <= LONGEST_WORD);
            return one ? WORD : NO;
        }
        return hasWords(term) ? NO : VALUE;
    }

    /// "7. It takes 3 steps" reads like two quantities side by side.
    private static boolean hasUnit(MathTerm term) {
        return term instanceof MathTerm.Quantity quantity && !quantity.unit().equals("%");
    }

    private static boolean hasWords(MathTerm term) {
        // "I cannot help" reads like a letter with a unit.
        return term instanceof MathTerm.Words
                || term instanceof MathTerm.Product product && product.factors().stream().anyMatch(Readable::hasUnit)
                || term instanceof MathTerm.Quantity(MathTerm.Sym letter, String unit)
                || FreeVariables.parts(term).stream().anyMatch(Readable::hasWords);
    }
}
