/// Makes the page a run ends with. Begin with [dev.socratic.eval.report.Report]; [dev.socratic.eval.report.ReportInput] says what it needs.
/// The plots are SVG written by hand ([dev.socratic.eval.report.LineChart], [dev.socratic.eval.report.BarChart],
/// [dev.socratic.eval.report.FunnelChart]), so that the page needs no network and no library.
package dev.socratic.eval.report;
