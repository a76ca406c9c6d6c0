package dev.socratic.trainer.rollout;

import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How long the answers are that a model wrote for a step, in tokens.
///
/// @param answers how many; 0 where none was written
/// @param mean    mean length
/// @param least   of the shortest
/// @param most    of the longest
/// @param ended   mean length of those that ended; empty where none did
/// @param cutOff  share of those that `max_new_tokens` or `max_seq` cut off
public record WrittenText(int answers, double mean, int least, int most, Optional<Double> ended, double cutOff) {
    /// @param step of which all rows, or of pairs the second ones, were written
    /// @param eos  ids that end an answer
    public static WrittenText of(List<MicroBatch> step, List<Long> eos) {
        List<TokenRow> rows = step.stream().flatMap(WrittenText::answers).toList();
        List<TokenRow> whole = rows.stream().filter(row -> eos.contains((long) row.ids()[row.ids().length - 1]))
                .toList();
        int[] lengths = rows.stream().mapToInt(TokenRow::lossTokens).toArray();
        return new WrittenText(rows.size(), IntStream.of(lengths).average().orElse(0),
                IntStream.of(lengths).min().orElse(0), IntStream.of(lengths).max().orElse(0),
                whole.isEmpty() ? Optional.empty()
                        : Optional.of(whole.stream().mapToInt(TokenRow::lossTokens).average().orElseThrow()),
                rows.isEmpty() ? 0 : 1 - (double) whole.size() / rows.size());
    }

    private static Stream<TokenRow> answers(MicroBatch batch) {
        return batch.paired()
                ? IntStream.range(0, batch.pairs()).mapToObj(pair -> batch.tokenRows().get(2 * pair + 1))
                : batch.tokenRows().stream();
    }

    /// @return `answer_tokens`, `answer_tokens_min`, `answer_tokens_max`, `answer_tokens_ended` where any ended, and
    ///         `unfinished_answers`, the share that was cut off; nothing where none was written
    public Map<String, Double> metrics() {
        // In one order: Map.of has another in every process, and the log is compared by bytes.
        Map<String, Double> all = new TreeMap<>();
        if (answers > 0) {
            all.put("answer_tokens", mean);
            all.put("answer_tokens_min", (double) least);
            all.put("answer_tokens_max", (double) most);
            ended.ifPresent(length -> all.put("answer_tokens_ended", length));
            all.put("unfinished_answers", cutOff);
        }
        return all;
    }
}
