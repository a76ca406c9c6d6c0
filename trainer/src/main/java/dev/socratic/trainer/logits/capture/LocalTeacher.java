package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.ForwardPass;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.StoreKernel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// A teacher whose weights are read here, all of them before the first row or layer by layer for many rows.
final class LocalTeacher implements DistributionReader {
    private final NDManager manager;
    private final StoreKernel kernel;
    private final Path folder;
    private final ForwardPass model;
    private final Tokenizer tokenizer;
    private final CaptureConfig config;
    private final ChunkedHead head;

    LocalTeacher(TeacherSource.Weights source, CaptureConfig config, Compute compute) {
        this(source, config, new ChunkedHead(), compute);
    }

    LocalTeacher(TeacherSource.Weights source, CaptureConfig config, ChunkedHead head, Compute compute) {
        this.manager = compute.manager();
        this.kernel = new StoreKernel(manager);
        this.folder = source.folder();
        this.config = config;
        this.head = head;
        this.tokenizer = Tokenizer.open(folder);
        this.model = ForwardPass.open(folder, manager, compute, source.offload());
        DistributionReader.requireContext(model.config().context(), config);
    }

    @Override
    public int vocab() {
        return Math.min(model.config().vocab(), tokenizer.vocabularySize());
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
        List<List<Integer>> groups = DistributionReader.groups(rows, config.microTokens());
        List<MicroBatch> batches = groups.stream()
                .map(group -> MicroBatch.of(group.stream().map(rows::get).toList())).toList();
        model.states(batches.stream().map(MicroBatch::padded).toList(), manager, (number, states) -> {
            List<Integer> owners = groups.get(number).stream()
                    .flatMap(row -> Collections.nCopies(rows.get(row).lossTokens(), row).stream()).toList();
            readBatch(batches.get(number), owners, states, reader);
        });
    }

    /// @param owners of each loss position, the row
    /// @param states `[batch, seq, hidden]`
    private void readBatch(MicroBatch batch, List<Integer> owners, NDArray states, Reader reader) {
        NDArray positions = states.getManager().create(batch.lossPositions());
        NDArray hidden = kernel.rows(states, positions); // [tokens, hidden]
        head.walk(hidden, model.config().vocab(), model::logits, (chunk, logits) -> {
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

    @Override
    public void close() {
        kernel.close();
        model.close();
        tokenizer.close();
        manager.close();
    }
}
