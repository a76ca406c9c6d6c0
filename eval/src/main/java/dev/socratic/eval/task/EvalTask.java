package dev.socratic.eval.task;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.FileName;
import dev.socratic.core.config.Inline;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.prompts.FewShot;
import dev.socratic.prompts.PromptTemplate;
import java.util.Optional;

/// A question set with gold answers, the way it is asked, and how answers are drawn.
///
/// @param name        name of the task in files and tables, such as `held_out_numbers`
/// @param questions   where the questions come from; a question without a gold answer is counted as unusable, with
///                    its reason
/// @param prompt      built-in template or file
/// @param generation how answers are written; temperature 0, greedy, is the default for accuracy, and as many tokens as
///                   `generate` allows
/// @param limit       only the first so many questions, at least 1
/// @param fewShot     examples before each question, for a prompt that takes some (`few_shot`); the ids of those
///                    drawn go into the samples
public record EvalTask(
        String name,
        QuestionSource questions,
        @Default("chain_of_thought") @NameOrFile(PromptTemplate.FILES) String prompt,
        @Inline @Default("{temperature: 0}") GenerationParameters generation,
        Optional<Integer> limit,
        Optional<FewShot> fewShot) {
    public EvalTask {
        FileName.checked("name", name);
        if (limit.isPresent() && limit.get() < 1) {
            throw new IllegalArgumentException(
                    "limit: at least 1; got %s; leave it out for all questions".formatted(limit.get()));
        }
    }

    /// @return the same with no more questions than that
    public EvalTask limitedTo(int most) {
        return new EvalTask(name, questions, prompt, generation, Optional.of(Math.min(most, limit.orElse(most))),
                fewShot);
    }
}
