package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.network.KvCache.Slab;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Slabs as programs see them.
///
/// @param arrays of all slabs, one behind the other; behind them those of their shared prefixes
/// @param begins for each slab, the first position that its slots hold
/// @param stems  for each slab, where among the arrays its shared prefix begins; -1 without one
record SlabArrays(List<NDArray> arrays, long[] begins, long[] stems) {
    static SlabArrays of(List<Slab> slabs) {
        List<NDArray> arrays = new ArrayList<>();
        slabs.forEach(slab -> arrays.addAll(slab.arrays()));
        Map<SharedPrefix, Integer> places = new LinkedHashMap<>();
        slabs.stream().flatMap(slab -> slab.prefix().stream()).distinct().forEach(prefix -> {
            places.put(prefix, arrays.size());
            arrays.addAll(prefix.arrays());
        });
        return new SlabArrays(arrays, slabs.stream().mapToLong(Slab::begin).toArray(),
                slabs.stream().mapToLong(slab -> slab.prefix().map(places::get).orElse(-1)).toArray());
    }
}
