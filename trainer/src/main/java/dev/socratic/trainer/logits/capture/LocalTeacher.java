package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.StoreKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A teacher whose weights are read here.
final class LocalTeacher implements DistributionReader {
    /// Numbers of one chunk: 2 Mi are 8 MiB in float32 and 16 in float64, of which there are a few at a time.
    static final long CHUNK_NUMBERS = 2L << 20;

    private final NDManager manager;
    private final StoreKernel kernel;
    private final Path folder;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final CaptureConfig config;
    private final long chunkNumbers;

    LocalTeacher(Path folder, CaptureConfig config, Compute compute) {
        this(folder, config, CHUNK_NUMBERS, compute);
    }

    LocalTeacher(Path folder, CaptureConfig config, long chunkNumbers, Compute compute) {
        this.manager = compute.manager();
        this.kernel = new StoreKernel(manager);
        this.folder = folder;
        this.config = config;
        this.chunkNumbers = chunkNumbers;
        this.tokenizer = Tokenizer.open(folder);
        this.decoder = Decoder.load(folder, manager, compute.weights(), compute.compute());
        DistributionReader.requireContext(decoder.config().context(), config);
    }

    @Override
    public int vocab() {
        return Math.min(decoder.config().vocab(), tokenizer.vocabularySize());
    }

    @Override
    public RowEncoder encoder() {
        return DistributionReader.encoder(tokenizer, folder, config);
    }

    @Override
    public StoreKernel kernel() {
        return kernel;
    }

    @Override
    public void read(List<TokenRow> rows, Reader reader) {
        DistributionReader.groups(rows, config.microTokens()).forEach(group -> readGroup(group, rows, reader));
    }

    private void readGroup(List<Integer> numbers, List<TokenRow> rows, Reader reader) {
        MicroBatch batch = MicroBatch.of(numbers.stream().map(rows::get).toList());
        List<Integer> owners = new ArrayList<>();
        numbers.forEach(number -> IntStream.range(0, rows.get(number).lossTokens()).forEach(i -> owners.add(number)));
        try (NDManager step = manager.newSubManager()) {
            NDArray ids = step.create(batch.ids()).reshape(batch.rows(), batch.seq()); // [batch, seq]
            NDArray states = decoder.forward(ids, batch.lengths(), Set.of(), false).states(); // [batch, seq, hidden]
            NDArray hidden = kernel.rows(states, step.create(batch.lossPositions())); // [tokens, hidden]
            int chunk = (int) Math.max(1, chunkNumbers / decoder.config().vocab());
            for (int from = 0; from < batch.lossTokens(); from += chunk) {
                int to = Math.min(batch.lossTokens(), from + chunk);
                try (NDManager scope = step.newSubManager()) {
                    NDArray part = hidden.get(new NDIndex("{}:{}", from, to)); // [chunk, hidden]
                    part.attach(scope);
                    NDArray logits = decoder.logits(part, false); // [chunk, padded vocab]
                    logits.attach(scope);
                    NDList found = kernel.logProbabilities(logits, config.temperature(), vocab());
                    if (found.get(1).getLong() > 0) {
                        throw new DataException(folder.toString(), "a teacher whose logits are numbers",
                                "%s that are not".formatted(found.get(1).getLong()),
                                "look at its weights with: socratic inspect --check " + folder);
                    }
                    reader.read(
                            new Slice(new Predicted.Full(found.get(0)), owners.subList(from, to),
                                    java.util.Arrays.copyOfRange(batch.labels(), from, to)));
                }
            }
        }
    }

    @Override
    public void close() {
        kernel.close();
        decoder.close();
        tokenizer.close();
        manager.close();
    }
}
