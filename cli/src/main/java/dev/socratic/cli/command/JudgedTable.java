package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.cli.console.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What stands beside the figures of a judged task: what was not judged, how far the judge goes by position, how far
/// people agree with it, and ratings of several models.
final class JudgedTable {
    private JudgedTable() {}

    /// @param facts as the results file has them; missing of other tasks
    static void tell(Console console, String task, JsonNode facts) {
        if (facts.path("judges").isArray()) {
            facts.path("judges").forEach(judge -> console.data("%-32s judge %s: %s verdicts%s%s%s".formatted(task,
                    judge.path("judge").asText(), judge.path("verdicts"), count(judge, "unreadable"),
                    count(judge, "unanswered"), judge.path("asked_again").asLong() > 0
                            ? ", asked again %s times".formatted(judge.path("asked_again")) : "")));
        }
        if (facts.path("unjudged").asLong() > 0) {
            console.data("%-32s %s are unjudged, and in no figure".formatted(task, facts.path("unjudged")));
        }
        position(console, task, facts.path("position"));
        calibration(console, task, facts.path("calibration"));
        facts.path("pairs").forEach(pair -> console.data(String.format(Locale.ROOT,
                "%-32s %s against %s: %d won, %d tied, %d lost, %d unjudged", task, pair.path("first").asText(),
                pair.path("second").asText(), pair.path("wins").asLong(), pair.path("ties").asLong(),
                pair.path("losses").asLong(), pair.path("unjudged").asLong())));
        if (facts.path("ratings").isTextual()) {
            console.data("%-32s ratings: %s".formatted(task, facts.path("ratings").asText()));
        }
        facts.path("ratings").forEach(rating -> console.data(String.format(Locale.ROOT,
                "%-32s %-20s Elo %6.0f  strength %+.3f [%+.3f, %+.3f]%s", task, rating.path("model").asText(),
                rating.path("elo").asDouble(), rating.path("strength").asDouble(),
                rating.path("ci95").path(0).asDouble(), rating.path("ci95").path(1).asDouble(),
                rating.has("ci95_bootstrap") ? String.format(Locale.ROOT, "  bootstrap [%+.3f, %+.3f]",
                        rating.path("ci95_bootstrap").path(0).asDouble(),
                        rating.path("ci95_bootstrap").path(1).asDouble()) : "")));
    }

    private static String count(JsonNode judge, String why) {
        return judge.path(why).asLong() > 0 ? ", %s %s".formatted(judge.path(why), why) : "";
    }

    private static void position(Console console, String task, JsonNode position) {
        if (position.has("first_preferred")) {
            console.data(String.format(Locale.ROOT,
                    "%-32s the answer shown first is preferred in %.1f %% of decided verdicts [%.1f, %.1f]; "
                            + "%d of %d pairs have one verdict in both orders", task,
                    100 * position.path("first_preferred").asDouble(), 100 * position.path("ci95").path(0).asDouble(),
                    100 * position.path("ci95").path(1).asDouble(), position.path("same_in_both_orders").asLong(),
                    position.path("pairs").asLong()));
        }
    }

    private static void calibration(Console console, String task, JsonNode calibration) {
        if (calibration.path("rows").asLong() == 0) {
            return;
        }
        List<String> said = new ArrayList<>();
        said.add(String.format(Locale.ROOT, "people agree on %.1f %% of %d", 100 * calibration.path("agreement")
                .asDouble(), calibration.path("rows").asLong()));
        if (calibration.has("kappa")) {
            said.add(String.format(Locale.ROOT, "kappa %.3f", calibration.path("kappa").asDouble()));
        }
        for (String way : List.of("prediction_powered", "rogan_gladen")) {
            JsonNode corrected = calibration.path(way);
            if (corrected.isObject()) {
                said.add(String.format(Locale.ROOT, "%s %.4f [%.4f, %.4f]", way.replace('_', ' '),
                        corrected.path("value").asDouble(), corrected.path("ci95").path(0).asDouble(),
                        corrected.path("ci95").path(1).asDouble()));
            }
        }
        console.data("%-32s %s".formatted(task, String.join(", ", said)));
    }
}
