package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FileArrays;
import dev.socratic.trainer.config.OptimizerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagedStateTest {
    private static final List<String> NAMES = List.of("a.weight", "b.weight", "c.weight");

    @TempDir
    Path folder;

    @Test
    void whatIsPagedWeightByWeightChangesNoBit() {
        for (String method : List.of("adamw: {}", "adamw8bit: {min_8bit_size: 0}")) {
            try (NDManager manager = Engines.manager();
                    FileArrays files = new FileArrays(manager, folder.resolve("paged"));
                    Steps usual = new Steps(manager, method, (name, shape, type) -> manager.zeros(shape, type));
                    Steps paged = new Steps(manager, method,
                            new PagedState(files, manager, 1, new LinkedHashMap<>()))) {
                for (int i = 0; i < 3; i++) {
                    usual.step(i);
                    paged.step(i);
                }
                NAMES.forEach(name -> assertArrayEquals(usual.weights.get(name).toFloatArray(),
                        paged.weights.get(name).toFloatArray(), method));
                Map<String, NDArray> state = paged.optimizer.state();
                usual.optimizer.state().forEach((name, array) ->
                        assertEquals(array, state.get(name), method + " " + name));
            }
            assertFalse(Files.exists(folder.resolve("paged")));
        }
    }

    private static final class Steps implements AutoCloseable {
        private final NDManager manager;
        private final Map<String, NDArray> weights = new LinkedHashMap<>();
        private final Optimizer optimizer;

        Steps(NDManager manager, String method, StateMemory memory) {
            this.manager = manager;
            NAMES.forEach(name -> weights.put(name, manager.ones(new Shape(30, 20))));
            optimizer = new Optimizer(manager, ConfigReader.read("method: {%s}".formatted(method), "x",
                    OptimizerConfig.class), weights, memory, 0);
        }

        void step(int number) {
            Map<String, NDArray> gradients = new LinkedHashMap<>();
            NAMES.forEach(name -> gradients.put(name,
                    manager.arange(600f).add(number + 7f * NAMES.indexOf(name)).sin().reshape(30, 20)));
            optimizer.step(gradients, optimizer.norm(gradients), 0.01);
        }

        @Override
        public void close() {
            optimizer.close();
        }
    }
}
