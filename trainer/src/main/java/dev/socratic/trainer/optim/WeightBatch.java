package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Weights that one call of the program changes, and what is remembered of them.
final class WeightBatch {
    private final Kind kind;
    private final List<String> names = new ArrayList<>();
    private final List<NDArray> weights = new ArrayList<>();
    /// By what it is, one array a weight.
    private final Map<String, List<NDArray>> state = new LinkedHashMap<>();

    /// What the weights of a batch have in common.
    ///
    /// @param narrow whether they are bfloat16
    record Kind(UpdateRule rule, WeightGroups.Setting setting, boolean narrow) {}

    WeightBatch(Kind kind) {
        this.kind = kind;
        kind.rule().kept().forEach(kept -> state.put(kept.name(), new ArrayList<>()));
    }

    void add(String name, NDArray weight, StateMemory memory) {
        names.add(name);
        weights.add(weight);
        kind.rule().kept().forEach(kept -> state.get(kept.name())
                .add(memory.zeros(stateName(kept, name), kept.shape().apply(weight.getShape()), kept.type())));
    }

    /// All weights are there: what begins as they are is copied from them.
    void begin(Program program) {
        for (UpdateRule.Kept kept : kind.rule().kept()) {
            if (kept.copy()) {
                try (NDManager scope = weights.getFirst().getManager().newSubManager()) {
                    program.runIn(scope, "replace", Arg.of(state.get(kept.name())), Arg.of(weights));
                }
            }
        }
    }

    /// @param gradients by name; weights without one stay as they are
    /// @param rate      of all weights
    /// @param factor    of the gradients
    /// @param narrowing how weights of bfloat16 take what becomes of them
    void step(Program program, Map<String, NDArray> gradients, double rate, double factor, Narrowing narrowing) {
        int[] now = IntStream.range(0, names.size()).filter(i -> gradients.containsKey(names.get(i))).toArray();
        if (now.length == 0) {
            return;
        }
        double[] numbers = numbers(rate, factor);
        if (kind.narrow()) {
            IntStream.of(now).forEach(one -> narrow(program, one, gradients.get(names.get(one)), numbers, narrowing));
            return;
        }
        try (NDManager scope = weights.getFirst().getManager().newSubManager()) {
            run(program, now, of(now, weights), of(now, names).stream().map(gradients::get).toList(), numbers, scope);
        }
    }

    /// One weight at a time, so that no more than one lies there as float32.
    private void narrow(Program program, int one, NDArray gradient, double[] numbers, Narrowing narrowing) {
        NDArray weight = weights.get(one);
        try (NDManager scope = weight.getManager().newSubManager()) {
            List<NDArray> wide = program.runIn(scope, "widened", Arg.of(List.of(weight, gradient)));
            run(program, new int[] {one}, List.of(wide.get(0)), List.of(wide.get(1)), numbers, scope);
            narrowing.narrow(program, names.get(one), weight, wide.get(0), scope);
        }
    }

    private void run(Program program, int[] now, List<NDArray> changed, List<NDArray> gradients, double[] numbers,
            NDManager scope) {
        List<Arg> args = new ArrayList<>();
        args.add(Arg.of(changed));
        args.add(Arg.of(gradients));
        kind.rule().kept().forEach(kept -> args.add(Arg.of(of(now, state.get(kept.name())))));
        args.addAll(kind.rule().constants().apply(changed));
        args.add(Arg.of(numbers));
        program.runIn(scope, kind.rule().function(), args.toArray(Arg[]::new));
    }

    private double[] numbers(double rate, double factor) {
        double[] numbers = new double[3 + kind.rule().numbers().size()];
        numbers[0] = rate * kind.setting().times();
        numbers[1] = kind.setting().weightDecay();
        numbers[2] = factor;
        for (int i = 3; i < numbers.length; i++) {
            numbers[i] = kind.rule().numbers().get(i - 3);
        }
        return numbers;
    }

    /// @return what is remembered, by name
    Map<String, NDArray> state() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            for (UpdateRule.Kept kept : kind.rule().kept()) {
                all.put(stateName(kept, names.get(i)), state.get(kept.name()).get(i));
            }
        }
        return all;
    }

    /// @param beta share of the average where gradients are taken
    /// @return the averages of weights that are ahead of them, by name, on `scope`
    Map<String, NDArray> averages(Program program, double beta, NDManager scope) {
        List<NDArray> wide = kind.narrow() ? program.runIn(scope, "widened", Arg.of(weights)) : weights;
        List<NDArray> made = program.runIn(scope, "schedule_free_average", Arg.of(wide),
                Arg.of(state.get(UpdateRule.BASE)), Arg.of(beta));
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int i = 0; i < made.size(); i++) {
            all.put(names.get(i), made.get(i));
        }
        return all;
    }

    private static String stateName(UpdateRule.Kept kept, String weight) {
        return kept.name() + "." + weight;
    }

    private static <T> List<T> of(int[] places, List<T> all) {
        return IntStream.of(places).mapToObj(all::get).toList();
    }
}
