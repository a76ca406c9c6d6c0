package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;

/// One step of a curation. It is used for one corpus, from one thread: every row is judged once, in order.
///
/// The laws (`StepContract`): judging the rows that stayed again with a fresh step keeps them all as they are; the same
/// rows give the same decisions; every drop and every edit has evidence; a row is never changed but by an edit, which
/// is a copy; every score a threshold names is there, and says what was decided.
public interface Step extends AutoCloseable {

    /// @return as in the config and in `rejected.jsonl`, in snake case
    String name();

    /// Sees one of the first rows of each file before anything is judged, for steps that ask what the corpus is like:
    /// at most a thousand a file, as they were read.
    default void sample(Candidate row) {}

    /// @return whether the step has to see all rows before it judges the first; rows are then spilled to a file and
    ///         read twice
    default boolean looksAhead() {
        return false;
    }

    /// Sees a row that will be judged later; called for every row, in order, before the first [#judge], if
    /// [#looksAhead].
    default void look(Candidate row) {}

    /// The same, with what earlier steps measured of the row.
    ///
    /// @param before by `<step>.<score>`
    default void look(Candidate row, RowScores before) {
        look(row);
    }

    /// Is told that all rows have been looked at and will be judged next; called once, if [#looksAhead].
    ///
    /// @throws InterruptedException if the calling thread was interrupted
    default void looked() throws InterruptedException {}

    Decision judge(Candidate row);

    /// The same, with what earlier steps measured of the row.
    ///
    /// @param before by `<step>.<score>`
    default Decision judge(Candidate row, RowScores before) {
        return judge(row);
    }

    /// @return why a part of its work is still open, with what to do; empty for a step that is done
    default Optional<String> incomplete() {
        return Optional.empty();
    }

    /// @return what it has spent over all runs in the folder
    default Usage spent() {
        return Usage.NONE;
    }

    /// Asked of a step that let a row pass, when a later one would drop it.
    ///
    /// @param row   as it is then
    /// @param later name of the other step
    /// @return whether the row stays all the same; that is written down beside what the other step said
    default boolean overrules(Candidate row, String later) {
        return false;
    }

    /// @return the numbers it decides by, each over one of the scores it gives every row
    default List<Threshold> thresholds() {
        return List.of();
    }

    /// @return thresholds and figures for `report.json`; nothing that differs between two runs over the same rows.
    ///         Asked once, at the end
    ObjectNode facts();

    @Override
    default void close() {}
}
