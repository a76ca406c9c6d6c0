package dev.socratic.trainer.rollout;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RolloutReader;
import dev.socratic.trainer.data.SharedIds;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// The micro-batches of a step, as an objective wants them: those of the data set, or their prompts with answers that
/// a model writes now.
///
/// @param rollout     what the objective wants
/// @param eos         ids that end an answer
/// @param maxSeq      longest row, in tokens
/// @param cacheTokens positions of the cache that answers are written in
/// @param seed        of the run
/// @param reader      how a teacher that reads rows otherwise than the student reads what that writes
/// @param tools       that the student may call
/// @param judge       who verifies answers, where a term rewards them
/// @param sharedIds   the ids it may hold, where the teacher's tokenizer differs in added tokens
public record Rollouts(Rollout rollout, List<Long> eos, int maxSeq, long cacheTokens, long seed,
        Optional<RolloutReader> reader, Optional<SharedIds> sharedIds, Optional<AnswerJudge> judge,
        Optional<RolloutTools> tools) {
    /// Positions of the cache for each token of `batch_tokens`: a step's prompts with a few answers each.
    private static final int CACHE_FACTOR = 4;

    /// For one tokenizer.
    public Rollouts(Rollout rollout, List<Long> eos, int maxSeq, long seed) {
        this(rollout, eos, maxSeq, cacheTokens(8192), seed, Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    /// @param batchTokens of a step, at least those of a micro-batch
    /// @return positions that the cache of its answers may hold: `4 batch_tokens`
    public static long cacheTokens(int batchTokens) {
        return (long) CACHE_FACTOR * batchTokens;
    }

    public Rollouts {
        eos = List.copyOf(eos);
    }

    /// A step and what the run remembers after it.
    ///
    /// @param origin where its text comes from
    public record RolloutStep(List<MicroBatch> batches, RolloutState state, Origin origin) {
        static RolloutStep given(List<MicroBatch> batches, RolloutState state) {
            return new RolloutStep(batches, state, Origin.DATA);
        }

        static RolloutStep written(List<MicroBatch> batches, RolloutState state) {
            return new RolloutStep(batches, state, Origin.WRITTEN);
        }

        static RolloutStep again(List<MicroBatch> batches, RolloutState state) {
            return new RolloutStep(batches, state, Origin.AGAIN);
        }

        /// @return whether a model wrote it for this step
        public boolean written() {
            return origin == Origin.WRITTEN;
        }
    }

    /// Where the text of a step comes from.
    public enum Origin {
        /// The data, as it is.
        DATA,
        /// A model, for this step.
        WRITTEN,
        /// A model, for an earlier step.
        AGAIN
    }

    /// Without a memory.
    public List<MicroBatch> of(List<MicroBatch> data, long step, double progress, Decoder student,
            Optional<Decoder> teacher) {
        return of(data, step, progress, student, teacher, RolloutState.EMPTY).batches();
    }

    /// @param step         number of the step, from 1
    /// @param progress     share of the budget used before it
    /// @param teacher      for rollouts of the teacher, or mixed with it
    /// @param rolloutState what the run remembers
    /// @return what the step learns from
    public RolloutStep of(List<MicroBatch> data, long step, double progress, Decoder student, Optional<Decoder> teacher,
            RolloutState rolloutState) {
        return switch (rollout) {
            case Rollout.Data ignored -> RolloutStep.given(data, rolloutState);
            case Rollout.Student s -> happens("share", studentProbability(s, progress, rolloutState), step)
                    ? ofStudent(s, data, step, progress, student, teacher, rolloutState)
                    : RolloutStep.given(data, rolloutState);
            case Rollout.Teacher t -> happens("share", t.fraction().at(progress), step)
                    ? RolloutStep.written(
                            sampled(data, sampler(t.sampling(), t.maxNewTokens(), 1, Optional.empty()),
                                    teacher.orElseThrow(), step), rolloutState)
                    : RolloutStep.given(data, rolloutState);
        };
    }

    /// @return the step that was written last, where it is to be learned from again: then none of the data is read
    public Optional<RolloutStep> reuse(RolloutState rolloutState) {
        return rolloutState.rolloutBuffer()
                .map(again -> RolloutStep.again(again.microBatches(), rolloutState.with(again.afterUpdate())));
    }

    /// @return probability that a step is the student's, now
    public double studentProbability(Rollout.Student s, double progress, RolloutState rolloutState) {
        return s.fraction() instanceof Schedule.Driven driven
                ? driven.after(rolloutState.lossIncreases())
                : s.fraction().at(progress);
    }

    private RolloutStep ofStudent(
            Rollout.Student s, List<MicroBatch> data, long step, double progress, Decoder student,
            Optional<Decoder> teacher, RolloutState rolloutState) {
        boolean again = s.replay().isPresent() && rolloutState.replayBuffer().size() >= s.replay().get().capacity()
                && !happens("fresh", s.replay().get().freshFraction().at(progress), step);
        if (again) {
            return RolloutStep.again(replayed(data, rolloutState, step), rolloutState);
        }
        Optional<Sampler.Mix> mix = s.teacherMix() > 0
                ? Optional.of(new Sampler.Mix(teacher.orElseThrow(), s.teacherMix()))
                : Optional.empty();
        Sampler sampler = sampler(s.sampling(), longest(s, rolloutState), s.completions(), mix);
        List<MicroBatch> sampled = s.keepData()
                ? withOnPolicy(data, sampler, student, step)
                : sampled(data, sampler, student, step);
        if (s.updates() > 1) {
            return RolloutStep.written(sampled,
                    rolloutState.with(Optional.of(RolloutBuffer.of(sampled, s.updates() - 1))));
        }
        if (s.keepData()) {
            return RolloutStep.written(sampled, rolloutState);
        }
        List<TokenRow> rows = sampled.stream().flatMap(batch -> batch.tokenRows().stream()).toList();
        return RolloutStep.written(sampled,
                s.replay().map(replay -> rolloutState.withReplayed(rows, replay.capacity())).orElse(rolloutState));
    }

    /// @return longest answer now: an alarm may have shortened it
    public static int longest(Rollout.Student s, RolloutState rolloutState) {
        return Math.min(s.maxNewTokens(), rolloutState.history().maxNewTokens().orElse(s.maxNewTokens()));
    }

    private boolean happens(String what, double share, long step) {
        return new Random(Seeds.derive(seed, what, Long.toString(step))).nextDouble() < share;
    }

    private Sampler sampler(Sampling sampling, int maxNewTokens, int completions, Optional<Sampler.Mix> mix) {
        return new Sampler(sampling, maxNewTokens, completions, eos.stream().mapToLong(Long::longValue).toArray(),
                maxSeq, cacheTokens, notes(), mix, tools);
    }

    /// Whether the student moves on between writing and learning, and somebody asks how likely it found the text then.
    private boolean notes() {
        return rollout instanceof Rollout.Student student
                && (student.staleness() > 0 || student.updates() > 1 && judge.isPresent());
    }

    /// Answers to the prompts of the data, in micro-batches of as many rows as the data's.
    private List<MicroBatch> sampled(List<MicroBatch> data, Sampler sampler, Decoder decoder, long step) {
        List<List<Optional<TokenRow>>> written = written(data, sampler, decoder, step);
        List<MicroBatch> all = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            List<TokenRow> rows = written.get(i).stream().flatMap(Optional::stream).toList();
            for (int from = 0; from < rows.size(); from += data.get(i).rows()) {
                all.add(MicroBatch.of(rows.subList(from, Math.min(rows.size(), from + data.get(i).rows()))));
            }
        }
        return all;
    }

    /// @return of each micro-batch, an answer to each of its rows that are [#answerable], of several to a prompt one
    ///         behind the other; empty where the teacher cannot read it
    private List<List<Optional<TokenRow>>> written(List<MicroBatch> data, Sampler sampler, Decoder decoder,
            long step) {
        long[] seeds = IntStream.range(0, data.size()).mapToLong(i -> Sampler.seed(seed, step, i)).toArray();
        List<List<TokenRow>> own = sampler.sample(data, decoder, seeds);
        return IntStream.range(0, data.size()).mapToObj(i -> {
            List<TokenRow> asked = answerable(data.get(i));
            List<TokenRow> graded = graded(asked, own.get(i), sampler.completions());
            int each = sampler.completions();
            return IntStream.range(0, graded.size() / each).boxed().flatMap(prompt -> retokenized(asked.get(prompt),
                    graded.subList(prompt * each, (prompt + 1) * each)).stream()).toList();
        }).toList();
    }

    private List<TokenRow> graded(List<TokenRow> asked, List<TokenRow> own, int completions) {
        return judge.map(by -> IntStream.range(0, own.size() / completions).boxed()
                .flatMap(prompt -> by.graded(asked.get(prompt),
                        own.subList(prompt * completions, (prompt + 1) * completions)).stream()).toList()).orElse(own);
    }

    /// @return the rows whose prompts are answered, in the order of the answers: those that have one and leave room
    ///         behind it
    private List<TokenRow> answerable(MicroBatch data) {
        return data.tokenRows().stream().filter(row -> row.lossTokens() > 0 && row.promptLength() < maxSeq).toList();
    }

    /// @return each answer to a prompt as both sides read it, for the teacher its prompt is for; empty where the
    ///         teacher cannot
    private List<Optional<TokenRow>> retokenized(TokenRow asked, List<TokenRow> own) {
        List<Optional<TokenRow>> read = reader.map(one -> one.retokenize(asked, own))
                .orElseGet(() -> own.stream().map(Optional::of).toList());
        return read.stream().map(one -> one
                .filter(row -> sharedIds.map(same -> same.containsAll(row)).orElse(true))
                .map(row -> row.withTeacher(asked.teacher()))).toList();
    }

    /// Each row of the data with the student's answer to its prompt beside it. Rows without one (a prompt that leaves
    /// no room, an answer that the teacher cannot read) stay alone, in a micro-batch of their own.
    private List<MicroBatch> withOnPolicy(List<MicroBatch> data, Sampler sampler, Decoder student, long step) {
        List<List<Optional<TokenRow>>> written = written(data, sampler, student, step);
        List<MicroBatch> all = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            MicroBatch given = data.get(i);
            List<TokenRow> asked = answerable(given);
            List<Optional<TokenRow>> own = written.get(i);
            List<TokenRow> both = IntStream.range(0, own.size()).boxed()
                    .flatMap(row -> own.get(row).map(asked.get(row)::withRejected).stream()).toList();
            List<TokenRow> alone = new ArrayList<>(given.tokenRows());
            IntStream.range(0, own.size()).filter(row -> own.get(row).isPresent())
                    .forEach(row -> remove(alone, asked.get(row)));
            if (both.isEmpty()) {
                all.add(given);
            } else {
                all.add(MicroBatch.of(both));
                if (!alone.isEmpty()) {
                    all.add(MicroBatch.of(alone));
                }
            }
        }
        return all;
    }

    /// Takes out this very row: equal ones are rows of their own.
    private static void remove(List<TokenRow> rows, TokenRow one) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) == one) {
                rows.remove(i);
                return;
            }
        }
    }

    /// As many kept answers as the data has rows, none twice, in micro-batches of as many rows.
    private List<MicroBatch> replayed(List<MicroBatch> data, RolloutState rolloutState, long step) {
        List<RolloutState.Replayed> order = new ArrayList<>(rolloutState.replayBuffer());
        Collections.shuffle(order, new Random(Seeds.derive(seed, "replay", Long.toString(step))));
        List<MicroBatch> all = new ArrayList<>();
        int from = 0;
        for (MicroBatch batch : data) {
            int to = Math.min(order.size(), from + batch.rows());
            if (to > from) {
                all.add(MicroBatch.of(order.subList(from, to).stream().map(RolloutState.Replayed::row).toList()));
            }
            from = to;
        }
        return all;
    }
}
