package dev.socratic.review.corpus;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.review.rows.ReviewFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The run's own recipe with other thresholds, written beside the decisions under a name of its own.
///
/// @param path where it was written
/// @param yaml its text
public record ThresholdRecipe(Path path, String yaml) {

    /// Another limit of a step.
    ///
    /// @param score name of the number it limits
    /// @param least whether it is the least that stays, or the most
    /// @param now   the limit of the run
    /// @param reason of what it drops
    public record Change(String step, String score, boolean least, double now, double threshold, String reason) {
        /// @return the query of the rows that would go; what people accepted stays
        public String going() {
            return "(is:kept -is:accepted %s:%s%s)".formatted(score, least ? "<" : ">", number(threshold));
        }

        /// @return the query of the rows that this step would let pass
        public String coming() {
            return "(is:dropped step:%s reason:\"%s\" %s:%s%s)".formatted(step, reason, score, least ? ">=" : "<=",
                    number(threshold));
        }

        /// @return where it stands in the step's config
        /// @throws DataException if it stands in a file of its own
        String key() {
            return switch (step) {
                case "length" -> least ? "min" : "max";
                case "substring_duplicates" -> "share";
                case "repair" -> "most_lost";
                default -> throw new DataException("step", "one whose threshold stands in the recipe: length, "
                        + "substring_duplicates, repair", "'%s'".formatted(step),
                        "change its own file of rules, and name that in the recipe");
            };
        }

        /// @return as the config writes it: counted things have no fractions
        String value() {
            return step.equals("substring_duplicates") ? number(threshold)
                    : String.valueOf((long) (least ? Math.ceil(threshold) : Math.floor(threshold)));
        }

        private static String number(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value)
                    : String.format(Locale.ROOT, "%s", value);
        }
    }

    /// @throws DataException if there is no run, or its recipe has no such step
    public static ThresholdRecipe of(ReviewFiles files, List<Change> changes) {
        Path recipe = files.root().map(root -> root.resolve("recipe.yaml")).filter(Files::isRegularFile)
                .orElseThrow(() -> new DataException(files.name(), "a run with its recipe.yaml", "none",
                        "review the folder of a run of curate"));
        List<String> lines = new ArrayList<>(RegularFiles.text(recipe).lines().toList());
        changes.forEach(change -> change(lines, change, recipe));
        String yaml = String.join("\n", lines) + "\n";
        int number = 1;
        while (Files.exists(files.state().resolve("recipe-" + number + ".yaml"))) {
            number++;
        }
        Path path = files.state().resolve("recipe-" + number + ".yaml");
        AtomicFiles.write(path, yaml);
        return new ThresholdRecipe(path, yaml);
    }

    /// The recipe of a run is written by us: each key on a line of its own, inner ones further to the right.
    private static void change(List<String> lines, Change change, Path recipe) {
        boolean curate = false;
        Optional<Integer> step = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int depth = line.length() - line.stripLeading().length();
            if (depth == 0 && !line.isBlank()) {
                curate = line.startsWith("curate:");
                step = Optional.empty();
            }
            if (step.isPresent() && depth <= step.get() && !line.isBlank()) {
                step = Optional.empty();
            }
            if (curate && line.strip().equals(change.step() + ":")) {
                step = Optional.of(depth);
            } else if (step.isPresent() && line.strip().startsWith(change.key() + ":")) {
                lines.set(i, line.substring(0, depth) + change.key() + ": " + change.value());
                return;
            }
        }
        throw new DataException(recipe.toString(), "the step %s with its %s".formatted(change.step(), change.key()),
                "none", "write it into the recipe, and curate again");
    }
}
