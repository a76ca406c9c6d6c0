package dev.socratic.core.template;

import java.util.List;
import java.util.Optional;

/// A statement as written.
sealed interface Stmt {
    int line();

    record Text(String text, int line) implements Stmt {}

    record Print(Expr value, int line) implements Stmt {}

    record If(Expr condition, List<Stmt> then, List<Stmt> otherwise, int line) implements Stmt {}

    record For(Target target, Expr items, Optional<Expr> condition, List<Stmt> body, List<Stmt> otherwise,
            boolean recursive, int line)
            implements Stmt {}

    record Assign(Target target, Expr value, int line) implements Stmt {}

    /// `{% set target | filter %}body{% endset %}`; the filters are those of `filtered`, whose innermost operand is
    /// the body's text.
    record AssignBlock(Target target, Optional<Expr> filtered, List<Stmt> body, int line) implements Stmt {}

    record Macro(String name, List<Parameter> parameters, List<Stmt> body, boolean usesVarargs, boolean usesKwargs,
            int line)
            implements Stmt {}

    record CallBlock(List<Parameter> parameters, Expr call, List<Stmt> body, int line) implements Stmt {}

    record FilterBlock(Expr filtered, List<Stmt> body, int line) implements Stmt {}

    record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {}

    /// A block that prints its body as it is and whose place in the text is told ([TemplateOptions#markedBlocks]).
    record Marked(List<Stmt> body, int line) implements Stmt {}

    record Break(int line) implements Stmt {}

    record Continue(int line) implements Stmt {}

    record Parameter(String name, Optional<Expr> otherwise) {}

    /// Where a value goes.
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Field(String namespace, String name) implements Target {}

        record Unpack(List<Target> parts) implements Target {}
    }
}
