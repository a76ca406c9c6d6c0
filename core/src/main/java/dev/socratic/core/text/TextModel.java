package dev.socratic.core.text;

import java.util.List;

/// What generator and eval talk to: local weights (module `models`) and endpoints (module `generator`) implement it, the command line
/// hands one or the other in.
///
/// Implementations are safe to call from `card().parallel()` threads at once.
public interface TextModel extends AutoCloseable {

    ModelCard card();

    /// Answers every request of one unit.
    ///
    /// @param requests at most `card().unit()` of them
    /// @return one outcome per request, in the order of the requests; a request that fails is a `Failure`, never an exception
    /// @throws InterruptedException if the calling thread was interrupted; nothing of the unit counts then
    List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException;

    /// The same, every attempt that leaves this machine accounted for. Where the meter lets no further attempt leave, the outcome is a temporary
    /// failure. Models that send nothing anywhere ignore the meter.
    default List<GenerationOutcome> generate(List<GenerationRequest> requests, Meter meter) throws InterruptedException {
        return generate(requests);
    }

    /// Scores continuations. The context and the continuation are tokenized together and cut apart where the context's own tokens end.
    ///
    /// @return one score per request, in the order of the requests
    /// @throws UnsupportedOperationException if `card().scores()` is false
    List<ContinuationScore> score(List<ScoreRequest> requests);

    @Override
    void close();
}
