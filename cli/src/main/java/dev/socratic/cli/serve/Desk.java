package dev.socratic.cli.serve;

import dev.socratic.models.generate.LiveModel;
import java.util.concurrent.ExecutorService;

/// One model of a server, and the way of a request to it.
///
/// @param name by which requests choose it
record Desk(String name, LiveModel model, Batcher batcher, Answering answering) {

    /// @param readers platform threads that read prompts, shared by all models
    static Desk of(ServedModel served, ExecutorService readers, ServeLimits limits, Metrics metrics) {
        Batcher batcher = new Batcher(served.model(), limits.waiting());
        String label = Metrics.label("model", served.name());
        metrics.gauge("answers_waiting", "Answers that wait for their turn.", label, batcher::waiting);
        metrics.gauge("answers_active", "Answers that are being written.", label, batcher::active);
        return new Desk(served.name(), served.model(), batcher,
                new Answering(served, batcher, readers, limits, metrics));
    }
}
