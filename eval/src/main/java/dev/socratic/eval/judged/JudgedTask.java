package dev.socratic.eval.judged;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.FileName;
import dev.socratic.core.config.Inline;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.prompts.PromptTemplate;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A task whose answers no rule can score, or whose questions are a conversation.
///
/// ```yaml
/// judged:
///   - judge: {name: helpful, questions: {file: {path: q.jsonl}}, judging: {judges: [gpt], rubric: helpfulness}}
///   - pairwise: {name: arena, questions: {file: {path: q.jsonl}}, against: [base], judging: {judges: [gpt],
///                rubric: preference}}
///   - multi_turn: {name: chat, conversations: mt.jsonl, judging: {judges: [gpt], rubric: turn_quality}}
///   - socratic: {name: tutor, questions: {file: {path: test_socratic.jsonl}}}
/// ```
public sealed interface JudgedTask {
    /// @return of the task, in files and tables
    String name();

    /// @return how the model's turns are written
    GenerationParameters generation();

    /// @return who judges, where anybody does
    Optional<Judging> judgement();

    /// @return keys of the recipe's `models` that it asks, beside the model that is evaluated
    default Set<String> models() {
        return new LinkedHashSet<>(judgement().map(Judging::judges).orElse(List.of()));
    }

    /// Answers, each judged by itself: points, or a verdict in words.
    ///
    /// @param questions with or without gold answers, which a rubric may show
    /// @param limit     only the first so many
    record Judge(String name, QuestionSource questions, @Default("plain") @NameOrFile(PromptTemplate.FILES)
            String prompt, @Inline @Default("{temperature: 0}") GenerationParameters generation,
            Optional<Integer> limit, Judging judging) implements JudgedTask {
        public Judge {
            check(name, limit);
        }

        @Override
        public Optional<Judging> judgement() {
            return Optional.of(judging);
        }
    }

    /// Two answers to one question, of which the judge prefers one. Both orders are judged: a judge that always prefers
    /// the first gives each half a win.
    ///
    /// @param against  keys of the recipe's `models`: the others that answer
    /// @param allPairs whether the others are compared with each other too; without, each only with the model
    record Pairwise(String name, QuestionSource questions, @Default("plain") @NameOrFile(PromptTemplate.FILES)
            String prompt, @Inline @Default("{temperature: 0}") GenerationParameters generation,
            Optional<Integer> limit, List<String> against, @Default("false") boolean allPairs, Judging judging)
            implements JudgedTask {
        public Pairwise {
            check(name, limit);
            against = List.copyOf(against);
            if (against.isEmpty() || against.stream().distinct().count() < against.size()) {
                throw new IllegalArgumentException("against: at least one model, each once; got %s; write against: "
                        .formatted(against) + "[NAME], with models: {NAME: {weights: {path: FOLDER}}}");
            }
        }

        @Override
        public Optional<Judging> judgement() {
            return Optional.of(judging);
        }

        @Override
        public Set<String> models() {
            Set<String> all = new LinkedHashSet<>(against);
            all.addAll(judging.judges());
            return all;
        }
    }

    /// Conversations whose user turns are fixed, in the form of MT-Bench (Zheng et al. 2023, arXiv:2306.05685): rows
    /// `{turns: [...], reference?: [...], question_id?, category?}`.
    ///
    /// @param conversations a file of such rows
    /// @param system        before all of each conversation
    /// @param judged        whether each answer is judged or the last one alone
    record MultiTurn(String name, Path conversations, @Default("''") String system,
            @Inline @Default("{temperature: 0}") GenerationParameters generation, Optional<Integer> limit,
            @Default("each") Turns judged, Judging judging) implements JudgedTask {
        public MultiTurn {
            check(name, limit);
        }

        @Override
        public Optional<Judging> judgement() {
            return Optional.of(judging);
        }

        /// Which answers are judged.
        public enum Turns { EACH, LAST }
    }

    /// A tutor, the model, and a student with a problem: whether the tutor leads by questions and keeps the answer to
    /// itself until the student has it. All figures but an optional judge's are counted, without a judge.
    ///
    /// @param questions with gold answers; the scripted student, and coverage, want `steps` as GSM8K's Socratic files
    ///                  have
    /// @param prompt    of the tutor: a template over `question`
    /// @param student   a key of the recipe's `models`; left out, the student is scripted
    /// @param studentPrompt of a model that is the student: a template over `question` and `tutor`, its first turn
    /// @param turns     of the tutor, at most
    /// @param judging   of whole dialogues
    record Socratic(String name, QuestionSource questions, @Default("tutor") @NameOrFile(PromptTemplate.FILES)
            String prompt, @Inline @Default("{temperature: 0, max_tokens: 256}") GenerationParameters generation,
            Optional<Integer> limit, Optional<String> student,
            @Default("student") @NameOrFile(PromptTemplate.FILES) String studentPrompt, @Default("8") int turns,
            Optional<Judging> judging) implements JudgedTask {
        public Socratic {
            check(name, limit);
            if (turns < 1 || turns > 100) {
                throw new IllegalArgumentException("turns: from 1 to 100; got %s; 8 is usual".formatted(turns));
            }
        }

        @Override
        public Optional<Judging> judgement() {
            return judging;
        }

        @Override
        public Set<String> models() {
            Set<String> all = new LinkedHashSet<>(student.stream().toList());
            judging.ifPresent(who -> all.addAll(who.judges()));
            return all;
        }
    }

    private static void check(String name, Optional<Integer> limit) {
        FileName.checked("name", name);
        if (limit.isPresent() && limit.get() < 1) {
            throw new IllegalArgumentException(
                    "limit: at least 1; got %s; leave it out for all of them".formatted(limit.get()));
        }
    }
}
