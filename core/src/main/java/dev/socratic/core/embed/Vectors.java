package dev.socratic.core.embed;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Vectors of many texts, each embedded once in the life of a run folder: they are kept in its `asked/` by the content
/// of the text and of the embedder.
///
/// @param failed   texts without a vector for good: an endpoint refuses them
/// @param open     texts that were not asked, or failed for now
/// @param problem  of the first text without a vector
/// @param spent    by the stage, over all runs in the folder
public record Vectors(long failed, long open, Optional<String> problem, Usage spent) {
    /// Takes a vector of length 1.
    @FunctionalInterface
    public interface Sink {
        /// @param number of the text
        void accept(int number, float[] vector);
    }

    /// @param size  how many texts
    /// @param texts each by its number; asked several times, from several threads
    /// @param sink  takes the vector of each text that has one, in their order
    /// @throws InterruptedException if the calling thread was interrupted; what is there is kept
    public static Vectors of(TextEmbedder embedder, StageContext context, int size, IntFunction<String> texts,
            Sink sink) throws InterruptedException {
        Asks asks = new Asks() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public GenerationRequest request(int number) {
                return new GenerationRequest(Integer.toString(number), List.of(ChatMessage.user(texts.apply(number))),
                        AskedEmbedder.NOTHING, 0);
            }
        };
        String stage = context.run().stage();
        try (AskStore store = AskStore.open(context.run().asks())) {
            AskOutcome outcome = new Asker(asks, new AskedEmbedder(embedder), store, stage, BudgetConfig.NONE,
                    stage::equals, Progress.telling(context.progress()::note)).ask();
            long failed = 0;
            long open = 0;
            Optional<String> problem = Optional.empty();
            for (int number = 0; number < size; number++) {
                switch (outcome.outcome(number)) {
                    case GenerationOutcome.Completion vector -> sink.accept(number, VectorText.read(vector.text()));
                    case GenerationOutcome.Failure failure -> {
                        failed += failure.temporary() ? 0 : 1;
                        open += failure.temporary() ? 1 : 0;
                        problem = problem.or(() -> Optional.of(failure.problem()));
                    }
                }
            }
            return new Vectors(failed, open, problem, outcome.spent());
        }
    }
}
