package dev.socratic.generator;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.generator.strategy.Ask;
import dev.socratic.generator.strategy.Strategy;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.generator.verify.Check;
import dev.socratic.generator.verify.code.CodeCheckConfig;
import dev.socratic.prompts.FewShot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What to ask whom, and what an answer has to pass.
///
/// @param questions   where the questions come from
/// @param strategy    what is done with a question: asked once, or led through several steps and models
/// @param prompt      name of a built-in template, or path of a template file
/// @param fewShot     examples before each question, for templates that take them
/// @param teacher     who answers
/// @param samples     answers wanted of each question: conversations, where a strategy leads some
/// @param sampling    how they are written; several samples want a temperature above 0
/// @param checks      what an answer must pass to be kept; they are made in the order of [Check], whatever the order
///                    here
/// @param limit       how many questions at most, from the beginning
/// @param budget      what may be spent by all generation in the run's folder
/// @param rejectLimit share of rejected and failed rows, in [0, 1], above which the command ends with exit code 3
/// @param seed        of everything that is drawn
/// @param code        how answers that are programs are tested: a check of its own, behind the others
public record GenerateConfig(
        QuestionSource questions,
        @Default("ask") Strategy strategy,
        @Default("chain_of_thought") @NameOrFile(dev.socratic.prompts.PromptTemplate.FILES) String prompt,
        Optional<FewShot> fewShot,
        TeacherConfig teacher,
        @Default("1") int samples,
        @Default("{temperature: 0.7}") GenerationParameters sampling,
        @Default("[truncated, refusal, repetition, format, final_answer]") List<Check> checks,
        Optional<Integer> limit,
        @Default("{}") @Effort BudgetConfig budget,
        @Default("1.0") @Effort double rejectLimit,
        @Default("0") long seed,
        Optional<CodeCheckConfig> code) {
    /// Asks each question as it is; no programs are run.
    public GenerateConfig(QuestionSource questions, String prompt, Optional<FewShot> fewShot, TeacherConfig teacher,
            int samples, GenerationParameters sampling, List<Check> checks, Optional<Integer> limit,
            BudgetConfig budget, double rejectLimit, long seed) {
        this(questions, new Ask(), prompt, fewShot, teacher, samples, sampling, checks, limit, budget, rejectLimit,
                seed, Optional.empty());
    }

    public GenerateConfig {
        if (samples < 1) {
            throw new IllegalArgumentException("samples: at least 1; got %s".formatted(samples));
        }
        limit.filter(n -> n < 1).ifPresent(n -> {
            throw new IllegalArgumentException(
                    "limit: at least 1; got %s; leave it out to ask every question".formatted(n));
        });
        if (!(rejectLimit >= 0 && rejectLimit <= 1)) {
            throw new IllegalArgumentException(
                    "reject_limit: a share in [0, 1]; got %s; 1.0 accepts any".formatted(rejectLimit));
        }
        if (code.isPresent() && !(strategy instanceof Ask)) {
            throw new IllegalArgumentException("code: tests of answers to questions that are asked once; got it with "
                    + "another strategy; leave strategy out, or curate what it makes");
        }
        teacher.check("sampling", sampling);
        checks = List.copyOf(Set.copyOf(checks).stream().sorted().toList());
    }
}
