package dev.socratic.models.generate;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.TextScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How likely whole texts are, in windows that overlap: of `window` tokens, each beginning `stride` tokens behind the
/// one before, and predicting what that one did not read. The first token of a text is only read, and where windows do
/// not overlap so is the first of each.
///
/// Source: transformers' "Perplexity of fixed-length models". It weighs the mean of a window by one token fewer than
/// the window predicts; here every token counts once.
final class RollingScorer {
    private final LabelReader reader;
    private final int context;

    /// @param context of the model
    RollingScorer(LabelReader reader, int context) {
        this.reader = reader;
        this.context = context;
    }

    /// @param texts  as tokens
    /// @param window tokens read together, from 2 to the model's context
    /// @param stride from 1 to the window
    List<TextScore> score(List<long[]> texts, int window, int stride, NDManager manager) {
        if (window < 2 || window > context) {
            throw new ConfigException("window", "2 to %s tokens, the model's context".formatted(context), "" + window,
                    "leave it out for the context");
        }
        if (stride < 1 || stride > window) {
            throw new ConfigException("stride", "1 to %s tokens, the window".formatted(window), "" + stride,
                    "leave it out for half the window");
        }
        List<LabelReader.Row> rows = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int text = 0; text < texts.size(); text++) {
            List<LabelReader.Row> windows = windows(texts.get(text), window, stride);
            rows.addAll(windows);
            for (int i = 0; i < windows.size(); i++) {
                owners.add(text);
            }
        }
        double[] sums = new double[rows.size()];
        reader.read(rows, manager, (row, log, likeliest) -> sums[row] += log);
        List<List<TextScore.Window>> scores = new ArrayList<>();
        texts.forEach(text -> scores.add(new ArrayList<>()));
        for (int row = 0; row < sums.length; row++) {
            scores.get(owners.get(row))
                    .add(new TextScore.Window(sums[row], rows.get(row).ids().length - rows.get(row).first()));
        }
        return scores.stream().map(TextScore::new).toList();
    }

    private static List<LabelReader.Row> windows(long[] ids, int window, int stride) {
        List<LabelReader.Row> rows = new ArrayList<>();
        int read = 0;
        for (int begin = 0; read < ids.length; begin += stride) {
            int end = Math.min(begin + window, ids.length);
            int first = Math.max(read, begin + 1);
            if (first < end) {
                rows.add(new LabelReader.Row(Arrays.copyOfRange(ids, begin, end), first - begin));
            }
            read = end;
        }
        return rows;
    }
}
