package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.GenerationParameters;
import java.util.List;

/// What came of one judged task.
///
/// @param task       what was asked
/// @param figures    over the scored; none while anything is open
/// @param lines      one a scored question, as `samples_*.jsonl` has them
/// @param unjudged   the same of those without a verdict, which are in no figure
/// @param failed     questions among `lines` that the model cannot answer; they have the lowest score
/// @param open       questions that somebody has still to answer
/// @param unreadable rows that are no question; they are in the quarantine
/// @param facts      what else is to be known: who judged by what, calibration, ratings
public record JudgedResult(JudgedTask task, List<JudgedFigure> figures, List<ObjectNode> lines,
        List<ObjectNode> unjudged, long failed, long open, long unreadable, ObjectNode facts) {
    public JudgedResult {
        figures = List.copyOf(figures);
        lines = List.copyOf(lines);
        unjudged = List.copyOf(unjudged);
    }

    public long read() {
        return lines.size() + unjudged.size() + open + unreadable;
    }

    GenerationParameters generation() {
        return task.generation();
    }
}
