package dev.socratic.models.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProgramTest {
    /// Small products gain nothing from a second thread, and on a busy machine each of them waits for it.
    @BeforeAll
    static void oneThread() {
        Engines.threads(1);
    }

    private static final String SOURCE = """
            # Comments, operators and calls between functions read like Python.
            def twice(self, x: Tensor) -> Tensor:
              return x * 2. + 0.

            def fold(self, x: Tensor, w: List[Tensor]) -> Tensor:
              for i in range(len(w)):
                if i % 2 == 0:
                  x = x * w[i]
                else:
                  x = x + self.twice(w[i])
              return x

            def both(self, x: Tensor) -> List[Tensor]:
              rows = x.size(0)
              return [x.view([rows, -1]), torch.sum(x)]
            """;

    @Test
    void functionsOfTensorsAndListsRun() {
        try (NDManager manager = Engines.manager();
                Program program = Program.compile(manager, "test", SOURCE)) {
            NDArray x = manager.create(new float[] {1, 2});
            List<NDArray> w = List.of(manager.create(3f), manager.create(10f));
            assertArrayEquals(new float[] {23, 26},
                    program.run("fold", Arg.of(x), Arg.of(w)).singletonOrThrow().toFloatArray());
            assertArrayEquals(new float[] {1, 2},
                    program.run("fold", Arg.of(x), Arg.of(List.of())).singletonOrThrow().toFloatArray());
            assertEquals(3f, program.run("both", Arg.of(x)).get(1).getFloat());
        }
    }

    @Test
    void oneTextServesAllWhoReadItAlsoAtOnceAndAfterOneOfThemIsClosed() throws InterruptedException {
        try (NDManager manager = Engines.manager();
                Program program = Program.compile(manager, "test", SOURCE)) {
            Program.compile(manager, "another", SOURCE).close();
            List<Float> sums = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = IntStream.range(0, 4).mapToObj(t -> Thread.ofPlatform().start(() -> {
                try (NDManager own = Engines.manager(); Program same = Program.compile(own, "test", SOURCE)) {
                    for (int i = 0; i < 200; i++) {
                        sums.add(same.run("fold", Arg.of(own.create((float) i)), Arg.of(List.of()))
                                .singletonOrThrow().getFloat() - i);
                    }
                }
            })).toList();
            for (Thread thread : threads) {
                thread.join();
            }

            assertEquals(Collections.nCopies(800, 0f), sums);
            assertEquals(3f, program.run("both", Arg.of(manager.create(new float[] {1, 2}))).get(1).getFloat());
        }
    }

    @Test
    void aTextThatDoesNotCompileIsRefusedEveryTimeUnderTheNameOfWhoAsked() {
        try (NDManager manager = Engines.manager()) {
            for (String name : List.of("one", "two")) {
                var refused = assertThrows(IllegalStateException.class,
                        () -> Program.compile(manager, name, "def f(self, x: Tensor) -> Tensor:\n  return y\n"));
                assertTrue(refused.getMessage().startsWith("program " + name + " does not compile: "),
                        refused.getMessage());
            }
        }
    }

    @Test
    void gradientsFlowThroughAProgram() {
        try (NDManager manager = Engines.manager();
                Program program = Program.compile(manager, "test", SOURCE)) {
            NDArray x = manager.create(new float[] {1, 2});
            NDArray scale = manager.create(3f);
            NDArray shift = manager.create(10f);
            scale.setRequiresGradient(true);
            shift.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray y = program.withGraph("fold", Arg.of(x), Arg.of(List.of(scale, shift))).singletonOrThrow();
                collector.backward(y.sum());
            }
            assertEquals(3f, scale.getGradient().getFloat());
            assertEquals(4f, shift.getGradient().getFloat());
        }
    }

    @Test
    void runLeavesNoGraph() {
        try (NDManager manager = Engines.manager();
                Program program = Program.compile(manager, "test", SOURCE)) {
            NDArray x = manager.create(new float[] {1, 2});
            x.setRequiresGradient(true);
            NDArray without = program.run("twice", Arg.of(x)).singletonOrThrow();
            NDArray with = program.withGraph("twice", Arg.of(x)).singletonOrThrow();
            NDArray one = manager.ones(new Shape(2));
            JniUtils.backward((PtNDArray) with, (PtNDArray) one, false, false);
            assertThrows(EngineException.class,
                    () -> JniUtils.backward((PtNDArray) without, (PtNDArray) one, false, false));
        }
    }

    @Test
    void resultsBelongToTheManagerOfTheFirstArray() {
        try (NDManager manager = Engines.manager();
                NDManager step = manager.newSubManager();
                Program program = Program.compile(manager, "test", SOURCE)) {
            NDArray x = step.create(new float[] {1, 2});
            List<NDArray> w = List.of(manager.create(3f));
            assertSame(step, program.run("fold", Arg.of(x), Arg.of(w)).singletonOrThrow().getManager());
            assertSame(step, program.withGraph("fold", Arg.of(x), Arg.of(w)).singletonOrThrow().getManager());
            assertSame(manager, program.runIn(manager, "fold", Arg.of(x), Arg.of(w)).singletonOrThrow().getManager());
        }
    }

    @Test
    void aTextThatDoesNotCompileIsNamedWithItsLine() {
        try (NDManager manager = Engines.manager()) {
            IllegalStateException broken = assertThrows(
                    IllegalStateException.class,
                    () -> Program.compile(manager, "broken",
                            "def f(self, x: Tensor) -> Tensor:\n  return torch.nosuch(x)\n"));
            assertTrue(broken.getMessage().startsWith("program broken does not compile:"), broken.getMessage());
            assertTrue(broken.getMessage().contains("nosuch"), broken.getMessage());
        }
    }

    @Test
    void aShapeThatDoesNotFitIsAnExceptionAndNotACrash() {
        try (NDManager manager = Engines.manager();
                Program program = Program.compile(manager, "test", SOURCE)) {
            NDArray x = manager.create(new float[] {1, 2});
            List<NDArray> w = List.of(manager.create(new float[] {1, 2, 3}));
            IllegalStateException failed =
                    assertThrows(IllegalStateException.class, () -> program.run("fold", Arg.of(x), Arg.of(w)));
            assertTrue(failed.getMessage().startsWith("program test, fold:"), failed.getMessage());
        }
    }
}
