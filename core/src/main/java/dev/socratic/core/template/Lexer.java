package dev.socratic.core.template;

import dev.socratic.core.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens, whitespace control applied.
///
/// As in `transformers`: the first newline after a block or a comment goes (`trim_blocks`), and so do blanks before
/// one at the start of a line (`lstrip_blocks`); `-` at a delimiter takes all whitespace on that side, `+` none. One
/// newline at the very end is not part of the template.
final class Lexer {
    private static final Pattern OPEN = Pattern.compile("\\{%|\\{\\{|\\{#");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%\\}\\s*|%\\}\\n?)",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%\\}|-%\\}\\s*|%\\}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern COMMENT_END = Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\\n?",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern BLOCK_END = Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\\n?",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern VARIABLE_END = Pattern.compile("-\\}\\}\\s*|\\}\\}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern FLOAT = Pattern.compile("\\d+(_\\d+)*(\\.\\d+(_\\d+)*([eE][-+]?\\d+)?|[eE][-+]?\\d+)");
    private static final Pattern INTEGER = Pattern.compile("0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\\d+(_\\d+)*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarts = true;

    private final boolean asWritten;

    private Lexer(String source, boolean asWritten) {
        this.source = source;
        this.asWritten = asWritten;
    }

    /// @param asWritten whether whitespace that no `-` takes stays ([TemplateOptions#asWritten])
    static List<Token> tokens(String template, boolean asWritten) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(
                source.endsWith("\n") && !asWritten ? source.substring(0, source.length() - 1) : source, asWritten);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher open = OPEN.matcher(source);
        while (at < source.length()) {
            if (!open.find(at)) {
                text(source.substring(at));
                break;
            }
            String delimiter = open.group();
            char sign = open.end() < source.length() ? source.charAt(open.end()) : ' ';
            String before = source.substring(at, open.start());
            text(stripped(before, sign, !delimiter.equals("{{")));
            at = open.start();
            Matcher raw = matcher(RAW);
            if (delimiter.equals("{#")) {
                comment();
            } else if (delimiter.equals("{%") && raw.lookingAt()) {
                raw(raw);
            } else {
                at = open.end() + (sign == '-' || sign == '+' && delimiter.equals("{%") ? 1 : 0);
                tag(delimiter.equals("{%"));
            }
        }
        add(Kind.END, "end of the template");
    }

    private String stripped(String before, char sign, boolean block) {
        if (sign == '-') {
            return PythonText.rstrip(before);
        }
        if (asWritten) {
            return before;
        }
        int start = before.lastIndexOf('\n') + 1;
        boolean atLineStart = start > 0 || lineStarts;
        return block && sign != '+' && atLineStart && before.substring(start).isBlank()
                ? before.substring(0, start)
                : before;
    }

    /// Adds a text token; lines are counted from the source, since stripped newlines are lines too.
    private void text(String text) {
        if (!text.isEmpty()) {
            add(Kind.TEXT, text);
        }
    }

    private void comment() {
        Matcher end = COMMENT_END.matcher(source);
        if (!end.find(at + 2)) {
            throw TemplateFailure.syntax("{# is not closed by #}", lineAt(at));
        }
        moveTo(ended(end));
    }

    private void raw(Matcher begin) {
        int content = ended(begin);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(content)) {
            throw TemplateFailure.syntax("{% raw %} is not closed by {% endraw %}", lineAt(at));
        }
        moveTo(content);
        String inside = source.substring(content, end.start());
        text(stripped(inside, end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0), true));
        moveTo(ended(end));
    }

    private void tag(boolean block) {
        add(block ? Kind.BLOCK_BEGIN : Kind.VARIABLE_BEGIN, block ? "{%" : "{{");
        int begin = lineAt(at);
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            Matcher end = matcher(block ? BLOCK_END : VARIABLE_END);
            if (open.isEmpty() && end.lookingAt()) {
                add(block ? Kind.BLOCK_END : Kind.VARIABLE_END, block ? "%}" : "}}");
                moveTo(ended(end));
                return;
            }
            if (at >= source.length()) {
                throw TemplateFailure.syntax(
                        block ? "{% is not closed by %}" : "{{ is not closed by }}", begin);
            }
            expressionToken(open);
        }
    }

    private void expressionToken(Deque<Character> open) {
        char here = source.charAt(at);
        if (here == '"' || here == '\'') {
            string(here);
        } else if (!take(SPACE, null) && !take(FLOAT, Kind.FLOAT) && !take(INTEGER, Kind.INTEGER)
                && !take(NAME, Kind.NAME)) {
            Matcher operator = matcher(OPERATOR);
            if (!operator.lookingAt()) {
                throw TemplateFailure.syntax(
                        "unexpected character '%s'".formatted(source.substring(at, source.offsetByCodePoints(at, 1))),
                                lineAt(at));
            }
            balance(operator.group(), open);
            add(Kind.OPERATOR, operator.group());
            at = operator.end();
        }
    }

    private void balance(String operator, Deque<Character> open) {
        switch (operator) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> {
                if (open.isEmpty() || open.pop() != operator.charAt(0)) {
                    throw TemplateFailure.syntax("unexpected '" + operator + "'", lineAt(at));
                }
            }
            default -> {}
        }
    }

    private boolean take(Pattern pattern, Kind kind) {
        Matcher matcher = matcher(pattern);
        if (!matcher.lookingAt()) {
            return false;
        }
        if (kind != null) {
            add(kind, matcher.group());
        }
        at = matcher.end();
        return true;
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw TemplateFailure.syntax("the text is not closed; %s expected".formatted(quote), lineAt(at));
        }
        add(Kind.STRING, Escapes.resolve(source.substring(at + 1, end), lineAt(at)));
        at = end + 1;
    }

    /// Behind an end of a block or a comment; the newline that `trim_blocks` takes with it stays where it is kept.
    private int ended(Matcher end) {
        boolean taken = end.group().contains("-%}") || end.group().contains("-#}") || end.group().contains("-}}");
        return asWritten && !taken && end.group().endsWith("}\n") ? end.end() - 1 : end.end();
    }

    private void moveTo(int place) {
        at = place;
        lineStarts = place > 0 && source.charAt(place - 1) == '\n';
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(source).region(Math.min(at, source.length()), source.length())
                .useTransparentBounds(true);
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, lineAt(at)));
    }

    private int countedTo;

    private int lineAt(int place) {
        for (; countedTo < Math.min(place, source.length()); countedTo++) {
            line += source.charAt(countedTo) == '\n' ? 1 : 0;
        }
        return line;
    }
}
