package dev.socratic.curator.duplicate;

import dev.socratic.curator.config.StepConfig.NearDuplicates.Agreement;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.KnownAnswer;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.store.KeyTable;
import java.util.OptionalInt;

/// Rows as members of clusters: one a question where questions are compared, else one a row.
final class MemberRows {
    private final TextPart on;
    private final Agreement answers;
    private final MemberRank rank;
    private final DuplicateClusters clusters;
    private final KeyTable byQuestion = new KeyTable();

    MemberRows(TextPart on, Agreement answers, MemberRank rank, DuplicateClusters clusters) {
        this.on = on;
        this.answers = answers;
        this.rank = rank;
        this.clusters = clusters;
    }

    /// @return the number of the member that a row is, unless its question is one already
    OptionalInt add(Candidate row, RowScores scores, Compared compared) {
        String answer = answers == Agreement.SAME ? KnownAnswer.of(row).orElse("") : "";
        double good = rank.of(row, scores, compared.text());
        boolean question = on == TextPart.QUESTION;
        if (question) {
            KeyTable.Key key = KeyTable.Key.of(row.questionId());
            int known = byQuestion.get(key);
            if (known != KeyTable.NONE) {
                clusters.again(known, good, answer);
                return OptionalInt.empty();
            }
            byQuestion.put(key, clusters.size());
        }
        return OptionalInt.of(clusters.add(new DuplicateClusters.Member(row.id(),
                question ? row.questionId() : row.id(), row.questionId(), compared.text(), answer), good));
    }

    /// @param place of the row among all
    int of(Candidate row, int place) {
        return on == TextPart.QUESTION ? byQuestion.get(KeyTable.Key.of(row.questionId())) : place;
    }

    long memoryBytes() {
        return byQuestion.memoryBytes();
    }
}
