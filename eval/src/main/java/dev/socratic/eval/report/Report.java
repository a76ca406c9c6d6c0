package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import java.nio.file.Path;

/// Writes `report.html`, one self-contained page, and `summary.json`, its figures, into a run's folder.
public final class Report {
    public static final String PAGE = "report.html";
    public static final String SUMMARY = "summary.json";

    private Report() {}

    /// @param questions how many questions were asked
    /// @return the summary, as written
    public static ObjectNode write(ReportInput input, long questions, Path folder) {
        Scores scores = Scores.read(input);
        ObjectNode summary = Summary.json(input, scores, questions);
        AtomicFiles.write(folder.resolve(PAGE), new ReportPage(input, scores).html());
        AtomicFiles.write(folder.resolve(SUMMARY), Json.pretty(summary));
        return summary;
    }
}
