package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.plan.Plan;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Teacher items of earlier steps, which terms of [Distance.InfoNce] tell the student's own from. The newest take the
/// place of the oldest when a step ends, so that all micro-batches of a step see the same.
final class MemoryBank implements AutoCloseable {
    private final NDManager own;
    private final Map<String, Bank> banks = new LinkedHashMap<>();

    /// @param items  `[size, width]`
    /// @param filled `[2]`: how many there are, and where the next goes
    /// @param seen   of this step
    private record Bank(NDArray items, NDArray filled, List<float[]> seen) {}

    MemoryBank(NDManager manager, Plan plan) {
        this.own = manager.newSubManager();
        for (int term : plan.featureTerms()) {
            if (plan.objective().terms().get(term).distance() instanceof Distance.InfoNce nce && nce.memoryBank() > 0) {
                for (Pairing.Pair pair : plan.pairs(term, 1)) {
                    Shape shape = new Shape(nce.memoryBank(), plan.teacherWidth(term));
                    banks.put(name(term, pair.student()),
                            new Bank(own.zeros(shape), own.zeros(new Shape(2)), new ArrayList<>()));
                }
            }
        }
    }

    private static String name(int term, int layer) {
        return "objective.bank.%s.%s".formatted(term, layer);
    }

    /// @return what is in the checkpoint, by name
    Map<String, NDArray> kept() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        banks.forEach((name, bank) -> {
            all.put(name, bank.items());
            all.put(name + ".filled", bank.filled());
        });
        return all;
    }

    /// @param layer of the student, which names the pair
    /// @param items the teacher's now, `[items, width]`; they are in the bank from the next step on
    /// @return those of earlier steps; empty where there are none yet
    Optional<NDArray> look(int term, int layer, NDArray items) {
        Bank bank = banks.get(name(term, layer));
        int width = (int) bank.items().getShape().get(1);
        float[] all = items.toFloatArray();
        for (int from = 0; from < all.length; from += width) {
            bank.seen().add(java.util.Arrays.copyOfRange(all, from, from + width));
        }
        int count = (int) bank.filled().toFloatArray()[0];
        if (count == 0) {
            return Optional.empty();
        }
        NDArray known = bank.items().get(new NDIndex("0:{}", count)).duplicate();
        known.attach(items.getManager());
        return Optional.of(known);
    }

    /// A step is over.
    void ended() {
        banks.values().stream().filter(bank -> !bank.seen().isEmpty()).forEach(bank -> {
            int size = (int) bank.items().getShape().get(0);
            float[] filled = bank.filled().toFloatArray();
            float[] items = bank.items().toFloatArray();
            for (float[] item : bank.seen()) {
                System.arraycopy(item, 0, items, ((int) filled[1]) * item.length, item.length);
                filled[1] = (filled[1] + 1) % size;
                filled[0] = Math.min(size, filled[0] + 1);
            }
            bank.items().set(FloatBuffer.wrap(items));
            bank.filled().set(FloatBuffer.wrap(filled));
            bank.seen().clear();
        });
    }

    @Override
    public void close() {
        own.close();
    }
}
