package dev.socratic.trainer.rollout;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Continues the prompts of micro-batches with a decoder.
///
/// The numbers that answers are drawn by are those of their micro-batch, row after row, `steps` for each, where `steps`
/// is what its longest prompt leaves of `max_seq` and the context, at most `max_new_tokens`. So a text is that of the
/// seed, the step and its place in the data, whoever else is written along with it.
///
/// @param sampling     how each token is drawn
/// @param maxNewTokens longest answer
/// @param completions  answers to each prompt, one behind the other
/// @param eos          ids that end an answer; they are part of it
/// @param maxSeq       longest row, in tokens
/// @param cacheTokens  positions that the cache may hold
/// @param notes        whether rows keep the log-probabilities they were drawn by
/// @param mix          the teacher, where it has a share of each token's distribution
record Sampler(Sampling sampling, int maxNewTokens, int completions, long[] eos, int maxSeq, long cacheTokens,
        boolean notes, Optional<Mix> mix) {
    /// @param teacher      writes with the student
    /// @param teacherShare its share of each token's distribution
    record Mix(Decoder teacher, double teacherShare) {}

    /// @param seeds of each micro-batch
    /// @return of each micro-batch the answers to its prompts, every token of which is in the loss; none where no
    ///         prompt leaves room
    List<List<TokenRow>> sample(List<MicroBatch> batches, Decoder decoder, long[] seeds) {
        List<List<RunningAnswers.Answer>> all = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            all.add(begun(prompts(batches.get(i)), decoder, new Random(seeds[i])));
        }
        if (mix.isEmpty()) {
            new RunningAnswers(decoder, sampling, eos, cacheTokens, notes)
                    .write(all.stream().flatMap(List::stream).toList());
        }
        return IntStream.range(0, batches.size()).mapToObj(i -> rows(batches.get(i), all.get(i))).toList();
    }

    /// @param answers to the prompts that leave room, in their order
    private List<TokenRow> rows(MicroBatch asked, List<RunningAnswers.Answer> answers) {
        List<Integer> numbers = asked.tokenRows().stream()
                .filter(row -> row.lossTokens() > 0 && row.promptLength() < maxSeq)
                .flatMap(row -> Collections.nCopies(completions, row.number()).stream()).toList();
        return IntStream.range(0, answers.size()).mapToObj(row -> toRow(answers.get(row).prompt(),
                answers.get(row).written()).withOldLogProbs(noted(answers.get(row))).withNumber(numbers.get(row)))
                .toList();
    }

    /// What two models draw from has other probabilities than the student's.
    private Optional<float[]> noted(RunningAnswers.Answer answer) {
        return notes && mix.isEmpty() ? Optional.of(answer.logProbs()) : Optional.empty();
    }

    private List<RunningAnswers.Answer> begun(List<long[]> asked, Decoder decoder, Random random) {
        List<long[]> prompts = asked.stream().filter(prompt -> prompt.length < maxSeq)
                .flatMap(prompt -> IntStream.range(0, completions).mapToObj(again -> prompt)).toList();
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(maxSeq);
        int room = Math.min(decoder.config().context(), maxSeq) - longest;
        int steps = Math.min(maxNewTokens, room);
        if (steps < 1) {
            return List.of();
        }
        double[][] uniforms = new double[prompts.size()][steps];
        for (double[] row : uniforms) {
            Arrays.setAll(row, i -> random.nextDouble());
        }
        List<RunningAnswers.Answer> answers = IntStream.range(0, prompts.size())
                .mapToObj(row -> new RunningAnswers.Answer(prompts.get(row), uniforms[row])).toList();
        mix.ifPresent(with -> mixed(decoder, with, answers, uniforms, random));
        return answers;
    }

    /// Token by token from `(1-a) q + a p`: which of the two writes a token is drawn, then the token from that one's
    /// distribution.
    private void mixed(Decoder decoder, Mix with, List<RunningAnswers.Answer> answers, double[][] uniforms,
            Random random) {
        List<long[]> prompts = answers.stream().map(RunningAnswers.Answer::prompt).toList();
        try (Decoding decoding = Decoding.start(decoder, prompts);
                Decoding teaching = Decoding.start(with.teacher(), prompts)) {
            for (int step = 0; step < Math.min(uniforms[0].length, teaching.room()); step++) {
                boolean[] theirs = new boolean[answers.size()];
                double[] now = new double[answers.size()];
                for (int row = 0; row < now.length; row++) {
                    theirs[row] = random.nextDouble() < with.teacherShare();
                    now[row] = uniforms[row][step];
                }
                long[] tokens = decoding.drawMixed(teaching, theirs, now);
                for (int row = 0; row < now.length; row++) {
                    answers.get(row).accept(tokens[row], Float.NaN, eos);
                }
                if (answers.stream().noneMatch(RunningAnswers.Answer::open)) {
                    break;
                }
                decoding.write(tokens);
                teaching.write(tokens);
            }
        }
    }

    /// Everything before the first loss token.
    static List<long[]> prompts(MicroBatch batch) {
        List<long[]> prompts = new ArrayList<>();
        long last = -1;
        for (long place : batch.lossPositions()) {
            long row = place / batch.seq();
            if (row != last) {
                prompts.add(Arrays.copyOfRange(batch.ids(), (int) row * batch.seq(), (int) place + 1));
                last = row;
            }
        }
        return prompts;
    }

    private static TokenRow toRow(long[] prompt, long[] sampled) {
        int[] ids = new int[prompt.length + sampled.length];
        boolean[] counts = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(i < prompt.length ? prompt[i] : sampled[i - prompt.length]);
            counts[i] = i >= prompt.length;
        }
        return new TokenRow(ids, counts);
    }

    static long seed(long seed, long step, int batch) {
        return Seeds.derive(seed, "rollout", Long.toString(step), Integer.toString(batch));
    }
}
