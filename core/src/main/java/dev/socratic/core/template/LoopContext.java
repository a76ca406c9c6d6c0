package dev.socratic.core.template;

import dev.socratic.core.template.Values.Attributes;
import dev.socratic.core.template.Values.Function;
import java.util.List;
import java.util.Optional;

/// The variable `loop` of a loop that runs over these items; called, it runs a recursive loop over others.
final class LoopContext implements Attributes, TemplateFunction {
    private final List<Object> items;
    private final int depth;
    private final TemplateFunction again;
    private final RenderBudget budget;
    private Object lastSeen = Values.NONE;
    private int index;

    LoopContext(List<Object> items, int depth, TemplateFunction again, RenderBudget budget) {
        this.items = items;
        this.depth = depth;
        this.again = again;
        this.budget = budget;
    }

    void at(int place) {
        index = place;
    }

    @Override
    public Object call(Arguments arguments) {
        return again.call(arguments);
    }

    @Override
    public Optional<Object> attribute(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "index" -> index + 1L;
                    case "index0" -> (long) index;
                    case "revindex" -> (long) items.size() - index;
                    case "revindex0" -> (long) items.size() - index - 1;
                    case "first" -> index == 0;
                    case "last" -> index == items.size() - 1;
                    case "length" -> (long) items.size();
                    case "depth" -> depth + 1L;
                    case "depth0" -> (long) depth;
                    case "previtem" -> index > 0 ? items.get(index - 1) : budget.undefined("there is no previous item");
                    case "nextitem" -> index + 1 < items.size()
                            ? items.get(index + 1)
                            : budget.undefined("there is no next item");
                    case "cycle" -> new Function("cycle", this::cycle);
                    case "changed" -> new Function("changed", this::changed);
                    default -> null;
                });
    }

    private Object cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw TemplateFailure.type("no items for cycling given");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }

    private Object changed(Arguments arguments) {
        Object now = arguments.positional();
        boolean changed = !Operators.same(lastSeen, now, budget);
        lastSeen = now;
        return changed;
    }
}
