package dev.socratic.core.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// What generator and eval talk to: local weights (module `models`) and endpoints (module `generator`) implement it,
/// the command line hands one or the other in.
///
/// Implementations are safe to call from `card().parallel()` threads at once.
public interface TextModel extends AutoCloseable {
    /// Among the [#notes]: the fields of a request that are not sent any more, or under another name, for the endpoint
    /// refuses them by name; a list of texts.
    String REFUSED_FIELDS = "request_fields_refused";

    ModelCard card();

    /// Answers every request of one unit.
    ///
    /// @param requests at most `card().unit()` of them
    /// @return one outcome per request, in the order of the requests; a request that fails is a `Failure`, never an
    ///         exception
    /// @throws InterruptedException if the calling thread was interrupted; nothing of the unit counts then
    List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException;

    /// The same, every attempt that leaves this machine accounted for. Where the meter lets no further attempt leave,
    /// the outcome is a temporary failure. Models that send nothing anywhere ignore the meter; who does not says so
    /// in [#metered].
    default List<GenerationOutcome> generate(List<GenerationRequest> requests, Meter meter)
            throws InterruptedException {
        return generate(requests);
    }

    /// @return whether `generate(requests, meter)` tells the meter of every attempt; the usage of its outcomes is
    ///         booked otherwise
    default boolean metered() {
        return false;
    }

    /// @return the most one attempt at a request may take: its prompt, every token it may write, their price
    default Usage most(GenerationRequest request) {
        TokenEstimate estimate = TokenEstimate.of(request);
        return new Usage(estimate.prompt(), estimate.most(), 0);
    }

    /// @return the most one attempt at several requests of a unit may take
    default Usage most(List<GenerationRequest> together) {
        return together.stream().map(this::most).reduce(Usage.NONE, Usage::plus);
    }

    /// @return whether the two may be in one unit
    default boolean together(GenerationRequest first, GenerationRequest next) {
        return true;
    }

    /// What it is asked beside messages and sampling (further fields of a request's body, parameters left out or
    /// renamed), so that another value makes another request.
    ///
    /// @return canonical JSON; empty where nothing is added
    default String shape() {
        return "";
    }

    /// Says to whom it tells what is worth a line while it works: that it was told to slow down, that a server takes no
    /// seed. A note is said once in a while, not for every request.
    default void onNote(Consumer<String> sink) {}

    /// @return what is worth keeping in the manifest beside counts and usage, by name: requests sent again, parameters
    ///         left out; empty where there is nothing to say
    default Map<String, Object> notes() {
        return Map.of();
    }

    /// Scores continuations. The context and the continuation are tokenized together and cut apart where the
    /// context's own tokens end.
    ///
    /// @return one score per request, in the order of the requests
    /// @throws UnsupportedOperationException if `card().scores()` is false
    List<ContinuationScore> score(List<ScoreRequest> requests);

    /// @return whether [#tokenScores] is answered
    default boolean scoresTokens() {
        return false;
    }

    /// The same as [#score], token by token: an answer read again, whoever wrote it.
    ///
    /// @return the tokens of each continuation, in the order of the requests
    /// @throws UnsupportedOperationException if `scoresTokens()` is false
    default List<List<TokenScore>> tokenScores(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("this model gives no probabilities of single tokens; ask local "
                + "weights");
    }

    /// What stands before an answer when it is asked to go on with a conversation: the messages in its chat template,
    /// special tokens and the opening of its own turn included.
    ///
    /// @return the text, for the context of a [ScoreRequest]; empty where it has no template or does not tell
    default Optional<String> opening(List<ChatMessage> messages) {
        return Optional.empty();
    }

    /// @return how many tokens its own tokenizer makes of a text; empty where it does not tell
    default OptionalInt tokens(String text) {
        return OptionalInt.empty();
    }

    /// Whole texts, their first token included: behind BOS (EOS where there is none), in windows of the context of
    /// which each goes on behind the last token of the one before, as lm-evaluation-harness reads them.
    ///
    /// @return the log probability of each, in nats, in their order
    /// @throws UnsupportedOperationException if `card().scores()` is false
    default List<Double> likelihoods(List<String> texts) {
        throw new UnsupportedOperationException("this model gives no probabilities of a text; score with local "
                + "weights");
    }

    /// @param continues whether the last message is only begun and goes on
    /// @return the prompt that the model's chat template makes of a conversation
    /// @throws UnsupportedOperationException where the template is not ours to read
    default String written(List<ChatMessage> messages, boolean continues) {
        throw new UnsupportedOperationException("the chat template of this model is not here to be read; ask local "
                + "weights");
    }

    @Override
    void close();
}
