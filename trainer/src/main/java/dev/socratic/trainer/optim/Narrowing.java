package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.seed.Seeds;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.config.Rounding;
import java.util.List;

/// How what a step made of a bfloat16 weight, in float32, becomes bfloat16 again.
///
/// @param rounding up, down or to the nearest
/// @param seed     of what is drawn in this run
/// @param step     its number
record Narrowing(Rounding rounding, long seed, long step) {
    Narrowing at(long number) {
        return new Narrowing(rounding, seed, number);
    }

    /// @param name   of the weight, by which alone, and by the step, its draws differ from those of others
    /// @param weight bfloat16
    /// @param wide   float32, in its shape
    void narrow(Program program, String name, NDArray weight, NDArray wide, NDManager scope) {
        switch (rounding) {
            case STOCHASTIC -> program.runIn(scope, "round_stochastic", Arg.of(weight), Arg.of(wide),
                    Arg.of(Seeds.derive(seed, name, Long.toString(step))));
            case NEAREST, NONE -> program.runIn(scope, "replace", Arg.of(List.of(weight)), Arg.of(List.of(wide)));
        }
    }
}
