package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.FileArrays;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// An optimiser's state in files, of which so much is in memory as belongs to the weights that change at the moment
/// (paged optimizers; Dettmers et al. 2023, arXiv:2305.14314, who let the driver of a GPU page; here the files are
/// mapped and unmapped). No bit of a step changes.
///
/// @param files   whose they are; they stay the caller's
/// @param manager of the arrays
/// @param room    bytes of gradients whose weights change together
/// @param pages   by the name of their weight
public record PagedState(FileArrays files, NDManager manager, long room, Map<String, List<Page>> pages)
        implements StateMemory {
    private static final long ROOM = 32L << 20;

    public PagedState(FileArrays files, NDManager manager) {
        this(files, manager, ROOM, new LinkedHashMap<>());
    }

    /// @param file  its name
    /// @param array what lies in it, while it is mapped
    record Page(String file, NDArray array) {}

    @Override
    public NDArray zeros(String name, Shape shape, DataType type) {
        String weight = name.substring(name.indexOf('.') + 1);
        List<Page> beside = pages.computeIfAbsent(weight, ignored -> new ArrayList<>());
        String file = "state_%s_%s".formatted(pages.size(), beside.size());
        beside.add(new Page(file, files.zeros(file, shape, type, manager)));
        return beside.getLast().array();
    }

    @Override
    public void during(Map<String, NDArray> gradients, Consumer<Map<String, NDArray>> step) {
        Map<String, NDArray> some = new LinkedHashMap<>();
        long bytes = 0;
        for (Map.Entry<String, NDArray> one : gradients.entrySet()) {
            some.put(one.getKey(), one.getValue());
            bytes += Float.BYTES * one.getValue().size();
            if (bytes >= room) {
                paged(some, step);
                some.clear();
                bytes = 0;
            }
        }
        if (!some.isEmpty()) {
            paged(some, step);
        }
    }

    private void paged(Map<String, NDArray> some, Consumer<Map<String, NDArray>> step) {
        List<Page> read = some.keySet().stream().flatMap(weight -> pages.get(weight).stream()).toList();
        read.forEach(page -> files.map(page.file(), page.array()));
        step.accept(some);
        read.forEach(page -> files.unmap(page.array()));
    }

    @Override
    public void open() {
        pages.values().forEach(beside -> beside.forEach(page -> files.map(page.file(), page.array())));
    }
}
