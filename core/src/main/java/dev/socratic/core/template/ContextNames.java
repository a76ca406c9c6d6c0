package dev.socratic.core.template;

import dev.socratic.core.template.Expr.CallArguments;
import dev.socratic.core.template.Stmt.Parameter;
import dev.socratic.core.template.Stmt.Target;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names that a template takes from its context: those it reads somewhere without having set them before
/// (`jinja2.meta.find_undeclared_variables`).
///
/// A name that only one branch of an `if` sets is not set behind it; what a loop, a macro, a `with` or a captured block
/// sets is gone behind it.
final class ContextNames {
    private final Map<String, Integer> found = new LinkedHashMap<>();

    private final RenderBudget depth;

    private ContextNames(TemplateOptions options) {
        this.depth = new RenderBudget(options);
    }

    /// @return the line of the first place that reads it, by name, in the order of reading
    /// @throws TemplateFailure if an expression is nested deeper than any that could be rendered
    static Map<String, Integer> of(List<Stmt> statements, TemplateOptions options) {
        ContextNames names = new ContextNames(options);
        names.read(statements, new HashSet<>(Globals.NAMES));
        return names.found;
    }

    private void read(List<Stmt> statements, Set<String> set) {
        statements.forEach(statement -> read(statement, set));
    }

    private void read(Stmt statement, Set<String> set) {
        switch (statement) {
            case Stmt.Text ignored -> {}
            case Stmt.Break ignored -> {}
            case Stmt.Continue ignored -> {}
            case Stmt.Print print -> read(print.value(), set);
            case Stmt.If choice -> {
                read(choice.condition(), set);
                Set<String> then = new HashSet<>(set);
                Set<String> otherwise = new HashSet<>(set);
                read(choice.then(), then);
                read(choice.otherwise(), otherwise);
                then.retainAll(otherwise);
                set.addAll(then);
            }
            case Stmt.For loop -> {
                read(loop.items(), set);
                Set<String> inside = with(set, "loop");
                set(loop.target(), inside, loop.line());
                read(loop.condition(), inside);
                read(loop.body(), inside);
                read(loop.otherwise(), new HashSet<>(set));
            }
            case Stmt.Assign assign -> {
                read(assign.value(), set);
                set(assign.target(), set, assign.line());
            }
            case Stmt.AssignBlock block -> {
                read(block.body(), new HashSet<>(set));
                read(block.filtered(), with(set, Renderer.BODY));
                set(block.target(), set, block.line());
            }
            case Stmt.Macro macro -> {
                set.add(macro.name());
                body(macro.parameters(), macro.body(), with(set, "varargs", "kwargs", Macro.CALLER));
            }
            case Stmt.CallBlock block -> {
                read(block.call(), set);
                body(block.parameters(), block.body(), with(set, Macro.CALLER));
            }
            case Stmt.FilterBlock filter -> {
                read(filter.body(), new HashSet<>(set));
                read(filter.filtered(), with(set, Renderer.BODY));
            }
            case Stmt.With with -> {
                Set<String> inside = new HashSet<>(set);
                with.values().forEach(value -> read(value, set));
                with.targets().forEach(target -> set(target, inside, with.line()));
                read(with.body(), inside);
            }
            case Stmt.Marked marked -> read(marked.body(), new HashSet<>(set));
        }
    }

    private void body(List<Parameter> parameters, List<Stmt> body, Set<String> inside) {
        parameters.forEach(parameter -> {
            read(parameter.otherwise(), inside);
            inside.add(parameter.name());
        });
        read(body, inside);
    }

    private void set(Target target, Set<String> set, int line) {
        switch (target) {
            case Target.Variable variable -> set.add(variable.name());
            case Target.Field field -> name(field.namespace(), line, set);
            case Target.Unpack unpack -> unpack.parts().forEach(part -> set(part, set, line));
        }
    }

    private void name(String name, int line, Set<String> set) {
        if (!set.contains(name)) {
            found.putIfAbsent(name, line);
        }
    }

    private void read(Optional<Expr> expression, Set<String> set) {
        expression.ifPresent(there -> read(there, set));
    }

    private void all(List<Expr> expressions, Set<String> set) {
        expressions.forEach(expression -> read(expression, set));
    }

    private void read(Expr expression, Set<String> set) {
        depth.enter();
        switch (expression) {
            case Expr.Literal ignored -> {}
            case Expr.Name name -> name(name.name(), name.line(), set);
            case Expr.ListOf list -> all(list.items(), set);
            case Expr.TupleOf tuple -> all(tuple.items(), set);
            case Expr.DictOf dict -> {
                all(dict.keys(), set);
                all(dict.values(), set);
            }
            case Expr.Attribute attribute -> read(attribute.of(), set);
            case Expr.Item item -> {
                read(item.of(), set);
                read(item.key(), set);
            }
            case Expr.Slice slice -> {
                read(slice.of(), set);
                read(slice.from(), set);
                read(slice.to(), set);
                read(slice.step(), set);
            }
            case Expr.Call call -> {
                read(call.of(), set);
                read(call.arguments(), set);
            }
            case Expr.Filter filter -> {
                read(filter.of(), set);
                read(filter.arguments(), set);
            }
            case Expr.Test test -> {
                read(test.of(), set);
                read(test.arguments(), set);
            }
            case Expr.Not not -> read(not.of(), set);
            case Expr.Sign sign -> read(sign.of(), set);
            case Expr.Arithmetic sum -> {
                read(sum.left(), set);
                read(sum.right(), set);
            }
            case Expr.Concat concat -> all(concat.parts(), set);
            case Expr.Compare compare -> {
                read(compare.first(), set);
                compare.rest().forEach(next -> read(next.right(), set));
            }
            case Expr.And and -> {
                read(and.left(), set);
                read(and.right(), set);
            }
            case Expr.Or or -> {
                read(or.left(), set);
                read(or.right(), set);
            }
            case Expr.Conditional choice -> {
                read(choice.condition(), set);
                read(choice.then(), set);
                read(choice.otherwise(), set);
            }
        }
        depth.leave();
    }

    private void read(CallArguments arguments, Set<String> set) {
        all(arguments.positional(), set);
        arguments.named().forEach(named -> read(named.value(), set));
        read(arguments.star(), set);
        read(arguments.stars(), set);
    }

    private static Set<String> with(Set<String> set, String... more) {
        Set<String> all = new HashSet<>(set);
        all.addAll(Set.of(more));
        return all;
    }
}
