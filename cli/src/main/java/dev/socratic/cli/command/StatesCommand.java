package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.SafetensorsWriter;
import dev.socratic.models.embed.StateReader;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A model's hidden states of texts, one vector each.
@Command(name = "states", mixinStandardHelpOptions = true, description = {
    "Hidden states of texts, one vector each, of a decoder or an encoder: 'states' [texts, hidden], float32, in a "
            + "safetensors file.",
    "Beside it FILE.jsonl says for each row its id, its tokens, and whether it was cut to the model's context."})
final class StatesCommand implements Callable<Integer> {
    /// Tokens read together at most, padding included; a longer text comes alone.
    private static final int TOKENS = 1 << 13;
    /// Texts that are sorted by length before they are read.
    private static final int SORTED = 1024;

    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path model;

    @Mixin
    private TextOptions texts = new TextOptions();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The safetensors file.")
    private Path out;

    @Option(names = "--pool", paramLabel = "HOW", defaultValue = "mean",
            description = "mean, last or first: whose states make the vector (default: ${DEFAULT-VALUE}).")
    private String pool;

    @Option(names = "--layer", paramLabel = "N", description =
            "0 is the embedding, N what stands behind layer N (default: the final states).")
    private Optional<Integer> layer = Optional.empty();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Threads threads = new Threads();

    StatesCommand(Console console) {
        this.console = console;
    }

    private record Row(String id, StateReader.Text text) {
        long[] ids() {
            return text.ids();
        }

        String line(int number) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("row", number);
            line.put("id", id);
            line.put("tokens", ids().length);
            line.put("cut", text.cut());
            return Json.line(line) + "\n";
        }
    }

    @Override
    public Integer call() {
        StateReader.Pool how = Arrays.stream(StateReader.Pool.values())
                .filter(known -> known.name().equalsIgnoreCase(pool)).findFirst().orElseThrow(() ->
                        new ConfigException("--pool", "mean, last or first", "'" + pool + "'",
                                "leave it out for the mean"));
        List<TextOptions.Named> given = texts.read(console);
        Compute where = compute.open(console);
        Engines.threads(threads.number());
        try (StateReader reader = StateReader.open(
                new HubModels(console.environment(), console::talk).folder(model), where)) {
            List<Row> rows = rows(reader, given);
            write(reader, rows, layer.orElse(reader.layers()), how);
            tell(reader, given.size(), rows);
        }
        return ExitCode.DONE;
    }

    private List<Row> rows(StateReader reader, List<TextOptions.Named> given) {
        List<Row> rows = new ArrayList<>();
        for (TextOptions.Named text : given) {
            StateReader.Text read = reader.text(text.text());
            if (read.ids().length > 0) {
                rows.add(new Row(text.id(), read));
            }
        }
        if (rows.isEmpty()) {
            throw new DataException(texts.place(), "a text of at least one token", "empty ones", "give longer texts");
        }
        return rows;
    }

    private void write(StateReader reader, List<Row> rows, int number, StateReader.Pool how) {
        SafetensorsWriter.write(out, List.of(new Outgoing("states", DType.F32,
                List.of((long) rows.size(), (long) reader.width()), stream -> {
            for (int from = 0; from < rows.size(); from += SORTED) {
                for (float[] vector : vectors(reader, rows.subList(from, Math.min(rows.size(), from + SORTED)), number,
                        how)) {
                    put(vector, stream);
                }
            }
        })));
        AtomicFiles.write(Path.of(out + ".jsonl"), stream -> {
            for (int i = 0; i < rows.size(); i++) {
                stream.write(rows.get(i).line(i).getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static void put(float[] vector, OutputStream stream) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        stream.write(bytes.array());
    }

    private static float[][] vectors(StateReader reader, List<Row> rows, int number, StateReader.Pool how) {
        List<Integer> order = IntStream.range(0, rows.size()).boxed()
                .sorted(Comparator.comparingInt(i -> rows.get(i).ids().length)).toList();
        float[][] vectors = new float[rows.size()][];
        for (int from = 0, to; from < order.size(); from = to) {
            to = from + 1;
            while (to < order.size() && (to + 1 - from) * rows.get(order.get(to)).ids().length <= TOKENS) {
                to++;
            }
            List<Integer> part = order.subList(from, to);
            List<float[]> made = reader.read(part.stream().map(i -> rows.get(i).ids()).toList(), number, how);
            for (int i = 0; i < made.size(); i++) {
                vectors[part.get(i)] = made.get(i);
            }
        }
        return vectors;
    }

    private void tell(StateReader reader, int given, List<Row> rows) {
        long cut = rows.stream().filter(row -> row.text().cut()).count();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("rows", rows.size());
        result.put("empty", given - rows.size());
        result.put("cut", cut);
        result.put("width", reader.width());
        result.put("written", List.of(out.toString(), out + ".jsonl"));
        if (json) {
            console.json(result);
        } else {
            console.data("%s texts, %s numbers each, in %s; %s empty ones left out, %s cut to %s tokens".formatted(
                    rows.size(), reader.width(), out, given - rows.size(), cut, reader.context()));
        }
    }
}
