package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import java.util.List;

/// One way to choose among rows.
interface Chooser extends AutoCloseable {
    /// Sees a row; rows are numbered from 0.
    ///
    /// @param before what earlier steps measured
    void add(Candidate row, RowScores before);

    /// Chooses; called once.
    ///
    /// @param ids   of the rows, by number
    /// @param order numbers of the rows by their ids, so that nothing depends on the order they came in
    /// @return what becomes of each row, by number; who stays says as a score when it was chosen and what it added
    List<Decision> choose(List<String> ids, int[] order);

    /// Adds what there is to tell.
    void tell(ObjectNode facts);

    @Override
    default void close() {}
}
