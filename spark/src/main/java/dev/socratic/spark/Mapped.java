package dev.socratic.spark;

import java.util.Iterator;
import java.util.function.Function;

/// Each value made of another, when it is asked for.
record Mapped<A, B>(Iterator<A> values, Function<A, B> made) implements Iterator<B> {
    @Override
    public boolean hasNext() {
        return values.hasNext();
    }

    @Override
    public B next() {
        return made.apply(values.next());
    }
}
