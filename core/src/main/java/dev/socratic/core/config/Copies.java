package dev.socratic.core.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A record with other values in some of its components. For configs of so many keys that a constructor's call, by
/// place, would hide which one changes, and would have to be found again for every new key.
public final class Copies {
    private Copies() {}

    /// @param record  stays as it is
    /// @param changed new values by the name of their component, as Java spells it
    /// @return the same with those, checked by the record's constructor
    /// @throws IllegalArgumentException if it has no such component, or its constructor refuses
    public static <R extends Record> R with(R record, Map<String, ?> changed) {
        Map<String, Object> left = new HashMap<>(changed);
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(one -> left.containsKey(one.getName()) ? left.remove(one.getName()) : read(record, one))
                .toArray();
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("a component of %s; got %s".formatted(
                    record.getClass().getSimpleName(), left.keySet()));
        }
        return create(record, components, values);
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    @SuppressWarnings("unchecked") // the constructor of a record makes records of its own class
    private static <R extends Record> R create(R record, RecordComponent[] components, Object[] values) {
        try {
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (R) constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("the constructor of " + record.getClass().getName() + " failed", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call the constructor of " + record.getClass().getName(), e);
        }
    }
}
