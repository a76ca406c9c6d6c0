package dev.socratic.eval.report;

/// Every question with every model's answers side by side, to be filtered, searched and read. The page's script builds
/// it (resources `report/samples.js`) out of [SampleData].
final class SampleBrowser {
    private SampleBrowser() {}

    static String html() {
        return "<div id=\"browser\"></div><noscript><p class=\"notice\">Browsing samples needs JavaScript; they are "
                + "the lines of samples_*.jsonl.</p></noscript>";
    }
}
