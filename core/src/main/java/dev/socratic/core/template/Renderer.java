package dev.socratic.core.template;

import dev.socratic.core.template.Stmt.Target;
import dev.socratic.core.template.Values.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs statements and collects what they print.
final class Renderer {
    /// The name under which a filter or set block finds its own text; no template can write it.
    static final String BODY = "{body}";

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Evaluator evaluator;
    private final RenderBudget budget;
    private final List<Template.Span> marked = new ArrayList<>();
    private final StringBuilder whole = new StringBuilder();
    private StringBuilder out = whole;
    private boolean markedInside;

    Renderer(Map<String, Object> globals, RenderBudget budget) {
        this.evaluator = new Evaluator(globals, budget);
        this.budget = budget;
    }

    Template.Output render(List<Stmt> statements, Scope scope) {
        run(statements, scope);
        return new Template.Output(whole.toString(), marked, markedInside);
    }

    Evaluator evaluator() {
        return evaluator;
    }

    RenderBudget budget() {
        return budget;
    }

    /// @return what the statements print, as a text of its own
    String capture(List<Stmt> statements, Scope scope) {
        return captured(() -> run(statements, scope));
    }

    private Flow run(List<Stmt> statements, Scope scope) {
        budget.enter();
        for (Stmt statement : statements) {
            budget.step();
            try {
                Flow flow = run(statement, scope);
                if (flow != Flow.ON) {
                    budget.leave();
                    return flow;
                }
            } catch (TemplateFailure failure) {
                throw failure.at(statement.line());
            }
        }
        budget.leave();
        return Flow.ON;
    }

    private Flow run(Stmt statement, Scope scope) {
        switch (statement) {
            case Stmt.Text text -> print(text.text());
            case Stmt.Print print -> print(PythonText.str(evaluator.value(print.value(), scope), budget));
            case Stmt.If choice -> {
                return run(Values.truth(evaluator.value(choice.condition(), scope))
                        ? choice.then()
                        : choice.otherwise(), scope);
            }
            case Stmt.For loop -> loop(loop, evaluator.value(loop.items(), scope), scope, 0);
            case Stmt.Assign assign -> assign(assign.target(), evaluator.value(assign.value(), scope), scope);
            case Stmt.AssignBlock block -> {
                String body = capture(block.body(), scope.inner());
                assign(block.target(), filtered(block.filtered(), body, scope), scope);
            }
            case Stmt.Macro macro -> scope.set(macro.name(), new Macro(macro, scope, this));
            case Stmt.CallBlock call -> call(call, scope);
            case Stmt.FilterBlock filter -> {
                String body = capture(filter.body(), scope.inner());
                print(PythonText.str(filtered(Optional.of(filter.filtered()), body, scope), budget));
            }
            case Stmt.With with -> {
                Scope inner = scope.inner();
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(with.targets().get(i), evaluator.value(with.values().get(i), scope), inner);
                }
                return run(with.body(), inner);
            }
            case Stmt.Marked block -> marked(block, scope);
            case Stmt.Break ignored -> {
                return Flow.BREAK;
            }
            case Stmt.Continue ignored -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private void print(String text) {
        budget.text(text.length());
        budget.size((long) out.length() + text.length());
        out.append(text);
    }

    private Object filtered(Optional<Expr> filters, String body, Scope scope) {
        Scope inner = scope.inner();
        inner.set(BODY, body);
        return filters.map(filter -> evaluator.value(filter, inner)).orElse(body);
    }

    private void marked(Stmt.Marked block, Scope scope) {
        int start = out.length();
        markedInside |= out != whole;
        run(block.body(), scope.inner());
        if (out == whole) {
            marked.add(new Template.Span(start, out.length()));
        }
    }

    private void call(Stmt.CallBlock block, Scope scope) {
        Expr.Call call = (Expr.Call) block.call();
        Arguments given = evaluator.arguments(call.arguments(), scope);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        named.put(Macro.CALLER,
                new Macro(new Stmt.Macro(Macro.CALLER, block.parameters(), block.body(), false, false, block.line()),
                        scope, this));
        Object text = evaluator.call(evaluator.value(call.of(), scope), new Arguments(given.positional(), named));
        print(PythonText.str(text, budget));
    }

    private void loop(Stmt.For loop, Object over, Scope scope, int depth) {
        List<Object> items = new ArrayList<>();
        for (Object item : Operators.items(over, budget)) {
            budget.step();
            if (loop.condition().isPresent()) {
                Scope inner = scope.inner();
                assign(loop.target(), item, inner);
                if (!Values.truth(evaluator.value(loop.condition().get(), inner))) {
                    continue;
                }
            }
            items.add(item);
        }
        TemplateFunction again = arguments -> {
            if (!loop.recursive()) {
                throw TemplateFailure.type("The loop must have the 'recursive' marker to be called recursively.");
            }
            return captured(() -> loop(loop, arguments.bind("loop", List.of("iterable"))[0], scope, depth + 1));
        };
        LoopContext state = new LoopContext(items, depth, again, budget);
        for (int i = 0; i < items.size(); i++) {
            state.at(i);
            Scope inner = scope.inner();
            assign(loop.target(), items.get(i), inner);
            inner.set("loop", state);
            if (run(loop.body(), inner) == Flow.BREAK) {
                return;
            }
        }
        if (items.isEmpty()) {
            run(loop.otherwise(), scope.inner());
        }
    }

    private String captured(Runnable body) {
        StringBuilder before = out;
        out = new StringBuilder();
        try {
            body.run();
            return out.toString();
        } finally {
            out = before;
        }
    }

    private void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Field field -> {
                Object namespace = scope.find(field.namespace())
                        .orElseGet(() -> budget.undefined("'%s' is undefined".formatted(field.namespace())));
                if (!(namespace instanceof Namespace fields)) {
                    throw Evaluator.noNamespace(field.namespace());
                }
                fields.fields.put(field.name(), value);
            }
            case Target.Unpack unpack -> {
                List<Object> items = new ArrayList<>(Operators.items(value, budget));
                if (items.size() != unpack.parts().size()) {
                    throw TemplateFailure.value(
                            "%s values expected to unpack; got %s".formatted(unpack.parts().size(), items.size()));
                }
                for (int i = 0; i < items.size(); i++) {
                    assign(unpack.parts().get(i), items.get(i), scope);
                }
            }
        }
    }
}
