package dev.socratic.trainer.objective;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Inline;
import dev.socratic.core.text.Sampling;
import java.util.List;
import java.util.Optional;

/// Where the tokens of a step come from: one choice an objective, not a term.
public sealed interface Rollout {
    /// The data set.
    record Data() implements Rollout {}

    /// What the student writes itself after the prompts of the data set, drawn anew each step; no gradient flows
    /// through the drawing. A step is the student's with the probability `fraction`, else the data set's. Sources: GKD,
    /// Agarwal et al. 2023, arXiv:2306.13649; DistiLLM, Ko et al. 2024, arXiv:2402.03898 (a share that grows).
    ///
    /// @param fraction     probability that a step is sampled; `driven` follows the held-out loss
    /// @param maxNewTokens longest answer
    /// @param sampling     how each token is drawn; it never enters a loss
    /// @param keepData     whether the data's rows stay in the step, each with the student's answer to the same
    ///                     prompt beside it: terms choose with `on: on_policy`. A micro-batch then holds twice as
    /// many rows
    /// @param teacherMix of each token's distribution, `(1-a) q + a p`: MiniLLM's teacher-mixed sampling (.2), which
    ///                   keeps a weak student from writing what no one can learn from
    /// @param replay     answers kept and used again, for a student that writes slowly
    /// @param updates    optimiser steps in a row that learn from what was written, whole: rows, answers and the
    ///                   log-probabilities they were drawn by stay, and the data is read on when they are done. Terms
    ///                   of [Estimate.Sampled] then weigh a token by how much likelier the student finds it than when
    ///                   it drew it; MiniLLM has 4. They are part of the checkpoint
    /// @param completions answers to each prompt, drawn apart; the prompt is read once. They fill as many micro-batches
    ///                   of as many rows, so that a step has so many times the rows of the data
    /// @param staleness  how many updates old a text may be: the text of step k is written on a thread of its own while
    ///                   the steps before it are learned from, with the weights as they were `staleness` updates ago,
    ///                   of which as many copies are held; 0 writes it when it is needed. A budget of epochs counts
    ///                   what was read ahead. Source: one step off, Noukhovitch et al. 2024, arXiv:2410.18252
    /// @param importanceCap of what was drawn `staleness` updates ago: losses over the vocabulary are multiplied by
    ///                   `min(q_now / q_then, importance_cap)` of the token; 0 corrects nothing
    /// @param tools      that it may call while it writes; their results are read and no part of the loss
    record Student(
            @Default("1") @Alias("share") Schedule fraction,
            @Default("128") int maxNewTokens,
            @Inline Sampling sampling,
            @Default("false") @Alias("beside") boolean keepData,
            @Default("0") @Alias("teacher_share") double teacherMix,
            Optional<Replay> replay,
            @Default("1") int updates,
            @Default("1") @Alias("num_generations") int completions,
            @Default("0") int staleness,
            @Default("2") double importanceCap,
            Optional<Tools> tools)
            implements Rollout {
        public Student(Schedule fraction, int maxNewTokens, Sampling sampling, boolean keepData, double teacherMix,
                Optional<Replay> replay) {
            this(fraction, maxNewTokens, sampling, keepData, teacherMix, replay, 1, 1, 0, 2, Optional.empty());
        }

        public Student(Schedule fraction, int maxNewTokens, Sampling sampling) {
            this(fraction, maxNewTokens, sampling, false, 0, Optional.empty());
        }

        public Student {
            check(maxNewTokens);
            if (fraction instanceof Schedule.Adaptive
                    || replay.filter(kept -> kept.freshFraction() instanceof Schedule.Adaptive).isPresent()) {
                throw new IllegalArgumentException(
                        "student.fraction and replay.fresh_fraction follow no term's loss; got adaptive; write "
                                + "driven or linear");
            }
            if (!(teacherMix >= 0 && teacherMix < 1)) {
                throw new IllegalArgumentException(
                        "student.teacher_mix must be at least 0 and below 1; got %s; 0.2 is MiniLLM's".formatted(
                                teacherMix));
            }
            if (teacherMix > 0 && !sampling.isPlain()) {
                throw new IllegalArgumentException(
                        ("student.teacher_mix mixes whole distributions; got temperature %s, top_p %s, top_k %s, "
                                + "min_p %s%s; leave them out").formatted(
                                sampling.temperature(), sampling.topP(), sampling.topK(), sampling.minP(),
                                String.join("", sampling.further().keySet().stream().map(", "::concat).toList())));
            }
            if (updates < 1 || updates > 1 && replay.isPresent()) {
                throw new IllegalArgumentException(
                        ("student.updates must be at least 1, and 1 beside replay, which uses answers again as well; "
                                + "got %s").formatted(updates));
            }
            if (completions < 1 || completions > 1 && keepData) {
                throw new IllegalArgumentException(
                        ("student.completions must be at least 1, and 1 beside keep_data, which puts one answer beside "
                                + "each row; got %s").formatted(completions));
            }
            if (staleness < 0 || staleness > 0 && (updates > 1 || replay.isPresent() || teacherMix > 0)) {
                throw new IllegalArgumentException(
                        ("student.staleness must be at least 0, and 0 beside updates, replay and teacher_mix; got %s")
                                .formatted(staleness));
            }
            if (!(importanceCap >= 0)) {
                throw new IllegalArgumentException(
                        "student.importance_cap must be at least 0; got %s; 2 cuts at twice, 0 corrects nothing"
                                .formatted(importanceCap));
            }
            if (tools.isPresent() && (keepData || replay.isPresent() || teacherMix > 0)) {
                throw new IllegalArgumentException(
                        "student.tools: nothing else writes or keeps answers with results in them; remove keep_data, "
                                + "replay and teacher_mix");
            }
            if (keepData && replay.isPresent()) {
                throw new IllegalArgumentException(
                        "student.replay: answers used again have no row of the data beside them; remove keep_data "
                                + "or replay");
            }
        }
    }

    /// Tools of the student's. The rows' conversations show them to it (`tools`).
    ///
    /// @param use      which
    /// @param maxCalls turns with calls in an answer; what the student writes in all of them is `max_new_tokens` at
    ///                 most
    record Tools(@Default("[calculator]") List<Builtin> use, @Default("4") int maxCalls) {
        public Tools {
            use = List.copyOf(use);
            if (use.isEmpty() || maxCalls < 1) {
                throw new IllegalArgumentException(
                        "tools: at least one, and max_calls at least 1; got %s and %s".formatted(use, maxCalls));
            }
        }
    }

    /// A tool that is here.
    enum Builtin {
        /// `calculator(expression)`: the value of an arithmetic expression.
        CALCULATOR
    }

    /// The student's own answers, kept. A step that is the student's is written anew with the probability
    /// `fresh_fraction` or while there is room; else it draws from what is kept. The oldest answer goes first. Both
    /// the answers and the share they come at are part of the checkpoint. Source: DistiLLM, Ko et al. 2024,
    /// arXiv:2402.03898 (capacity 1000, fresh fraction from 1 to 0).
    ///
    /// @param capacity      answers kept
    /// @param freshFraction share of the student's steps that are written anew
    record Replay(@Default("1000") int capacity,
            @Default("{linear: {from: 1, to: 0}}") @Alias("fresh") Schedule freshFraction) {
        public Replay {
            if (capacity < 1) {
                throw new IllegalArgumentException("replay.capacity must be at least 1; got " + capacity);
            }
        }
    }

    /// What the teacher writes after the prompts, likewise. Source: sequence-level distillation, Kim and Rush 2016,
    /// arXiv:1606.07947; deviation: drawn as training goes instead of beams made beforehand (that is the stage
    /// `generate`).
    record Teacher(
            @Default("1") @Alias("share") Schedule fraction, @Default("128") int maxNewTokens,
            @Inline Sampling sampling)
            implements Rollout {
        public Teacher {
            check(maxNewTokens);
        }
    }

    private static void check(int maxNewTokens) {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException(
                    "max_new_tokens: at least 1; got %s; 128 suits short answers".formatted(maxNewTokens));
        }
    }
}
