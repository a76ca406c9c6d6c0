package dev.socratic.trainer.logits;

import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Distributions to bytes and back. Knows no tensors.
///
/// | encoding | bytes of a position |
/// | --- | --- |
/// | `sampled` | how many different tokens (1 byte), then for each, ascending, id and count - 1 in as many bits as
/// vocabulary and draws need |
/// | `top_k` | logarithm of the rest (half), of each probability, the largest first (half), then the ids in bits |
/// | `dense` | logarithm of each probability (half or float) |
///
/// Numbers are big-endian.
///
/// @param vocab width of a distribution
public record Codec(Encoding encoding, int vocab) {

    /// @param drawn tokens, with repeats
    byte[] sampled(int[] drawn) {
        int[] sorted = drawn.clone();
        Arrays.sort(sorted);
        int distinct = (int) Arrays.stream(sorted).distinct().count();
        byte[] bytes = new byte[sampledLength(distinct, drawn.length)];
        bytes[0] = (byte) distinct;
        BitPacking bits = new BitPacking(bytes, 1);
        for (int from = 0, to; from < sorted.length; from = to) {
            to = from;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            bits.put(sorted[from], BitPacking.of(vocab));
            bits.put(to - from - 1, BitPacking.of(drawn.length));
        }
        return bytes;
    }

    /// @param ids  the most likely tokens, the most likely first
    /// @param logs logarithms of their probabilities
    /// @param rest logarithm of what is left, minus infinity where nothing is
    public byte[] topK(int[] ids, float[] logs, float rest) {
        ByteBuffer bytes = ByteBuffer.allocate(topKLength());
        bytes.putShort(Float.floatToFloat16(rest));
        for (float log : logs) {
            bytes.putShort(Float.floatToFloat16(log));
        }
        BitPacking bits = new BitPacking(bytes.array(), bytes.position());
        for (int id : ids) {
            bits.put(id, BitPacking.of(vocab));
        }
        return bytes.array();
    }

    /// @param logs logarithms of all probabilities
    byte[] dense(float[] logs, Width width) {
        ByteBuffer bytes = ByteBuffer.allocate(denseLength(width));
        for (float log : logs) {
            switch (width) {
                case HALF -> bytes.putShort(Float.floatToFloat16(log));
                case FLOAT -> bytes.putFloat(log);
            }
        }
        return bytes.array();
    }

    /// @return bytes of the position that begins at `from`
    int length(byte[] bytes, int from) {
        return switch (encoding) {
            case Encoding.Sampled sampled -> sampledLength(bytes[from] & 0xff, sampled.draws());
            case Encoding.TopK ignored -> topKLength();
            case Encoding.Dense dense -> denseLength(dense.precision());
        };
    }

    /// @param label the token that really follows, which `residual` gives the rest to
    public StoredDistribution read(byte[] bytes, int from, int label) {
        return switch (encoding) {
            case Encoding.Sampled sampled -> sampledTarget(bytes, from, sampled.draws());
            case Encoding.TopK top -> topKTarget(bytes, from, top.tail(), label);
            case Encoding.Dense dense -> denseTarget(bytes, from, dense.precision());
        };
    }

    /// Of a dense position: the logarithm of each probability, into `logs` from `at` on.
    void logProbs(byte[] bytes, int from, float[] logs, int at) {
        if (!(encoding instanceof Encoding.Dense dense)) {
            throw new IllegalStateException("only a dense store has every logarithm");
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes, from, denseLength(dense.precision()));
        for (int i = 0; i < vocab; i++) {
            logs[at + i] = switch (dense.precision()) {
                case HALF -> Float.float16ToFloat(numbers.getShort());
                case FLOAT -> numbers.getFloat();
            };
        }
    }

    /// @return what the teacher gave the label: of `top_k` only where it is among the k, of `sampled` never, for
    ///         draws say what is likely and not how likely one token is; not a number then
    float labelLogProb(byte[] bytes, int from, int label) {
        return switch (encoding) {
            case Encoding.Sampled ignored -> Float.NaN;
            case Encoding.TopK ignored -> {
                ByteBuffer numbers = ByteBuffer.wrap(bytes, from + 2, topKLength() - 2); // the rest comes first
                float[] logs = new float[keptTokens()];
                for (int i = 0; i < logs.length; i++) {
                    logs[i] = Float.float16ToFloat(numbers.getShort());
                }
                BitPacking bits = new BitPacking(bytes, numbers.position());
                float found = Float.NaN;
                for (int i = 0; i < logs.length; i++) {
                    found = bits.get(BitPacking.of(vocab)) == label ? logs[i] : found;
                }
                yield found;
            }
            case Encoding.Dense dense -> {
                float[] logs = new float[vocab];
                logProbs(bytes, from, logs, 0);
                yield logs[label];
            }
        };
    }

    private StoredDistribution sampledTarget(byte[] bytes, int from, int draws) {
        int[] ids = new int[bytes[from] & 0xff];
        float[] mass = new float[ids.length];
        BitPacking bits = new BitPacking(bytes, from + 1);
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bits.get(BitPacking.of(vocab));
            mass[i] = (float) (bits.get(BitPacking.of(draws)) + 1) / draws;
        }
        return new StoredDistribution(ids, mass, 0);
    }

    private StoredDistribution topKTarget(byte[] bytes, int from, Tail tail, int label) {
        ByteBuffer numbers = ByteBuffer.wrap(bytes, from, topKLength());
        float rest = exp(numbers.getShort());
        int[] ids = new int[keptTokens()];
        float[] mass = new float[ids.length];
        double sum = rest;
        for (int i = 0; i < ids.length; i++) {
            mass[i] = exp(numbers.getShort());
            sum += mass[i];
        }
        BitPacking bits = new BitPacking(bytes, numbers.position());
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bits.get(BitPacking.of(vocab));
            mass[i] /= (float) sum; // half precision does not sum to 1
        }
        StoredDistribution known = new StoredDistribution(ids, mass, (float) (rest / sum));
        return switch (tail) {
            case BUCKET -> known;
            case RESIDUAL -> known.withTailOnLabel(label);
            case RENORMALISE -> known.renormalised();
        };
    }

    private StoredDistribution denseTarget(byte[] bytes, int from, Width width) {
        ByteBuffer numbers = ByteBuffer.wrap(bytes, from, denseLength(width));
        int[] ids = new int[vocab];
        float[] mass = new float[vocab];
        for (int i = 0; i < vocab; i++) {
            ids[i] = i;
            mass[i] = switch (width) {
                case HALF -> exp(numbers.getShort());
                case FLOAT -> (float) Math.exp(numbers.getFloat());
            };
        }
        return new StoredDistribution(ids, mass, 0).renormalised();
    }

    private static float exp(short half) {
        return (float) Math.exp(Float.float16ToFloat(half));
    }

    /// @return whether every token gets some mass back
    public boolean coversAll() {
        return switch (encoding) {
            case Encoding.Sampled ignored -> false;
            case Encoding.TopK top -> top.tail() == Tail.BUCKET;
            case Encoding.Dense ignored -> true;
        };
    }

    /// @return tokens `top_k` keeps
    public int keptTokens() {
        return encoding instanceof Encoding.TopK top ? Math.min(top.k(), vocab) : vocab;
    }

    private int sampledLength(int distinct, int draws) {
        return 1 + BitPacking.bytes((long) distinct * (BitPacking.of(vocab) + BitPacking.of(draws)));
    }

    private int topKLength() {
        return 2 + 2 * keptTokens() + BitPacking.bytes((long) keptTokens() * BitPacking.of(vocab));
    }

    private int denseLength(Width width) {
        return vocab * switch (width) {
            case HALF -> 2;
            case FLOAT -> 4;
        };
    }
}
