package dev.socratic.models.rehearsal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.rehearsal.Beside.Difference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BesideTest {
    @TempDir
    Path folder;

    @Test
    void theProcessorBesideItselfIsNoDifferenceApart() {
        List<Difference> all = Beside.compare(some(), Compute.CPU);
        assertTrue(all.size() > 15, all::toString);
        for (Difference one : all) {
            assertEquals(0, one.reals() + one.wholes(), one::toString);
            assertTrue(one.numbers(), one::toString);
        }
    }

    @Test
    void aTypeOfFewerDigitsIsApartByItsRoundingAndNoMore() {
        List<Difference> all = Beside.compare(some(), Compute.CPU.in(FloatType.BFLOAT16));
        Difference states = all.stream().filter(one -> one.function().equals("states")).findFirst().orElseThrow();
        assertTrue(states.reals() > 1e-4 && states.reals() < Tolerance.of(FloatType.BFLOAT16), states::toString);
    }

    /// What a call returns, what it changes in place, and whether it is a number.
    @Test
    void aDeviceThatComputesSomethingElseIsFound() {
        assertEquals(0.01, wrong("torch.mul(x, 1.01)", "x").reals(), 1e-6);
        assertEquals(0.01, wrong("torch.mul_(x, 1.01)", "x + 0.").reals(), 1e-6);
        assertFalse(wrong("x / 0. * 0.", "x").numbers());
        assertEquals(1, wrong("torch.to(x + 1, 4)", "torch.to(x, 4)").wholes());
    }

    private static Difference wrong(String there, String here) {
        Exercise exercise = new Exercise("wrong", (compute, manager) -> {
            String text = "def f(self, x: Tensor) -> Tensor:\n  return "
                    + (compute.equals(Compute.CPU) ? here : there) + "\n";
            try (Program program = Program.compile(manager, "f", text); NDArray ones = manager.ones(new Shape(3))) {
                program.run("f", Arg.of(ones));
            }
        });
        List<Difference> all = Beside.compare(List.of(exercise), Compute.CPU.in(FloatType.BFLOAT16));
        return all.getFirst();
    }

    /// What the self-test of `doctor` says on a processor.
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(FloatType.class)
    void everyExerciseIsWithinTheToleranceOfItsType(FloatType type) {
        List<String> beyond = new ArrayList<>();
        for (Difference one : Beside.compare(Exercises.all(folder), Compute.CPU.in(type))) {
            if (one.reals() > Tolerance.of(type) || !one.numbers()) {
                beyond.add(one.toString());
            }
        }
        assertEquals(List.of(), beyond);
    }

    private List<Exercise> some() {
        return Exercises.all(folder).stream()
                .filter(one -> List.of("llama_bias", "8 bits", "formulas", "changed layers").contains(one.name()))
                .collect(Collectors.toList());
    }
}
