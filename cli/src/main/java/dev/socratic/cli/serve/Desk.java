package dev.socratic.cli.serve;

import dev.socratic.models.embed.SentenceEncoder;
import dev.socratic.models.generate.LiveModel;
import java.util.concurrent.ExecutorService;

/// One model of a server, and the way of a request to it.
sealed interface Desk {
    /// @return by which requests choose it
    String name();

    /// @return content hash of its weights
    String revision();

    /// @return longest sequence
    int context();

    /// @return the address that it answers
    String address();

    /// Takes nothing more and fails what waits.
    void drain();

    /// Ends what is under way too, and waits until the model is free.
    void close();

    /// A model that writes.
    record Writes(String name, LiveModel model, Batcher batcher, Answering answering) implements Desk {
        @Override
        public String revision() {
            return model.card().revision();
        }

        @Override
        public int context() {
            return model.card().contextTokens();
        }

        @Override
        public String address() {
            return "POST /v1/chat/completions or /v1/completions";
        }

        @Override
        public void drain() {
            batcher.drain();
        }

        @Override
        public void close() {
            batcher.close();
        }
    }

    /// A model that makes vectors.
    record Embeds(String name, SentenceEncoder model, ModelTurns turns, ExecutorService readers) implements Desk {
        @Override
        public String revision() {
            return model.revision();
        }

        @Override
        public int context() {
            return model.maxTokens();
        }

        @Override
        public String address() {
            return "POST /v1/embeddings";
        }

        @Override
        public void drain() {
            turns.drain();
        }

        @Override
        public void close() {
            turns.close();
        }
    }

    /// @param readers platform threads that read prompts, shared by all models
    static Desk of(ServedModel served, ExecutorService readers, ServeLimits limits, ServeMetrics metrics) {
        String label = ServeMetrics.label("model", served.name());
        return switch (served) {
            case ServedModel.Writer writer -> {
                Batcher batcher = new Batcher(writer.model(), limits.waiting());
                metrics.gauge("answers_waiting", "Answers that wait for their turn.", label, batcher::waiting);
                metrics.gauge("answers_active", "Answers that are being written.", label, batcher::active);
                metrics.gauge("kv_cache_bytes", "Bytes of the KV cache, kept prefixes included.", label,
                        batcher::cacheBytes);
                yield new Writes(writer.name(), writer.model(), batcher,
                        new Answering(writer, batcher, readers, limits, metrics));
            }
            case ServedModel.Embedder embedder -> {
                ModelTurns turns = new ModelTurns(limits.waiting());
                metrics.gauge("embeddings_waiting", "Parts of requests for vectors that wait.", label, turns::waiting);
                yield new Embeds(embedder.name(), embedder.model(), turns, readers);
            }
        };
    }
}
