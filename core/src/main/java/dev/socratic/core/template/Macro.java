package dev.socratic.core.template;

import dev.socratic.core.template.Stmt.Parameter;
import dev.socratic.core.template.Values.Attributes;
import dev.socratic.core.template.Values.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A macro with the scope it was written in: called, it gives the text of its body.
record Macro(Stmt.Macro written, Scope home, Renderer renderer) implements TemplateFunction, Attributes {
    static final String CALLER = "caller";

    @Override
    public Object call(Arguments arguments) {
        List<Parameter> parameters = written.parameters();
        List<Object> positional = arguments.positional();
        if (positional.size() > parameters.size() && !written.usesVarargs()) {
            throw TemplateFailure.type(
                    "macro '%s' takes not more than %s argument(s)".formatted(written.name(), parameters.size()));
        }
        Scope scope = home.inner();
        Map<String, Object> rest = new LinkedHashMap<>(arguments.named());
        Optional.ofNullable(rest.remove(CALLER)).ifPresent(caller -> scope.set(CALLER, caller));
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Object value;
            if (i < positional.size()) {
                if (rest.containsKey(parameter.name())) {
                    throw TemplateFailure.type(
                            "macro '%s' got multiple values for argument '%s'".formatted(written.name(),
                                    parameter.name()));
                }
                value = positional.get(i);
            } else if (rest.containsKey(parameter.name())) {
                value = rest.remove(parameter.name());
            } else {
                value = parameter.otherwise()
                        .map(expression -> renderer.evaluator().value(expression, scope))
                        .orElseGet(() -> renderer.budget()
                                .undefined("parameter '%s' was not provided".formatted(parameter.name())));
            }
            scope.set(parameter.name(), value);
        }
        if (!rest.isEmpty() && !written.usesKwargs()) {
            throw TemplateFailure.type(
                    "macro '%s' takes no keyword argument '%s'".formatted(written.name(),
                            rest.keySet().iterator().next()));
        }
        scope.set("varargs",
                new Tuple(List.copyOf(
                        positional.subList(Math.min(parameters.size(), positional.size()), positional.size()))));
        scope.set("kwargs", rest);
        return renderer.capture(written.body(), scope);
    }

    @Override
    public Optional<Object> attribute(String name) {
        return name.equals("name") ? Optional.of(written.name()) : Optional.empty();
    }
}
