package dev.socratic.core.ask;

import dev.socratic.core.text.GenerationRequest;
import java.util.List;

/// The requests of a stage, in a fixed order. They are made when they are asked for, so that millions take no more
/// memory than what they are made of; the same number gives an equal request each time. Safe to call from any thread.
public interface Asks {
    /// @return how many there are
    int size();

    /// @param number from 0
    GenerationRequest request(int number);

    /// Requests that are all there.
    static Asks of(List<GenerationRequest> requests) {
        List<GenerationRequest> all = List.copyOf(requests);
        return new Asks() {
            @Override
            public int size() {
                return all.size();
            }

            @Override
            public GenerationRequest request(int number) {
                return all.get(number);
            }
        };
    }
}
