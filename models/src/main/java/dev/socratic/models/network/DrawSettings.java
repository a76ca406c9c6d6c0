package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Penalties;
import dev.socratic.models.network.Draws.Noted;
import dev.socratic.models.network.Draws.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What `draw` of `sampler.ts.py` is given, in the order that is said there. A setting that no row needs is an array
/// without numbers.
///
/// @param rows   whose settings they are
/// @param arrays `settings`
/// @param flags  `flags`
record DrawSettings(List<Row> rows, List<NDArray> arrays, boolean[] flags) {
    private static final int LOG_PROBS = 16;

    static DrawSettings of(List<Row> rows, NDManager manager) {
        List<NDArray> arrays = new ArrayList<>(of(rows, manager, new ArrayList<>()));
        boolean biases = rows.stream().anyMatch(row -> biases(row) > 0);
        boolean penalties = rows.stream().anyMatch(row -> !row.sampling().penalties().equals(Penalties.NONE));
        boolean masks = rows.stream().anyMatch(row -> row.mask().length > 0);
        boolean noting = rows.stream().anyMatch(row -> row.notes().isPresent());
        addBiases(biases ? rows : List.of(), manager, arrays);
        addPenalties(penalties ? rows : List.of(), manager, arrays);
        addMasks(masks ? rows : List.of(), manager, arrays);
        addNotes(noting ? rows : List.of(), manager, arrays);
        return new DrawSettings(rows, arrays, new boolean[] {rows.stream().anyMatch(Row::drawn),
                rows.stream().anyMatch(Row::narrowed), biases, penalties, masks, noting});
    }

    private static List<NDArray> of(List<Row> rows, NDManager manager, List<NDArray> arrays) {
        arrays.add(manager.create(rows.stream().map(Row::uniforms).toArray(double[][]::new))); // [batch, steps]
        arrays.add(doubles(rows, row -> row.sampling().temperature(), manager));               // [batch]
        arrays.add(doubles(rows, row -> row.sampling().topP(), manager));                      // [batch]
        arrays.add(manager.create(rows.stream().mapToLong(row -> row.sampling().topK()).toArray())); // [batch]
        arrays.add(doubles(rows, row -> row.sampling().minP(), manager));                      // [batch]
        arrays.add(doubles(rows, row -> row.sampling().typicalP(), manager));                  // [batch]
        return arrays;
    }

    private static NDArray doubles(List<Row> rows, java.util.function.ToDoubleFunction<Row> of, NDManager manager) {
        return manager.create(rows.stream().mapToDouble(of).toArray());
    }

    private static int biases(Row row) {
        return row.sampling().logitBias().size() + (row.late().steps() > 0 ? row.late().ids().length : 0);
    }

    /// Ids that may not come yet have a bias of minus infinity, for some steps. What fills a row up adds 0 to token 0.
    private static void addBiases(List<Row> rows, NDManager manager, List<NDArray> arrays) {
        int most = rows.stream().mapToInt(DrawSettings::biases).max().orElse(0);
        long[][] ids = new long[rows.size()][most];
        double[][] values = new double[rows.size()][most];
        long[][] before = new long[rows.size()][most];
        for (int row = 0; row < rows.size(); row++) {
            int at = 0;
            for (Map.Entry<Integer, Double> bias : rows.get(row).sampling().logitBias().entrySet()) {
                ids[row][at] = bias.getKey();
                values[row][at] = bias.getValue();
                before[row][at++] = Long.MAX_VALUE;
            }
            for (int i = 0; at < biases(rows.get(row)); i++) {
                ids[row][at] = rows.get(row).late().ids()[i];
                values[row][at] = Double.NEGATIVE_INFINITY;
                before[row][at++] = rows.get(row).late().steps();
            }
        }
        arrays.add(longs(ids, most, manager));
        arrays.add(rows.isEmpty() ? manager.create(new double[0]) : manager.create(values));
        arrays.add(longs(before, most, manager));
    }

    /// What fills a row up is its first token once more, which is penalised as it is anyway and counts 0.
    private static void addPenalties(List<Row> rows, NDManager manager, List<NDArray> arrays) {
        int steps = rows.isEmpty() ? 0 : rows.getFirst().uniforms().length;
        int most = rows.stream().mapToInt(DrawSettings::length).max().orElse(0);
        long[][] ids = new long[rows.size()][most + steps];
        double[][] counts = new double[rows.size()][most + steps];
        for (int row = 0; row < rows.size(); row++) {
            Draws.Text text = rows.get(row).text();
            int prompt = text.prompt().length;
            if (!rows.get(row).sampling().penalties().equals(Penalties.NONE)) {
                Arrays.fill(ids[row], prompt > 0 ? text.prompt()[0] : 0);
                System.arraycopy(text.prompt(), 0, ids[row], 0, prompt);
                System.arraycopy(text.answer(), 0, ids[row], prompt, text.answer().length);
                Arrays.fill(counts[row], prompt, length(rows.get(row)), 1);
            }
        }
        arrays.add(longs(ids, most + steps, manager));
        arrays.add(rows.isEmpty() ? manager.create(new double[0]) : manager.create(counts));
        arrays.add(doubles(rows, row -> row.sampling().penalties().repetitionPenalty(), manager));
        arrays.add(doubles(rows, row -> row.sampling().penalties().frequencyPenalty(), manager));
        arrays.add(doubles(rows, row -> row.sampling().penalties().presencePenalty(), manager));
    }

    private static int length(Row row) {
        return row.sampling().penalties().equals(Penalties.NONE) ? 0
                : row.text().prompt().length + row.text().answer().length;
    }

    private static void addMasks(List<Row> rows, NDManager manager, List<NDArray> arrays) {
        int[] masked = IntStream.range(0, rows.size()).filter(row -> rows.get(row).mask().length > 0).toArray();
        int words = IntStream.of(masked).map(row -> rows.get(row).mask().length).max().orElse(0);
        long[][] masks = IntStream.of(masked).mapToObj(row -> Arrays.copyOf(rows.get(row).mask(), words))
                .toArray(long[][]::new);
        arrays.add(manager.create(Arrays.stream(masked).asLongStream().toArray())); // [rows]
        arrays.add(longs(masks, words, manager));                                    // [rows, words]
    }

    private static void addNotes(List<Row> rows, NDManager manager, List<NDArray> arrays) {
        int steps = rows.isEmpty() ? 0 : rows.getFirst().uniforms().length;
        int most = rows.stream().mapToInt(row -> row.notes().map(Draws.Notes::likeliest).orElse(0)).max().orElse(0);
        arrays.add(manager.zeros(new Shape(rows.size(), steps), DataType.FLOAT32));
        arrays.add(manager.zeros(new Shape(rows.size(), steps, most), DataType.INT64));
        arrays.add(manager.zeros(new Shape(rows.size(), steps, most), DataType.FLOAT32));
    }

    private static NDArray longs(long[][] values, int width, NDManager manager) {
        return values.length == 0 || width == 0 ? manager.zeros(new Shape(values.length, width), DataType.INT64)
                : manager.create(values);
    }

    /// Tells whoever wants to know what a call has noted.
    ///
    /// @param steps how many tokens of each row were drawn
    void tell(int steps) {
        if (!flags[flags.length - 1]) {
            return;
        }
        float[] own = arrays.get(LOG_PROBS).toFloatArray();
        long[] ids = arrays.get(LOG_PROBS + 1).toLongArray();
        float[] logs = arrays.get(LOG_PROBS + 2).toFloatArray();
        int most = ids.length / own.length;
        for (int row = 0; row < rows.size(); row++) {
            int first = row * rows.get(row).uniforms().length;
            rows.get(row).notes().ifPresent(notes -> IntStream.range(first, first + steps)
                    .forEach(at -> notes.reader().accept(new Noted(own[at],
                            Arrays.copyOfRange(ids, at * most, at * most + notes.likeliest()),
                            Arrays.copyOfRange(logs, at * most, at * most + notes.likeliest())))));
        }
    }
}
