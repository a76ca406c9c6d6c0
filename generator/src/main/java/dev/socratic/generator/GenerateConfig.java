package dev.socratic.generator;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.generator.verify.Check;
import dev.socratic.prompts.FewShot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What to ask whom, and what an answer has to pass.
///
/// @param questions   where the questions come from
/// @param prompt      name of a built-in template, or path of a template file
/// @param fewShot     examples before each question, for templates that take them
/// @param teacher     who answers
/// @param samples     answers wanted of each question
/// @param sampling    how they are drawn
/// @param checks      what an answer must pass to be kept; they are made in the order of [Check], whatever the order
///                    here
/// @param limit       how many questions at most, from the beginning
/// @param budget      what may be spent by all generation in the run's folder
/// @param rejectLimit share of rejected and failed rows, in [0, 1], above which the command ends with exit code 3
/// @param seed        of everything that is drawn
public record GenerateConfig(
        QuestionSource questions,
        @Default("chain_of_thought") @NameOrFile(dev.socratic.prompts.PromptTemplate.FILES) String prompt,
        Optional<FewShot> fewShot,
        TeacherConfig teacher,
        @Default("1") int samples,
        @Default("{}") SamplingConfig sampling,
        @Default("[truncated, refusal, repetition, format, final_answer]") List<Check> checks,
        Optional<Integer> limit,
        @Default("{}") @Effort BudgetConfig budget,
        @Default("1.0") @Effort double rejectLimit,
        @Default("0") long seed) {
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
        checkTwice(teacher, sampling);
        checks = List.copyOf(Set.copyOf(checks).stream().sorted().toList());
    }

    /// `top_k` twice, once for every endpoint: which one counts would be a guess.
    private static void checkTwice(TeacherConfig teacher, SamplingConfig sampling) {
        if (teacher instanceof TeacherConfig.Endpoint endpoint) {
            boolean topK = sampling.topK() > 0 && endpoint.extraBody().containsKey("top_k");
            boolean minP = sampling.minP() > 0 && endpoint.extraBody().containsKey("min_p");
            if (topK || minP) {
                throw new IllegalArgumentException("sampling: each field in one place; got '%s' here and in"
                        .formatted(topK ? "top_k" : "min_p") + " teacher.endpoint.extra_body; leave it out there");
            }
        }
    }

    /// How answers are drawn.
    ///
    /// @param temperature 0 takes the likeliest token; several samples want more
    /// @param topP        in (0, 1]
    /// @param maxTokens   most new tokens, reasoning included
    /// @param stop        texts at which an answer ends
    /// @param topK        how many of the likeliest tokens are drawn from; 0 keeps all, and endpoints are not told
    /// @param minP        least probability of a token, as a share of the likeliest one's; 0 keeps all, and endpoints
    ///                    are not told
    public record SamplingConfig(
            @Default("0.7") double temperature, @Default("1.0") double topP, @Default("1024") int maxTokens,
            @Default("[]") List<String> stop, @Default("0") int topK, @Default("0") double minP) {
        public SamplingConfig {
            stop = new Sampling(temperature, topP, maxTokens, 0, stop, topK, minP).stop(); // it checks all of them
        }

        public SamplingConfig(double temperature, double topP, int maxTokens, List<String> stop) {
            this(temperature, topP, maxTokens, stop, 0, 0);
        }

        Sampling seeded(long seed) {
            return new Sampling(temperature, topP, maxTokens, seed, stop, topK, minP);
        }
    }
}
