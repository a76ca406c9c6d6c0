/// Makes the page a run or an evaluation ends with. Begin with [dev.socratic.eval.report.Report];
/// [dev.socratic.eval.report.ReportInput] says what a run's page needs.
///
/// [dev.socratic.eval.report.Scores] computes each figure once, for the page and for `summary.json`. The page is one
/// section a class, put together in [dev.socratic.eval.report.ReportPage]; to add one, write a `...Section` with a
/// method that returns HTML and name it there. Plots are SVG written by hand ([dev.socratic.eval.report.LineChart],
/// [dev.socratic.eval.report.AmountChart], [dev.socratic.eval.report.ReliabilityPlot]) or a
/// [dev.socratic.eval.report.Track] in a table's cell, so that the page needs no network and no library. Whatever comes
/// from a run goes through [dev.socratic.eval.report.Svg#escape]; samples are packed by
/// [dev.socratic.eval.report.SampleData] and shown by the page's script (resources `report`), which builds elements and
/// parses no text. Colours, light and dark, are in `page.css`.
package dev.socratic.eval.report;
