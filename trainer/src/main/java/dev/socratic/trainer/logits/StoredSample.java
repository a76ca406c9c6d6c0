package dev.socratic.trainer.logits;

import dev.socratic.core.error.DataException;
import dev.socratic.trainer.data.TokenRow;
import java.util.ArrayList;
import java.util.List;

/// The stored distributions of one row.
public final class StoredSample {
    private final String id;
    private final Codec codec;
    private final byte[] bytes;
    private final int[] predicted;
    private final int[] starts;
    private final int end;

    /// @param bytes the mask, then the positions
    StoredSample(BlockTable.Entry entry, Codec codec, byte[] bytes) {
        this.id = entry.id();
        this.codec = codec;
        this.bytes = bytes;
        this.predicted = new int[entry.positions()];
        this.starts = new int[entry.positions()];
        BitPacking mask = new BitPacking(bytes, 0);
        int at = BitPacking.bytes(entry.tokens());
        int n = 0;
        for (int token = 0; token < entry.tokens(); token++) {
            if (mask.get(1) == 1) {
                predicted[n] = token;
                starts[n++] = at;
                at += codec.length(bytes, at);
            }
        }
        this.end = n == predicted.length ? at : -1;
    }

    /// @return whether the mask and the positions are all there is
    boolean fills(byte[] all) {
        return end == all.length;
    }

    /// @return one bit for each token: whether it is predicted
    static byte[] mask(TokenRow row) {
        byte[] bytes = new byte[BitPacking.bytes(row.ids().length)];
        BitPacking bits = new BitPacking(bytes, 0);
        for (boolean counts : row.lossMask()) {
            bits.put(counts ? 1 : 0, 1);
        }
        return bytes;
    }

    public String id() {
        return id;
    }

    /// @return the tokens that are predicted, as numbers in their row, ascending
    public int[] positions() {
        return predicted.clone();
    }

    /// @param position a token of the row that is predicted
    /// @param label    that token
    /// @throws DataException if it is not stored
    public StoredDistribution at(int position, int label) {
        return codec.read(bytes, starts[number(position)], label);
    }

    /// @return which of the stored positions this is, from 0
    public int number(int position) {
        int found = java.util.Arrays.binarySearch(predicted, position);
        if (found < 0) {
            throw new DataException("sample '%s', position %s".formatted(id, position), "a position the store has",
                    "one outside the loss mask at capture",
                    "capture with the same loss_on as the training");
        }
        return found;
    }

    /// @param number of the position, from 0
    /// @param label  the token that really follows
    public StoredDistribution target(int number, int label) {
        return codec.read(bytes, starts[number], label);
    }

    /// Of a dense store: the logarithm of each probability, into `logs` from `at` on.
    public void logProbs(int number, float[] logs, int at) {
        codec.logProbs(bytes, starts[number], logs, at);
    }

    /// @param number of the position, from 0
    /// @return log-probability of the label, at the store's temperature; not a number where the store does not know it
    public float labelLogProb(int number, int label) {
        return codec.labelLogProb(bytes, starts[number], label);
    }

    /// @param labels the row's tokens
    /// @return every position, in order
    public List<StoredDistribution> targets(int[] labels) {
        List<StoredDistribution> targets = new ArrayList<>();
        for (int i = 0; i < predicted.length; i++) {
            targets.add(codec.read(bytes, starts[i], labels[predicted[i]]));
        }
        return targets;
    }
}
