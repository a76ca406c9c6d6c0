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
/// @param repeats     how often each question is asked
/// @param cluster     field of a question by which questions hang together (a passage, a template): errors and
///                    intervals take those of one value for one draw
/// @param by          field of a question by which scores are told apart too (`level`, `subject`)
/// @param logprobs    whether each answer is read again for the log probability of its tokens, which stand in the
///                    samples and colour the page; at most [#MOST_TOKENS] of an answer, the others are counted
/// @param stopEarly   when so many questions have been asked that no more are needed; left out, all are
public record EvalTask(
        String name,
        QuestionSource questions,
        @Default("chain_of_thought") @NameOrFile(PromptTemplate.FILES) String prompt,
        @Inline @Default("{temperature: 0}") GenerationParameters generation,
        Optional<Integer> limit,
        Optional<FewShot> fewShot,
        @Inline Repeats repeats,
        Optional<String> cluster,
        Optional<String> by,
        Optional<SequentialStop> stopEarly,
        @Default("false") boolean logprobs) {
    /// Tokens of one answer whose log probability is kept.
    public static final int MOST_TOKENS = 4_096;

    public EvalTask {
        FileName.checked("name", name);
        if (repeats.repeats() > 1 && generation.sampling().temperature() == 0) {
            throw new IllegalArgumentException(
                    "repeats: %s answers to a question want a temperature above 0; got temperature 0, which gives the "
                            .formatted(repeats.repeats()) + "same answer each time; write temperature: 0.6");
        }
        if (stopEarly.isPresent() && cluster.isPresent()) {
            throw new IllegalArgumentException("stop_early: questions that are drawn one by one; got a task whose "
                    + "questions hang together (cluster); leave one of the two out");
        }
        if (limit.isPresent() && limit.get() < 1) {
            throw new IllegalArgumentException(
                    "limit: at least 1; got %s; leave it out for all questions".formatted(limit.get()));
        }
    }

    /// Each question asked, and once, none hanging together.
    public EvalTask(String name, QuestionSource questions, String prompt, GenerationParameters generation,
            Optional<Integer> limit, Optional<FewShot> fewShot) {
        this(name, questions, prompt, generation, limit, fewShot, Repeats.ONCE, Optional.empty(), Optional.empty(),
                Optional.empty(), false);
    }

    /// @return the same with no more questions than that
    public EvalTask limitedTo(int most) {
        return new EvalTask(name, questions, prompt, generation, Optional.of(Math.min(most, limit.orElse(most))),
                fewShot, repeats, cluster, by, stopEarly, logprobs);
    }

    /// @return the same with each question asked, and once
    public EvalTask once() {
        return new EvalTask(name, questions, prompt, generation, limit, fewShot, Repeats.ONCE, cluster, by,
                Optional.empty(), false);
    }
}
