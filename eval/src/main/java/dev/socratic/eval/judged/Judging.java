package dev.socratic.eval.judged;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.prompts.judge.Rubric;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Who judges, by what, and how often a verdict that cannot be read is asked for.
///
/// @param judges     keys of the recipe's `models`, at least one; of several the mean of their scores counts
/// @param rubric     one that comes with the tool, or the path of a file `<name>.rubric.yaml`
/// @param of         which score counts: `overall`, or one criterion of the rubric
/// @param asks       how often at most; each time the judge is shown what it wrote and told the form once more
/// @param generation how verdicts are written
/// @param labels     rows `{id, label}`: what people say of some of the judged, on the scale of `of`
public record Judging(List<String> judges, @NameOrFile(Rubric.FILES) String rubric, @Default("overall") String of,
        @Default("3") int asks, @Inline @Default("{temperature: 0, max_tokens: 512}") GenerationParameters generation,
        Optional<Path> labels) {
    public Judging {
        judges = List.copyOf(judges);
        if (judges.isEmpty() || judges.stream().distinct().count() < judges.size()) {
            throw new IllegalArgumentException("judges: at least one model, each once; got %s; write judges: [NAME], "
                    .formatted(judges) + "with models: {NAME: {endpoint: ...}}");
        }
        if (asks < 1 || asks > 10) {
            throw new IllegalArgumentException("asks: from 1 to 10; got %s; 3 is usual".formatted(asks));
        }
    }
}
