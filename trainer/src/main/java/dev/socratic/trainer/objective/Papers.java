package dev.socratic.trainer.objective;

import java.util.List;
import java.util.Locale;

/// PAPERS.md: which papers' methods there are and how near each is, written from the presets.
public final class Papers {
    private Papers() {}

    /// @return the whole page
    public static String page() {
        StringBuilder page = new StringBuilder("""
                # Papers

                Every named objective, where it comes from, and how near it is. This page is written from the presets (`socratic objective list
                --papers`); a test compares the two.

                - **verified**: compared with the paper's own code or another library's, by the test named
                - **faithful**: the paper's formula, its parts checked by hand-computed values
                - **inspired**: the paper's idea; the last column says what is left out or different

                | Objective | What it is | Source | Parity | Test | Left out or different |
                |---|---|---|---|---|---|
                """);
        for (String name : Presets.names()) {
            Objective objective = Objective.named(name);
            page.append(row(List.of(
                    "`" + name + "`", objective.about(), objective.paper().map(Papers::link).orElse("-"),
                    objective.parity().name().toLowerCase(Locale.ROOT), objective.test().map(test -> "`" + test + "`")
                            .orElse("-"), objective.leftOut().orElse("-"))));
        }
        return page.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String link(String paper) {
        return paper.startsWith("arXiv:")
                ? "[" + paper + "](https://arxiv.org/abs/" + paper.substring("arXiv:".length()) + ")"
                : paper;
    }
}
