package dev.socratic.eval.report;

import dev.socratic.eval.SavedResults;
import dev.socratic.eval.SavedSamples;
import java.util.Map;
import java.util.Optional;

/// What a model took to be evaluated, and how large it is; whatever nobody wrote down is empty.
///
/// @param parameters number of weights
/// @param bytes      of its files of weights
/// @param seconds    at work for a question
/// @param read       tokens read
/// @param written    tokens written
/// @param usd        price in US dollars
record ModelCost(Optional<Long> parameters, Optional<Long> bytes, Optional<Double> seconds, Optional<Long> read,
        Optional<Long> written, Optional<Double> usd) {

    static ModelCost of(Map<String, SavedSamples> tasks, Optional<ReportInput.StageFacts> stage,
            ReportInput.ModelSize size, SavedResults results) {
        long questions = tasks.values().stream().mapToLong(SavedSamples::size).sum();
        return new ModelCost(size.parameters().or(results::parameters), size.bytes(),
                stage.filter(one -> questions > 0 && one.seconds() > 0).map(one -> one.seconds() / questions),
                stage.map(one -> one.usage().promptTokens()).filter(n -> n > 0),
                stage.map(one -> one.usage().completionTokens()).filter(n -> n > 0),
                stage.map(one -> one.usage().costUsd()));
    }

    /// @return whether anything is known
    boolean known() {
        return parameters.isPresent() || bytes.isPresent() || seconds.isPresent() || read.isPresent()
                || written.isPresent() || usd.isPresent();
    }
}
