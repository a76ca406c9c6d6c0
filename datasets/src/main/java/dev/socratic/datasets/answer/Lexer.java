package dev.socratic.datasets.answer;

import dev.socratic.datasets.answer.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a cleaned answer into tokens, or refuses it.
///
/// A comma with three digits after it groups thousands outside brackets and separates elements inside: `1,234` is a number, `(1,234)` a pair.
final class Lexer {
    private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?![\\d,])(?:\\.\\d+)?");
    private static final Pattern PLAIN = Pattern.compile("(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d{1,4}(?![\\w]))?");
    private static final Pattern COMMAND = Pattern.compile("\\\\([a-zA-Z]+|.)", Pattern.DOTALL);
    private static final Pattern RUN = Pattern.compile("[\\p{L}]+(?:['\u2019][\\p{L}]+)*");
    /// `x=1orx=2`.
    private static final Pattern GLUED_JOINT = Pattern.compile("(or|and)(?:\\p{Lu}.*|\\p{L})");
    private static final Set<String> TEXTS =
            Set.of("text", "mbox", "textnormal", "textrm", "textbf", "textit", "mathrm", "mathbf", "operatorname", "hbox", "rm", "bf", "mathit");
    private static final Map<String, String> SIGN_COMMANDS = Map.ofEntries(
            Map.entry("cdot", "*"), Map.entry("times", "*"), Map.entry("div", "/"), Map.entry("le", "\u2264"), Map.entry("leq", "\u2264"),
            Map.entry("leqslant", "\u2264"), Map.entry("ge", "\u2265"), Map.entry("geq", "\u2265"), Map.entry("geqslant", "\u2265"),
            Map.entry("lt", "<"), Map.entry("gt", ">"), Map.entry("ne", "\u2260"), Map.entry("neq", "\u2260"), Map.entry("approx", "\u2248"),
            Map.entry("pm", "\u00b1"), Map.entry("mp", "\u2213"), Map.entry("cup", "\u222a"), Map.entry("in", "\u2208"),
            Map.entry("{", "\\{"), Map.entry("}", "\\}"), Map.entry("lbrace", "\\{"), Map.entry("rbrace", "\\}"), Map.entry("%", "%"),
            Map.entry("$", "$"), Map.entry("lvert", "|"), Map.entry("rvert", "|"), Map.entry("vert", "|"), Map.entry("|", "|"),
            Map.entry("mid", "|"), Map.entry("\\", "\\\\"), Map.entry("degree", "\u00b0"), Map.entry("colon", ":"));
    private static final Set<String> KNOWN_RUNS = Set.of(
            "sin", "cos", "tan", "cot", "sec", "csc", "ln", "log", "exp", "sqrt", "pi", "and", "or", "infinity", "inf", "percent", "pct");

    private final String text;
    private final boolean formula;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int brackets;

    private Lexer(String text) {
        this.text = text;
        this.formula = text.indexOf('\\') >= 0 || text.indexOf('^') >= 0 || text.indexOf('_') >= 0;
    }

    static List<Token> tokens(String cleaned) {
        if (cleaned.length() > Bounds.ANSWER) {
            throw new Refusal("an answer of more than %s characters".formatted(Bounds.ANSWER));
        }
        Lexer lexer = new Lexer(cleaned);
        while (lexer.at < cleaned.length()) {
            lexer.step();
            if (lexer.tokens.size() > Bounds.TOKENS) {
                throw new Refusal("more than %s tokens".formatted(Bounds.TOKENS));
            }
        }
        return lexer.tokens;
    }

    private void step() {
        int from = at;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return;
        }
        boolean spaced = at > from;
        char c = text.charAt(at);
        if (Character.isDigit(c) || c == '.' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1))) {
            number(spaced);
        } else if (c == '\\') {
            command(spaced);
        } else if (Character.isLetter(c)) {
            letters(spaced);
        } else if ("+-*/^_!,;:=<>()[]{}|%&$\u20ac\u00a3\u00a5'".indexOf(c) >= 0) {
            brackets += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
            at++;
            add(Kind.SIGN, String.valueOf(c), spaced);
        } else {
            throw new Refusal("the sign '%s'".formatted(c));
        }
    }

    private void number(boolean spaced) {
        Matcher grouped = GROUPED.matcher(text).region(at, text.length()).useTransparentBounds(true);
        Matcher plain = PLAIN.matcher(text).region(at, text.length()).useTransparentBounds(true);
        String digits;
        if (brackets == 0 && grouped.lookingAt()) {
            digits = grouped.group().replace(",", "");
            at = grouped.end();
        } else if (plain.lookingAt()) {
            digits = plain.group();
            at = plain.end();
        } else {
            throw new Refusal("digits of another script");
        }
        if (digits.length() > Bounds.DIGITS) {
            throw new Refusal("a number of more than %s digits".formatted(Bounds.DIGITS));
        }
        add(Kind.NUMBER, digits, spaced);
    }

    private void command(boolean spaced) {
        Matcher matcher = COMMAND.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new Refusal("a lone backslash");
        }
        String name = matcher.group(1);
        at = matcher.end();
        if (SIGN_COMMANDS.containsKey(name)) {
            brackets += name.equals("{") ? 1 : name.equals("}") ? -1 : 0;
            add(Kind.SIGN, SIGN_COMMANDS.get(name), spaced);
        } else if (TEXTS.contains(name)) {
            words(name, braced(), spaced);
        } else if (name.equals("begin") || name.equals("end")) {
            add(Kind.COMMAND, name + " " + braced().replace("*", ""), spaced);
        } else if (name.equals("infty")) {
            add(Kind.COMMAND, "infinity", spaced);
        } else {
            add(Kind.COMMAND, name.equals("dfrac") || name.equals("tfrac") || name.equals("cfrac") ? "frac" : name, spaced);
        }
    }

    /// The words of `\text{...}`; a single upright letter (`\mathrm{e}`) is that letter, and a number stays apart from numbers: `\text{13}` is
    /// no 13.
    private void words(String command, String inner, boolean spaced) {
        String plain = inner.strip();
        if (plain.length() == 1 && Character.isLetter(plain.charAt(0)) && !command.equals("text")) {
            add(Kind.LETTER, plain, spaced);
        } else if (KNOWN_RUNS.contains(plain)) {
            add(Kind.WORD, plain, true);
        } else if (!plain.isEmpty()) {
            add(Kind.WORD, plain.replaceAll("\\s+", " "), true);
        }
    }

    /// @return what stands in the braces that follow; the rest of the text after commands like `\rm` without any
    private String braced() {
        int open = at;
        while (open < text.length() && text.charAt(open) == ' ') {
            open++;
        }
        if (open == text.length() || text.charAt(open) != '{') {
            return "";
        }
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                at = i + 1;
                return text.substring(open + 1, i);
            }
        }
        throw new Refusal("a brace that is never closed");
    }

    /// In a formula letters are factors of their own; in plain text two and more are a word, unless they stick to a number (`2xy`).
    private void letters(boolean spaced) {
        Matcher run = RUN.matcher(text).region(at, text.length());
        if (!run.lookingAt()) {
            throw new Refusal("the sign '%s'".formatted(text.charAt(at)));
        }
        String word = run.group();
        boolean afterNumber = !tokens.isEmpty() && tokens.getLast().kind() == Kind.NUMBER;
        Matcher joint = GLUED_JOINT.matcher(word);
        if (!spaced && !tokens.isEmpty() && joint.matches()) {
            at += joint.group(1).length();
            add(Kind.WORD, joint.group(1), true);
        } else if (isWord(word, spaced, afterNumber)) {
            at = run.end();
            add(Kind.WORD, word, spaced);
        } else {
            at++;
            add(Kind.LETTER, word.substring(0, 1), spaced);
        }
    }

    private boolean isWord(String word, boolean spaced, boolean afterNumber) {
        if (word.length() < 2) {
            return false;
        }
        boolean known = KNOWN_RUNS.contains(word.toLowerCase(Locale.ROOT)) || Units.isUnit(word) && !tokens.isEmpty();
        boolean factors = afterNumber && !spaced && word.length() < 3;
        boolean unit = afterNumber && spaced && word.length() > 2;
        return known || unit || !formula && !factors;
    }

    private void add(Kind kind, String what, boolean spaced) {
        tokens.add(new Token(kind, what, spaced));
    }
}
