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
import java.util.stream.LongStream;

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
/// @param tools        that are called between turns of an answer
record Sampler(Sampling sampling, int maxNewTokens, int completions, long[] eos, int maxSeq, long cacheTokens,
        boolean notes, Optional<Mix> mix, Optional<RolloutTools> tools) {
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
            RunningAnswers running = new RunningAnswers(decoder, sampling, eos, cacheTokens, notes);
            List<RunningAnswers.Answer> open = all.stream().flatMap(List::stream).toList();
            for (int turns = 0; !open.isEmpty(); turns++) {
                running.write(open);
                boolean more = tools.isPresent() && turns < tools.get().most();
                open = more ? open.stream().flatMap(answer -> next(answer, decoder).stream()).toList() : List.of();
            }
        }
        return IntStream.range(0, batches.size()).mapToObj(i -> rows(batches.get(i), all.get(i))).toList();
    }

    /// @return the turn behind one that called tools, where there is room for it
    private Optional<RunningAnswers.Answer> next(RunningAnswers.Answer turn, Decoder decoder) {
        int most = Math.min(decoder.config().context(), maxSeq);
        return turn.ended() ? tools.orElseThrow().results(turn.written()).flatMap(read -> turn.then(read, most))
                : Optional.empty();
    }

    /// @param answers to the prompts that leave room, in their order
    private List<TokenRow> rows(MicroBatch asked, List<RunningAnswers.Answer> answers) {
        List<Integer> numbers = asked.tokenRows().stream()
                .filter(row -> row.lossTokens() > 0 && row.promptLength() < maxSeq)
                .flatMap(row -> Collections.nCopies(completions, row.number()).stream()).toList();
        return IntStream.range(0, answers.size()).mapToObj(row -> row(answers.get(row)).withNumber(numbers.get(row)))
                .toList();
    }

    /// Turns one behind the other; what stands between them is read and not learned.
    private TokenRow row(RunningAnswers.Answer answer) {
        List<RunningAnswers.Answer> turns = answer.turns();
        RunningAnswers.Answer last = turns.getLast();
        long[] all = LongStream.concat(Arrays.stream(last.prompt()), Arrays.stream(last.written())).toArray();
        boolean[] counts = new boolean[all.length];
        float[] logs = new float[turns.stream().mapToInt(turn -> turn.written().length).sum()];
        int at = 0;
        for (RunningAnswers.Answer turn : turns) {
            int length = turn.written().length;
            Arrays.fill(counts, turn.prompt().length, turn.prompt().length + length, true);
            System.arraycopy(turn.logProbs(), 0, logs, at, length);
            at += length;
        }
        return new TokenRow(Arrays.stream(all).mapToInt(Math::toIntExact).toArray(), counts)
                .withOldLogProbs(notes && mix.isEmpty() ? Optional.of(logs) : Optional.empty());
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

    static long seed(long seed, long step, int batch) {
        return Seeds.derive(seed, "rollout", Long.toString(step), Integer.toString(batch));
    }
}
