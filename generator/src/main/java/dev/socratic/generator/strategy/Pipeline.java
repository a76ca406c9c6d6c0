package dev.socratic.generator.strategy;

import dev.socratic.core.config.Names;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Strategies one after another: those before the last make questions, the last is asked about each of them. Where the
/// last makes questions too, they are put as `ask` does.
///
/// @param of at least one
@About(value = "strategies one after another: all but the last make questions", source = "")
public record Pipeline(List<Strategy> of) implements Strategy {
    public Pipeline {
        of = List.copyOf(of);
        if (of.isEmpty()) {
            throw new IllegalArgumentException("of: at least one strategy; got none; write [{adaptive: {}}]");
        }
        for (int i = 0; i < of.size(); i++) {
            if (of.get(i) instanceof Pipeline) {
                throw new IllegalArgumentException(
                        "of[%s]: a strategy; got a pipeline in a pipeline; write its parts in its place".formatted(i));
            }
            if (i < of.size() - 1 && of.get(i).about().gives() != About.Gives.QUESTIONS) {
                throw new IllegalArgumentException(
                        "of[%s]: a strategy that makes questions before another; got '%s', which makes %s; put it last"
                                .formatted(i, of.get(i).name(), Names.snake(of.get(i).about().gives().name())));
            }
        }
    }

    @Override
    public Move next(Scene scene) {
        throw new IllegalStateException("the parts of a pipeline move, not the whole; this is a bug, please report it");
    }

    @Override
    public Map<String, String> roles() {
        Map<String, String> roles = new TreeMap<>();
        for (int i = 0; i < of.size(); i++) {
            String place = "of[%s].".formatted(i);
            of.get(i).roles().forEach((role, model) -> roles.put(place + role, model));
        }
        return roles;
    }

    @Override
    public List<Uses> prompts() {
        return IntStream.range(0, of.size()).boxed().flatMap(i -> of.get(i).prompts().stream()
                .map(uses -> new Uses("of[%s].%s".formatted(i, uses.key()), uses.template(), uses.variables())))
                .toList();
    }

    @Override
    public int mostSteps() {
        return chain().stream().mapToInt(Strategy::mostSteps).sum();
    }

    @Override
    public int mostQueries() {
        return chain().stream().mapToInt(Strategy::mostQueries).sum();
    }

    @Override
    public boolean whole() {
        return of.getFirst().whole();
    }

    @Override
    public List<Strategy> chain() {
        List<Strategy> parts = new ArrayList<>(of);
        if (of.getLast().about().gives() == About.Gives.QUESTIONS) {
            parts.add(new Ask());
        }
        return parts;
    }
}
