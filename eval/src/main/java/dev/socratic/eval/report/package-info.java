/// Makes the page a run ends with. Begin with [dev.socratic.eval.report.Report];
/// [dev.socratic.eval.report.ReportInput] says what it needs.
///
/// [dev.socratic.eval.report.Scores] computes each figure once, for the page and for `summary.json`. The page is one
/// section a class, put together in [dev.socratic.eval.report.ReportPage]; to add one, write a `...Section` with a
/// method that returns HTML and name it there. The plots are SVG written by hand
/// ([dev.socratic.eval.report.LineChart], [dev.socratic.eval.report.IntervalChart],
/// [dev.socratic.eval.report.AmountChart]), so that the page needs no network and no library. Whatever comes from a
/// run goes through [dev.socratic.eval.report.Svg#escape]; colours, light and dark, are in `page.css`.
package dev.socratic.eval.report;
