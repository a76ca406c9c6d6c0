package dev.socratic.trainer.data;

import dev.socratic.core.seed.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Rows of a window as few micro-batches of rows of all lengths, each filled up to `microTokens` as well as whole rows
/// allow (Ding et al. 2024, arXiv:2404.10830).
///
/// From the longest row on, each goes into the micro-batch that it leaves the least room in, or into a new one. At most
/// 22 % more micro-batches come out than the fewest there could be (Johnson 1973), in practice hardly any. The
/// rows are shuffled before, so that those of one length meet others in each window, and the micro-batches after: their
/// order tells nothing of their lengths. It depends on the seed and the rows alone.
///
/// Example: rows of 6, 5, 3 and 2 tokens and room for 8 are packs of 6 + 2 and 5 + 3.
public final class BestFitDecreasing {
    private final int microTokens;
    private final List<List<TokenRow>> packs = new ArrayList<>();
    private final TreeMap<Integer, Deque<List<TokenRow>>> byRoom = new TreeMap<>();

    private BestFitDecreasing(int microTokens) {
        this.microTokens = microTokens;
    }

    /// @param rows        at least two tokens each; a row with another answer beside it is as long as both
    /// @param microTokens most tokens of a micro-batch; a longer row makes a micro-batch alone
    /// @param seed        of this window
    public static List<MicroBatch> of(List<TokenRow> rows, int microTokens, long seed) {
        List<TokenRow> order = new ArrayList<>(rows);
        Collections.shuffle(order, new Random(Seeds.derive(seed, "rows")));
        order.sort(Comparator.comparingInt(BestFitDecreasing::tokens).reversed());
        BestFitDecreasing fit = new BestFitDecreasing(microTokens);
        order.forEach(fit::place);
        List<MicroBatch> batches = new ArrayList<>(fit.packs.stream().map(MicroBatch::of).toList());
        Collections.shuffle(batches, new Random(Seeds.derive(seed, "batches")));
        return batches;
    }

    private void place(TokenRow row) {
        Map.Entry<Integer, Deque<List<TokenRow>>> tightest = byRoom.ceilingEntry(tokens(row));
        List<TokenRow> pack = tightest == null ? new ArrayList<>() : tightest.getValue().removeFirst();
        if (tightest == null) {
            packs.add(pack);
        } else if (tightest.getValue().isEmpty()) {
            byRoom.remove(tightest.getKey());
        }
        pack.add(row);
        int room = (tightest == null ? microTokens : tightest.getKey()) - tokens(row);
        byRoom.computeIfAbsent(room, key -> new ArrayDeque<>()).addLast(pack);
    }

    private static int tokens(TokenRow row) {
        return row.answers().stream().mapToInt(answer -> answer.ids().length - 1).sum();
    }
}
