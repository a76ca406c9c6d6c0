package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.StoreKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A teacher whose weights are read here.
final class LocalTeacher implements DistributionReader {
    private final NDManager manager;
    private final StoreKernel kernel;
    private final Path folder;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final CaptureConfig config;
    private final ChunkedHead head;

    LocalTeacher(Path folder, CaptureConfig config, Compute compute) {
        this(folder, config, new ChunkedHead(), compute);
    }

    LocalTeacher(Path folder, CaptureConfig config, ChunkedHead head, Compute compute) {
        this.manager = compute.manager();
        this.kernel = new StoreKernel(manager);
        this.folder = folder;
        this.config = config;
        this.head = head;
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
            head.walk(hidden, decoder.config().vocab(), part -> decoder.logits(part, false), (chunk, logits) -> {
                NDList found = kernel.logProbabilities(logits, config.temperature(), vocab()); // [chunk, vocab]
                if (found.get(1).getLong() > 0) {
                    throw new DataException(folder.toString(), "a teacher whose logits are numbers",
                            "%s that are not".formatted(found.get(1).getLong()),
                            "look at its weights with: socratic inspect --check " + folder);
                }
                reader.read(new Slice(new Predicted.Full(found.get(0)), owners.subList(chunk.from(), chunk.to()),
                        Arrays.copyOfRange(batch.labels(), chunk.from(), chunk.to())));
            });
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
