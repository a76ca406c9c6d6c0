package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.TypeName;
import java.util.List;
import java.util.stream.IntStream;

/// Which calls are of one kind: one of each is made again.
final class Kinds {
    private Kinds() {}

    /// What may take another way through a text: ranks, types, flags, how many of a list.
    static String of(Arg arg) {
        return switch (arg) {
            case Arg.One(NDArray array) -> of(array);
            case Arg.Many(List<NDArray> arrays) -> (arrays.size() > 1 ? "many" : arrays.size())
                    + arrays.stream().map(Kinds::of).distinct().sorted().toList().toString();
            case Arg.Flags(List<Boolean> flags) -> IntStream.range(0, flags.size()).filter(flags::get)
                    .map(i -> i % 6).distinct().boxed().toList().toString();
            case Arg.Flag(boolean yes) -> String.valueOf(yes);
            case Arg.Int(long number) -> number == 0 ? "0" : "n";
            case Arg.Real(double number) -> number == 0 ? "0." : "n.";
            case Arg.Ints(List<Long> numbers) -> "ints" + numbers.stream().map(n -> n < 0).distinct().sorted().toList();
            case Arg.Reals ignored -> "reals";
            case Arg.Text ignored -> "text";
        };
    }

    private static String of(NDArray array) {
        return TypeName.of(array) + array.getShape().dimension();
    }
}
