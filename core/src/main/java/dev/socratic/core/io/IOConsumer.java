package dev.socratic.core.io;

import java.io.IOException;

/// Something done with a value that may fail as files fail.
@FunctionalInterface
public interface IOConsumer<T> {
    void accept(T value) throws IOException;
}
