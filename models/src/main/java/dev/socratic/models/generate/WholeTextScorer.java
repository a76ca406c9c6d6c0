package dev.socratic.models.generate;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// How likely whole texts are, first token included, as lm-evaluation-harness reads them: a window predicts as many
/// tokens as the context holds, the first behind the prefix token, each next behind the last token of the one before;
/// the last window, which predicts fewer, reads as many tokens before them as fit. Of 5 tokens and a context of 3:
/// `prefix 1 2 -> 1 2 3`, then `2 3 4 -> 4 5`.
///
/// @param prefix  stands before a text
/// @param context of the model
record WholeTextScorer(LabelReader reader, long prefix, int context) {

    /// @param texts as tokens
    /// @return log probability of each
    List<Double> score(List<long[]> texts, NDManager manager) {
        List<LabelReader.Row> rows = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int text = 0; text < texts.size(); text++) {
            for (LabelReader.Row row : windows(texts.get(text))) {
                rows.add(row);
                owners.add(text);
            }
        }
        double[] sums = new double[texts.size()];
        if (!rows.isEmpty()) {
            reader.read(rows, manager, (row, log, likeliest) -> sums[owners.get(row)] += log);
        }
        return Arrays.stream(sums).boxed().toList();
    }

    private List<LabelReader.Row> windows(long[] tokens) {
        List<LabelReader.Row> rows = new ArrayList<>();
        if (tokens.length == 0) {
            return rows;
        }
        int predicted = Math.min(context, tokens.length);
        rows.add(new LabelReader.Row(LongStream.concat(LongStream.of(prefix), Arrays.stream(tokens, 0, predicted))
                .toArray(), 1));
        while (predicted < tokens.length) {
            int end = Math.min(tokens.length, predicted + context);
            int begin = end - context - 1;
            rows.add(new LabelReader.Row(Arrays.copyOfRange(tokens, begin, end), predicted - begin));
            predicted = end;
        }
        return rows;
    }
}
