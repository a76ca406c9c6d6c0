package dev.socratic.core.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Tasks with gold answers that score a model while it changes. What a training may ask of an evaluation without
/// knowing it: `eval` implements it, the command line hands it over.
public interface TaskScores {
    /// No tasks at all.
    TaskScores NONE = new TaskScores() {
        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public Ready ready(List<String> tasks, int most, Path folder) {
            throw new IllegalArgumentException("there are no tasks; got " + tasks);
        }
    };

    /// @return what the tasks are called
    List<String> names();

    /// Reads the questions.
    ///
    /// @param tasks  some of [#names]
    /// @param most   questions of each, from the start
    /// @param folder for rows that are no question
    Ready ready(List<String> tasks, int most, Path folder);

    /// Tasks whose questions are known.
    interface Ready {
        /// @return SHA-256 of everything that is asked and expected
        String hash();

        /// @return share of right answers by task, from 0 to 1; a question that the model cannot answer is wrong
        /// @throws InterruptedException if the calling thread was interrupted
        Map<String, Double> of(TextModel model) throws InterruptedException;
    }
}
