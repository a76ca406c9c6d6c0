package dev.socratic.core.config;

import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Calls a record's constructor and turns what it refuses into problems with a place.
///
/// A constructor refuses with `IllegalArgumentException("<component>: <expected>; got <value>; <remedy>")`; the
/// problem then stands at that component, or at a part of it where a path goes on behind the name
/// (`eval.models.after`). Without a component's name in front it stands at the record.
final class Records {
    private static final Pattern NAMED =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)((?:[.\\[][^:;\\s]*)?): (.+)", Pattern.DOTALL);

    private Records() {}

    static Optional<Object> create(Class<?> type, List<Object> arguments, ConfigNode.Entries written, String path,
            List<Problem> problems) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(arguments.toArray()));
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case IllegalArgumentException refused ->
                        problems.add(problem(String.valueOf(refused.getMessage()), type, written, path));
                case SocraticException refused -> refused.problems().forEach(p ->
                        problems.add(
                                new Problem(written.place()
                                        .at(p.place().isEmpty() ? path : Binder.join(path, p.place())), p.expected(),
                                                p.got(), p.remedy())));
                case Throwable bug ->
                        throw new IllegalStateException(
                                "the constructor of " + type.getName() + " failed, at '" + path + "'", bug);
            }
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call the constructor of " + type.getName(), e);
        }
    }

    private static Problem problem(String message, Class<?> type, ConfigNode.Entries written, String path) {
        Matcher named = NAMED.matcher(message);
        if (named.matches() && Names.components(type).contains(Names.snake(named.group(1)))) {
            String key = Names.snake(named.group(1));
            String below = named.group(2);
            Place place = below.isEmpty()
                    ? written.get(key).map(ConfigNode::place).orElse(written.place())
                    : Places.nearest(written, key + below);
            return Problem.said(place.at(Binder.join(path, key + below)), named.group(3));
        }
        return Problem.said(written.place().at(path), message);
    }
}
