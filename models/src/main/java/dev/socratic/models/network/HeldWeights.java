package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What the weights of a decoder take, by how they are kept: which are of few bits, and which could not be.
///
/// @param kinds in the order of their bits, plain ones last
public record HeldWeights(List<Kind> kinds) {
    /// @param bits  8 or 4; 0 for numbers as they are computed with
    /// @param bytes of all of them; arrays that two places share count once
    /// @param count how many weights
    /// @param names of matrices, without the numbers of layers and experts; of plain vectors none
    public record Kind(int bits, long bytes, int count, Set<String> names) {}

    /// @param places every weight by its name
    static HeldWeights of(Map<String, Weight> places) {
        Set<NDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Integer, List<Map.Entry<String, Weight>>> byBits = new LinkedHashMap<>();
        places.entrySet().forEach(place ->
                byBits.computeIfAbsent(Span.Form.of(place.getValue()).bits(), bits -> new ArrayList<>()).add(place));
        List<Kind> kinds = new ArrayList<>();
        for (int bits : new int[] {4, 8, 0}) {
            List<Map.Entry<String, Weight>> some = byBits.getOrDefault(bits, List.of());
            if (!some.isEmpty()) {
                long bytes = some.stream().flatMap(place -> place.getValue().arrays(place.getKey()).values().stream())
                        .filter(seen::add).mapToLong(HeldWeights::bytes).sum();
                kinds.add(new Kind(bits, bytes, some.size(), names(some)));
            }
        }
        return new HeldWeights(List.copyOf(kinds));
    }

    private static Set<String> names(List<Map.Entry<String, Weight>> places) {
        return places.stream()
                .filter(place -> place.getValue().matrix().getFirst().getShape().dimension() > 1)
                .map(place -> place.getKey().replaceAll("\\.weight$", "").replaceAll("\\.[0-9]+\\.", ".*."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long bytes(NDArray array) {
        DataType type = array.getDataType();
        int each = type == DataType.FLOAT32 ? 4 : type == DataType.INT8 || type == DataType.UINT8 ? 1 : 2;
        return each * array.size();
    }

    public long bytes() {
        return kinds.stream().mapToLong(Kind::bytes).sum();
    }

    /// @return one line: bytes of each kind, and the names of all but the most frequent kind of few bits
    public String text() {
        int fewest = kinds.getFirst().bits();
        return "weights of %s: %s".formatted(size(bytes()), kinds.stream().map(kind ->
                (kind.bits() == 0 ? "as they are " : kind.bits() + " bits ") + size(kind.bytes()) + " in "
                        + kind.count() + (kind.bits() == fewest && kind.bits() != 0 ? ""
                        : kind.names().isEmpty() ? " (norms and biases)"
                        : " (" + String.join(", ", kind.names()) + (kind.bits() == 0 ? ", norms and biases)" : ")")))
                .collect(Collectors.joining("; ")));
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
