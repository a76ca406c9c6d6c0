package dev.socratic.core.template;

import dev.socratic.core.template.Stmt.Parameter;
import dev.socratic.core.template.Stmt.Target;
import dev.socratic.core.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Statements: text, `{{ }}` and the blocks of `{% %}`.
final class StatementParser {
    private static final Set<String> ELSEWHERE =
            Set.of("block", "extends", "include", "import", "from", "do", "trans", "autoescape", "debug");

    private final TokenCursor cursor;
    private final Set<String> marked;
    private final ExpressionParser expressions;
    private int loops;

    private StatementParser(List<Token> tokens, Set<String> marked) {
        this.marked = marked;
        this.cursor = new TokenCursor(tokens);
        this.expressions = new ExpressionParser(cursor);
    }

    static List<Stmt> parse(String source, TemplateOptions options) {
        StatementParser parser =
                new StatementParser(Lexer.tokens(source, options.asWritten()), options.markedBlocks());
        List<Stmt> statements = parser.until(Set.of());
        if (parser.cursor.peek().kind() != Kind.END) {
            throw parser.cursor.expected("the end of the template");
        }
        return statements;
    }

    /// Statements up to a block named one of `ends`, whose name is left to be read.
    private List<Stmt> until(Set<String> ends) {
        cursor.enter();
        List<Stmt> statements = new ArrayList<>();
        while (true) {
            Token token = cursor.peek();
            if (token.kind() == Kind.TEXT) {
                statements.add(new Stmt.Text(cursor.next().text(), token.line()));
            } else if (token.kind() == Kind.VARIABLE_BEGIN) {
                cursor.next();
                statements.add(new Stmt.Print(expressions.expressions(), token.line()));
                cursor.take(Kind.VARIABLE_END, "'}}'");
            } else if (token.kind() == Kind.BLOCK_BEGIN) {
                cursor.next();
                if (ends.contains(cursor.peek().text())) {
                    cursor.leave();
                    return List.copyOf(statements);
                }
                statements.add(block());
            } else if (ends.isEmpty()) {
                cursor.leave();
                return List.copyOf(statements);
            } else {
                throw cursor.expected("one of " + ends.stream().sorted().toList());
            }
        }
    }

    /// The statements up to `{% end %}`, that block read too.
    private List<Stmt> bodyTo(String end) {
        closeBlock();
        List<Stmt> body = until(Set.of(end));
        cursor.name(end);
        closeBlock();
        return body;
    }

    private void closeBlock() {
        cursor.take(Kind.BLOCK_END, "'%}'");
    }

    private Stmt block() {
        Token keyword = cursor.take(Kind.NAME, "the name of a block");
        int line = keyword.line();
        return switch (keyword.text()) {
            case "if" -> branches(line);
            case "for" -> loop(line);
            case "set" -> assign(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> filter(line);
            case "with" -> with(line);
            case "break" -> leaveLoop(new Stmt.Break(line));
            case "continue" -> leaveLoop(new Stmt.Continue(line));
            case String name when marked.contains(name) -> new Stmt.Marked(outsideLoops("end" + name), line);
            default -> throw TemplateFailure.syntax(
                    ELSEWHERE.contains(keyword.text())
                            ? "'%s' is not there: a template is one text of its own".formatted(keyword.text())
                            : "unknown block '%s'".formatted(keyword.text()),
                    line);
        };
    }

    /// The body of something that is run like a function: a `break` in it cannot leave a loop around it.
    private List<Stmt> outsideLoops(String end) {
        int around = loops;
        loops = 0;
        List<Stmt> body = bodyTo(end);
        loops = around;
        return body;
    }

    private Stmt leaveLoop(Stmt statement) {
        if (loops == 0) {
            throw TemplateFailure.syntax("'break' and 'continue' belong into a loop", statement.line());
        }
        closeBlock();
        return statement;
    }

    private Stmt branches(int line) {
        Expr condition = expressions.expressions();
        closeBlock();
        List<Stmt> then = until(Set.of("elif", "else", "endif"));
        Token next = cursor.next();
        List<Stmt> otherwise = List.of();
        if (next.name("elif")) {
            cursor.enter();
            otherwise = List.of(branches(next.line()));
            cursor.leave();
            return new Stmt.If(condition, then, otherwise, line);
        }
        if (next.name("else")) {
            closeBlock();
            otherwise = until(Set.of("endif"));
            cursor.name("endif");
        }
        closeBlock();
        return new Stmt.If(condition, then, otherwise, line);
    }

    private Stmt loop(int line) {
        Target target = targets();
        cursor.name("in");
        Expr items = expressions.withoutConditional();
        Optional<Expr> condition = cursor.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = cursor.skipName("recursive");
        closeBlock();
        loops++;
        List<Stmt> body = until(Set.of("else", "endfor"));
        loops--;
        List<Stmt> otherwise = List.of();
        if (cursor.skipName("else")) {
            closeBlock();
            otherwise = until(Set.of("endfor"));
        }
        cursor.name("endfor");
        closeBlock();
        return new Stmt.For(target, items, condition, body, otherwise, recursive, line);
    }

    private Stmt assign(int line) {
        Target target = targets();
        if (cursor.skipOperator("=")) {
            Expr value = expressions.expressions();
            closeBlock();
            return new Stmt.Assign(target, value, line);
        }
        Optional<Expr> filtered = cursor.peek().operator("|")
                ? Optional.of(expressions.filters(new Expr.Name(Renderer.BODY, line)))
                : Optional.empty();
        return new Stmt.AssignBlock(target, filtered, bodyTo("endset"), line);
    }

    private Target targets() {
        Target first = target();
        if (!cursor.peek().operator(",")) {
            return first;
        }
        List<Target> parts = new ArrayList<>(List.of(first));
        while (cursor.skipOperator(",") && !cursor.peek().name("in") && !cursor.peek().operator("=")) {
            parts.add(target());
        }
        return new Target.Unpack(List.copyOf(parts));
    }

    private Target target() {
        if (cursor.skipOperator("(")) {
            cursor.enter();
            Target inside = targets();
            cursor.leave();
            cursor.operator(")");
            return inside;
        }
        int line = cursor.line();
        String name = cursor.name();
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
            throw TemplateFailure.syntax("'%s' is a value and takes none".formatted(name), line);
        }
        return cursor.skipOperator(".") ? new Target.Field(name, cursor.name()) : new Target.Variable(name);
    }

    private Stmt macro(int line) {
        String name = cursor.name();
        List<Parameter> parameters = parameters();
        Set<String> before = Set.copyOf(expressions.names());
        expressions.names().clear();
        List<Stmt> body = outsideLoops("endmacro");
        boolean varargs = expressions.names().contains("varargs");
        boolean kwargs = expressions.names().contains("kwargs");
        expressions.names().addAll(before);
        return new Stmt.Macro(name, parameters, body, varargs, kwargs, line);
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        cursor.operator("(");
        while (!cursor.skipOperator(")")) {
            String name = cursor.name();
            parameters.add(
                    new Parameter(name,
                            cursor.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty()));
            if (!cursor.peek().operator(")")) {
                cursor.operator(",");
            }
        }
        return List.copyOf(parameters);
    }

    private Stmt call(int line) {
        List<Parameter> parameters = cursor.peek().operator("(") ? parameters() : List.of();
        Expr call = expressions.expression();
        if (!(call instanceof Expr.Call)) {
            throw TemplateFailure.syntax("a call expected after 'call'", line);
        }
        return new Stmt.CallBlock(parameters, call, outsideLoops("endcall"), line);
    }

    private Stmt filter(int line) {
        Expr first = expressions.filter(new Expr.Name(Renderer.BODY, line), line);
        return new Stmt.FilterBlock(expressions.filters(first), bodyTo("endfilter"), line);
    }

    private Stmt with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (cursor.peek().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                cursor.operator(",");
            }
            targets.add(target());
            cursor.operator("=");
            values.add(expressions.expression());
        }
        return new Stmt.With(List.copyOf(targets), List.copyOf(values), bodyTo("endwith"), line);
    }
}
