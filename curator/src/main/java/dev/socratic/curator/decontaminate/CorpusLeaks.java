package dev.socratic.curator.decontaminate;

import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.datasets.source.Exchanges;
import dev.socratic.datasets.source.RowStream;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which questions of a benchmark stand in a corpus, by the rules of [DecontaminateStep]: runs of words with their
/// numbers, and likeness.
public final class CorpusLeaks {
    private CorpusLeaks() {}

    /// A row that is, or is nearly, one of the questions. Each row is taken for the one question it is likest.
    ///
    /// @param row    its id
    /// @param reason `evaluation_ngram` or `evaluation_retrieval`
    public record Leak(String row, String reason) {}

    /// @param questions of the benchmark
    /// @param corpus    what is learned from; rows that cannot be read are none of it
    /// @return by the question's id the first row that is it
    public static SortedMap<String, Leak> of(Collection<Question> questions, ExampleSource.File corpus) {
        SortedMap<String, Leak> leaks = new TreeMap<>();
        try (DecontaminateStep step = new DecontaminateStep(Decontaminate.STANDARD, questions);
                Quarantine.Listed bad = Quarantine.list();
                RowStream<Exchange> rows = Exchanges.open(corpus, bad)) {
            for (Exchange row : rows) {
                Candidate candidate = new Candidate(row, row.id(), row.questionId(), row.question(),
                        Optional.empty());
                if (step.judge(candidate) instanceof Decision.Drop drop) {
                    leaks.putIfAbsent(drop.evidence().path("evaluation_id").asText(),
                            new Leak(row.id(), drop.reason()));
                }
            }
        }
        return leaks;
    }
}
