package dev.socratic.generator.endpoint;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Where an endpoint says what is worth a line, each with its address in front.
final class Notes {
    private final String place;
    private final AtomicReference<Consumer<String>> sink = new AtomicReference<>(line -> {});

    Notes(String place) {
        this.place = place;
    }

    void to(Consumer<String> listener) {
        sink.set(listener);
    }

    void say(String line) {
        sink.get().accept(place + ": " + line);
    }
}
