package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.eval.Leaderboard;
import dev.socratic.eval.SavedResults;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.TaskComparisons;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;

/// Writes `report.html`, one self-contained page, and `summary.json`, its figures, into a run's folder; or a page of
/// evaluations alone.
public final class Report {
    public static final String PAGE = "report.html";
    public static final String SUMMARY = "summary.json";

    private Report() {}

    /// @param questions how many questions were asked
    /// @return the summary, as written
    public static ObjectNode write(ReportInput input, long questions, Path folder) {
        Scores scores = Scores.read(input);
        ObjectNode summary = Summary.json(input, scores, questions);
        AtomicFiles.write(folder.resolve(PAGE), ReportPage.html(input, scores));
        AtomicFiles.write(folder.resolve(SUMMARY), Json.pretty(summary));
        return summary;
    }

    /// A page of models side by side, the first compared with each other one.
    ///
    /// @param models  samples by model, then by task
    /// @param results the results file of each, where it has one
    /// @param choice  how two files are brought to verdicts of one extraction
    public static void compare(String title, SequencedMap<String, SequencedMap<String, SavedSamples>> models,
            Map<String, SavedResults> results, TaskComparisons.Choice choice, Path page) {
        AtomicFiles.write(page, ReportPage.html(title, Scores.of(models, results, choice)));
    }

    /// A page of all evaluations below a folder, the best first.
    public static void leaderboard(String title, Leaderboard board, Path page) {
        AtomicFiles.write(page, ReportPage.html(title, Scores.of(board)));
    }
}
