package dev.socratic.curator.config;

import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.prompts.judge.Rubric;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A step that scores every row and drops by limits on the score. What each measures stands at the class that does it.
public sealed interface ScoreConfig extends StepConfig {
    /// @return names of the models it asks, keys of the recipe's `models`
    Set<String> models();

    /// @return whether those it asks have to score text, which local weights do
    default boolean needsWeights() {
        return true;
    }

    /// How likely a local model finds a row.
    ///
    /// @param model  a key of the recipe's `models`: local weights
    /// @param of     what the limits are on
    /// @param prompt how the question stands before the answer
    /// @param limits on nats per token
    record Perplexity(String model, @Default("answer") Of of, @Default("auto") PromptForm prompt,
            @Inline ScoreLimits limits) implements ScoreConfig {
        @Override
        public Set<String> models() {
            return Set.of(model);
        }

        /// Which loss.
        public enum Of {
            /// Of the answer, given the question.
            ANSWER,
            /// Of question and answer together.
            WHOLE
        }
    }

    /// How much a question helps a local model with its answer: instruction-following difficulty.
    ///
    /// @param model  a key of the recipe's `models`: local weights, in the paper the student before its training
    /// @param prompt how the question stands before the answer
    /// @param limits on the ratio; the paper keeps the highest below 1
    record Ifd(String model, @Default("auto") PromptForm prompt, @Inline ScoreLimits limits) implements ScoreConfig {
        @Override
        public Set<String> models() {
            return Set.of(model);
        }
    }

    /// How much of what the teacher knows of an answer the student does not know yet.
    ///
    /// @param student a key of the recipe's `models`: local weights, as the training starts with them
    /// @param teacher a key of the recipe's `models`: local weights that know what is to be learned
    /// @param prompt  how the question stands before the answer
    /// @param limits  on the difference, in nats per byte
    record Learnability(String student, String teacher, @Default("auto") PromptForm prompt,
            @Inline ScoreLimits limits) implements ScoreConfig {
        public Learnability {
            if (student.equals(teacher)) {
                throw new IllegalArgumentException(
                        "student and teacher: two models; got '%s' for both; name a teacher".formatted(student));
            }
        }

        @Override
        public Set<String> models() {
            return Stream.of(student, teacher).collect(Collectors.toUnmodifiableSet());
        }
    }

    /// Which share of the samples of a row's question is right.
    ///
    /// @param samples    files of `generate`, `rejected.jsonl` beside `answers.jsonl`; left out, those of this run
    /// @param ignore     checks whose failure does not count
    /// @param minSamples a question with fewer has no score
    /// @param of         what the limits are on
    /// @param limits     on it
    record PassRate(@Default("[]") List<Path> samples, @Default("[]") List<String> ignore,
            @Default("1") int minSamples, @Default("pass_rate") Of of, @Inline ScoreLimits limits)
            implements ScoreConfig {
        public PassRate {
            samples = List.copyOf(samples);
            ignore = List.copyOf(ignore);
            if (minSamples < 1) {
                throw new IllegalArgumentException("min_samples: at least 1; got %s".formatted(minSamples));
            }
        }

        @Override
        public Set<String> models() {
            return Set.of();
        }

        /// Which number.
        public enum Of {
            /// Right samples over all, p: 1 is easy, 0 is out of reach.
            PASS_RATE,
            /// p (1 - p): highest where half the samples are right.
            LEARNABILITY
        }
    }

    /// What a judge says of a row by a rubric.
    ///
    /// @param model      a key of the recipe's `models`: an endpoint, or local weights with a chat template
    /// @param rubric     a built-in one (`deita_complexity`, `deita_quality`, `answer_quality`), or the path of a file
    ///                   `<name>.rubric.yaml`
    /// @param of         what the limits are on: `overall`, or one criterion of the rubric
    /// @param generation how the verdict is written
    /// @param seed       of the draws, where `temperature` is above 0
    /// @param budget     what may be spent by the curation, over all runs in the folder
    /// @param labels     rows `{id, label}`: what people say of some rows, on the scale of `of`; the report tells how
    ///                   well the judge agrees with them
    /// @param limits     on the score
    record Judge(String model, @NameOrFile(Judge.RUBRIC) String rubric, @Default("overall") String of,
            @Inline @Default("{temperature: 0, max_tokens: 512}") GenerationParameters generation,
            @Default("0") long seed, @Default("{}") BudgetConfig budget, Optional<Path> labels,
            @Inline ScoreLimits limits) implements ScoreConfig {
        /// How files of rubrics end.
        public static final String RUBRIC = Rubric.FILES;

        @Override
        public Set<String> models() {
            return Set.of(model);
        }

        @Override
        public boolean needsWeights() {
            return false;
        }
    }

    /// How a question stands before its answer where a model reads both.
    enum PromptForm {
        /// In the model's chat template where it has one, else plain.
        AUTO,
        /// In the model's chat template, with the opening of its turn.
        CHAT,
        /// The texts of the turns with an empty line behind each.
        PLAIN
    }

    /// @return the names in one config, for messages
    static Optional<String> unknown(ScoreConfig config, Set<String> known) {
        return config.models().stream().filter(name -> !known.contains(name)).sorted().findFirst();
    }
}
