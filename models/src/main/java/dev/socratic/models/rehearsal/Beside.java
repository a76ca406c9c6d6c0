package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Call;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.Watch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Compares what programs give on a device, in a type, with what the processor gives in float32 for the very same
/// arguments, call by call, so that nothing adds up from one to the next.
///
/// An exercise is done twice: on the processor in float32, to know which texts its programs are there (types are
/// constants of a text), then on the device, where the arguments of each kind of call are copied and given to the
/// processor's program too. What a call changes in place is compared like what it returns. Where
/// another token was chosen, what follows from it is not compared.
public final class Beside {
    private static final String TEXT = """
            def copied(self, x: Tensor) -> Tensor:
              dtype = ops.prim.dtype(x)
              if dtype == 5 or dtype == 15:
                dtype = 6
              return torch.to(torch.detach(x), torch.device("cpu"), dtype, False, True)

            # How far `ours` is from `other` [2]: |ours - other| / |other| over the finite numbers of either, in the
            # Euclidean norm; of whole numbers the share that differ. Then whether they are numbers at the same places.
            def apart(self, ours: Tensor, other: Tensor) -> Tensor:
              if torch.is_floating_point(other):
                a = torch.to(ours, 7)
                b = torch.to(other, 7)
                finite = torch.logical_and(torch.abs(b) < 1e6, torch.abs(a) < 1e6)
                x = torch.where(finite, a, torch.zeros_like(a))
                y = torch.where(finite, b, torch.zeros_like(b))
                far = torch.norm(x - y, 2) / torch.clamp_min(torch.norm(y, 2), 1e-12)
                same = torch.to(torch.all(torch.eq(torch.isnan(a), torch.isnan(b))), 7)
              else:
                far = torch.sum(torch.to(torch.ne(ours, other), 7)) / max(1, other.numel())
                same = torch.ones_like(far)
              return torch.stack([far, same], 0)
            """;

    private final Compute compute;
    private final NDManager manager = Compute.CPU.manager();
    private final Program tools = Program.compile(manager, "beside", TEXT);
    private final Map<String, Program> references = new HashMap<>();
    private final Map<String, Difference> worst = new TreeMap<>();

    private Beside(Compute compute) {
        this.compute = compute;
    }

    /// The largest difference of a function of a program over all its calls.
    ///
    /// @param program  its texts
    /// @param function as it is called
    /// @param reals    of floating-point results: |ours - other| / |other|
    /// @param wholes   of whole numbers and truth values: the share that differ
    /// @param numbers  whether both have numbers at the same places
    /// @param results  arrays that were compared
    public record Difference(String program, String function, double reals, double wholes, boolean numbers,
            int results) {
        private Difference and(Difference other) {
            return new Difference(program, function, Math.max(reals, other.reals), Math.max(wholes, other.wholes),
                    numbers && other.numbers, results + other.results);
        }
    }

    /// @return of each function that the exercises call, the largest difference
    public static List<Difference> compare(List<Exercise> exercises, Compute compute) {
        Beside beside = new Beside(compute);
        try {
            exercises.forEach(beside::exercise);
            return List.copyOf(beside.worst.values());
        } finally {
            beside.references.values().forEach(Program::close);
            beside.tools.close();
            beside.manager.close();
        }
    }

    private void exercise(Exercise exercise) {
        Order texts = new Order();
        try (Watch ignored = new Watch(call -> texts.of(call.program()))) {
            exercise.run(Compute.CPU);
        }
        Order here = new Order();
        Comparing comparing = new Comparing(here, texts);
        try (Watch ignored = new Watch(comparing::before, comparing::after)) {
            exercise.run(compute);
        } finally {
            comparing.forget();
        }
    }

    /// The programs of an exercise by name, in the order in which they are first called.
    private static final class Order {
        private final Map<String, List<String>> texts = new HashMap<>();
        private final Map<Program, Integer> places = new HashMap<>();

        int of(Program program) {
            return places.computeIfAbsent(program, ignored -> {
                List<String> named = texts.computeIfAbsent(program.name(), name -> new ArrayList<>());
                named.add(program.source());
                return named.size() - 1;
            });
        }
    }

    private final class Comparing {
        private final Order here;
        private final Order there;
        private final Set<String> seen = new HashSet<>();
        private final Map<Call, List<Arg>> pending = new IdentityHashMap<>(); // arrays are equal by their numbers

        Comparing(Order here, Order there) {
            this.here = here;
            this.there = there;
        }

        void before(Call call) {
            int place = here.of(call.program());
            String kind = call.program().name() + place + call.method() + call.args().stream().map(Kinds::of).toList();
            if (seen.add(kind)) {
                Map<NDArray, NDArray> once = new IdentityHashMap<>(); // what is given twice is one array there, too
                pending.put(call, call.args().stream().map(arg -> copied(arg, once)).toList());
            }
        }

        void after(Call call, List<NDArray> results) {
            List<Arg> copies = pending.remove(call);
            if (copies == null) {
                return;
            }
            String text = there.texts.get(call.program().name()).get(here.of(call.program()));
            Program reference = references.computeIfAbsent(text,
                    source -> Program.compile(manager, call.program().name(), source));
            try (NDManager scope = manager.newSubManager()) {
                List<NDArray> expected = reference.runIn(scope, call.method(), copies.toArray(Arg[]::new));
                List<Difference> all = new ArrayList<>();
                for (int i = 0; i < expected.size(); i++) {
                    all.add(difference(call, results.get(i), expected.get(i), scope));
                }
                List<NDArray> changed = arrays(copies);
                List<NDArray> given = arrays(call.args());
                for (int i = 0; i < changed.size(); i++) {
                    all.add(difference(call, given.get(i), changed.get(i), scope));
                }
                boolean chosen = all.stream().anyMatch(one -> one.wholes > 0);
                all.stream().filter(one -> !chosen || one.wholes > 0).forEach(one ->
                        worst.merge(one.program + " " + one.function, one, Difference::and));
            } finally {
                arrays(copies).forEach(NDArray::close);
            }
        }

        void forget() {
            pending.values().forEach(copies -> arrays(copies).forEach(NDArray::close));
        }

        private Arg copied(Arg arg, Map<NDArray, NDArray> once) {
            return switch (arg) {
                case Arg.One(NDArray array) -> Arg.of(copy(array, once));
                case Arg.Many(List<NDArray> arrays) -> Arg.of(
                        arrays.stream().map(array -> copy(array, once)).toList());
                case Arg.Int ignored -> arg;
                case Arg.Real ignored -> arg;
                case Arg.Flag ignored -> arg;
                case Arg.Text ignored -> arg;
                case Arg.Ints ignored -> arg;
                case Arg.Reals ignored -> arg;
                case Arg.Flags ignored -> arg;
            };
        }

        private NDArray copy(NDArray array, Map<NDArray, NDArray> once) {
            return once.computeIfAbsent(array,
                    one -> tools.runIn(manager, "copied", Arg.of(one)).singletonOrThrow());
        }

        private Difference difference(Call call, NDArray ours, NDArray other, NDManager scope) {
            NDArray here = tools.runIn(scope, "copied", Arg.of(ours)).singletonOrThrow();
            double[] apart = tools.runIn(scope, "apart", Arg.of(here), Arg.of(other)).singletonOrThrow()
                    .toDoubleArray();
            boolean whole = !other.getDataType().isFloating();
            return new Difference(call.program().name(), call.method(), whole ? 0 : apart[0],
                    whole ? apart[0] : 0, apart[1] == 1, 1);
        }
    }

    private static List<NDArray> arrays(List<Arg> args) {
        List<NDArray> all = new ArrayList<>();
        for (Arg arg : args) {
            if (arg instanceof Arg.One(NDArray array)) {
                all.add(array);
            }
            if (arg instanceof Arg.Many(List<NDArray> arrays)) {
                all.addAll(arrays);
            }
        }
        return all;
    }
}
