package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Call;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.engine.Watch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// As long as it is open, makes each kind of call of a program once more, with and without a graph, on libtorch's
/// device `meta`: whoever makes an array on the processor, or reads a number, fails there. Which functions were run is
/// counted by the program itself, not read off its text.
public final class OnMeta implements AutoCloseable {
    private static final String SEND = """
            def send(self, x: Tensor) -> Tensor:
              if x.is_mkldnn:
                # blocks stay on the processor: a plain matrix stands for them
                y = torch.zeros(x.size(), dtype=ops.prim.dtype(x), device=torch.device("meta"))
              else:
                y = torch.to(x, torch.device("meta"), ops.prim.dtype(x), False, False)
              return y
            """;
    /// What libtorch says of a number that is not there.
    private static final Pattern READ = Pattern.compile(
            "_local_scalar_dense|aten::nonzero|aten::bincount|aten::masked_select"
                    + "|Cannot copy out of meta tensor|repeat_interleave");
    private static final Pattern INNERMOST = Pattern.compile(", in (\\w+)$", Pattern.MULTILINE);

    private final NDManager manager = Compute.CPU.manager();
    private final Program program = Program.compile(manager, "meta", SEND);
    private final Map<String, Program> compiled = new TreeMap<>();
    private final Map<String, Program> blind = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> failed = new TreeMap<>();
    private final Set<String> reading = new TreeSet<>();
    private final Watch watch = new Watch(this::again);

    /// What came of the calls so far.
    ///
    /// @param run     by their program's path, the functions that ran on `meta`, also behind a number that was read
    /// @param failed  by program and function, what a call failed with
    /// @param reading functions that read a number
    public record Findings(Map<String, Set<String>> run, Map<String, String> failed, Set<String> reading) {}

    /// @return of all calls so far
    public synchronized Findings findings() {
        Map<String, Set<String>> run = new TreeMap<>();
        List.of(compiled, blind).forEach(programs -> programs.values().forEach(one -> one.calls().forEach((name, n) -> {
            if (n > 0) {
                for (String path : one.name().split(" \\+ ")) {
                    run.computeIfAbsent(path, ignored -> new TreeSet<>()).add(name);
                }
            }
        })));
        return new Findings(run, new TreeMap<>(failed), new TreeSet<>(reading));
    }

    private synchronized void again(Call call) {
        String kind = call.program().source().hashCode() + call.method()
                + call.args().stream().map(Kinds::of).toList();
        if (seen.add(kind)) {
            rehearse(call, false);
            rehearse(call, true);
        }
    }

    private void rehearse(Call call, boolean graph) {
        try {
            run(compiled.computeIfAbsent(call.program().source(), text -> counting(call, MetaText.of(text))), call,
                    graph);
        } catch (IllegalStateException stopped) {
            if (!READ.matcher(stopped.getMessage()).find()) {
                failed.put(place(call, stopped, graph), stopped.getMessage());
                return;
            }
            reading.add(innermost(call, stopped.getMessage()));
            goOn(call, graph);
        }
    }

    /// What comes behind a read.
    private void goOn(Call call, boolean graph) {
        try {
            run(blind.computeIfAbsent(call.program().source(),
                    text -> counting(call, MetaText.blind(MetaText.of(text)))), call, graph);
        } catch (IllegalStateException stopped) {
            failed.put(place(call, stopped, graph), stopped.getMessage());
        }
    }

    private Program counting(Call call, String text) {
        return Program.counting(manager, call.program().name(), text);
    }

    private void run(Program same, Call call, boolean graph) {
        try (NDManager scope = manager.newSubManager()) {
            Arg[] args = call.args().stream().map(arg -> sent(arg, scope, graph)).toArray(Arg[]::new);
            if (graph) {
                same.withGraphIn(scope, call.method(), args);
            } else {
                same.runIn(scope, call.method(), args);
            }
        }
    }

    private static String place(Call call, IllegalStateException stopped, boolean graph) {
        return call.program().name() + ": " + innermost(call, stopped.getMessage()) + (graph ? ", with a graph" : "");
    }

    private static String innermost(Call call, String message) {
        Matcher function = INNERMOST.matcher(message);
        String innermost = call.method();
        while (function.find()) {
            innermost = function.group(1);
        }
        return innermost;
    }

    private Arg sent(Arg arg, NDManager scope, boolean graph) {
        return switch (arg) {
            case Arg.One(NDArray array) -> Arg.of(sent(array, scope, graph));
            case Arg.Many(List<NDArray> arrays) -> Arg.of(
                    arrays.stream().map(array -> sent(array, scope, graph)).toList());
            case Arg.Int ignored -> arg;
            case Arg.Real ignored -> arg;
            case Arg.Flag ignored -> arg;
            case Arg.Text ignored -> arg;
            case Arg.Ints ignored -> arg;
            case Arg.Reals ignored -> arg;
            case Arg.Flags ignored -> arg;
        };
    }

    private NDArray sent(NDArray array, NDManager scope, boolean graph) {
        return (graph ? program.withGraphIn(scope, "send", Arg.of(array))
                : program.runIn(scope, "send", Arg.of(array))).singletonOrThrow();
    }

    @Override
    public synchronized void close() {
        watch.close();
        compiled.values().forEach(Program::close);
        blind.values().forEach(Program::close);
        program.close();
        manager.close();
    }
}
