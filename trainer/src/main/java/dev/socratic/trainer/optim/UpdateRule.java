package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.config.OptimizerConfig;
import dev.socratic.trainer.config.OptimizerMethod;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What an optimiser does with a weight, as data: a function of its program, what that remembers of each weight, and
/// its numbers. The formulas stand in [OptimizerMethod] and, once, in `programs/optimizer.txt`.
///
/// @param function  of the program, called as `(weights, gradients, each of kept, constants, numbers)`
/// @param kept      what is remembered of a weight
/// @param constants further arguments, of the weights in their order
/// @param numbers   of the method, behind learning rate, weight decay and factor
record UpdateRule(String function, List<Kept> kept, Function<List<NDArray>, List<Arg>> constants,
        List<Double> numbers) {
    /// Of [OptimizerMethod.ScheduleFreeAdamw], its z.
    static final String BASE = "base";
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    private static final Kept STEPS = new Kept("steps", shape -> new Shape(), DataType.FLOAT32, false);
    private static final int BLOCK = 256;
    /// A number between two points: the weight is of a layer.
    private static final Pattern IN_LAYER = Pattern.compile("(^|\\.)\\d+\\.");

    /// What is remembered of each weight.
    ///
    /// @param name  in checkpoints, before the weight's
    /// @param shape of a weight's shape
    /// @param copy  whether it begins as the weight; otherwise with zeros
    record Kept(String name, UnaryOperator<Shape> shape, DataType type, boolean copy) {
        static Kept whole(String name) {
            return new Kept(name, UnaryOperator.identity(), DataType.FLOAT32, false);
        }

        static Kept scalar(String name) {
            return new Kept(name, shape -> new Shape(), DataType.FLOAT32, false);
        }

        /// @return its bytes for a weight of this shape
        long bytes(Shape weight) {
            return shape.apply(weight).size() * type.getNumOfBytes();
        }
    }

    /// Which rule a weight takes, by its name and shape.
    @FunctionalInterface
    interface Choice {
        UpdateRule of(String name, Shape shape);
    }

    /// @param maps of [DynamicMap], asked for where a rule reads them
    static Choice choice(OptimizerConfig config, Supplier<List<NDArray>> maps) {
        UpdateRule adamw = adamw(config);
        return switch (config.method()) {
            case OptimizerMethod.Adamw ignored -> (name, shape) -> adamw;
            case OptimizerMethod.Adamw8bit few -> {
                UpdateRule short8 = adamw8bit(config, maps.get());
                yield (name, shape) -> shape.size() < few.min8bitSize() ? adamw : short8;
            }
            case OptimizerMethod.Adafactor method -> {
                UpdateRule vectors = adafactor(method, false);
                UpdateRule factored = adafactor(method, true);
                yield (name, shape) -> shape.dimension() < 2 ? vectors : factored;
            }
            case OptimizerMethod.Muon method -> {
                UpdateRule muon = muon(method);
                yield (name, shape) -> shape.dimension() == 2 && IN_LAYER.matcher(name).find() ? muon : adamw;
            }
            case OptimizerMethod.Lion method -> {
                UpdateRule lion = new UpdateRule("lion", List.of(Kept.whole(FIRST)), none(), method.betas());
                yield (name, shape) -> lion;
            }
            case OptimizerMethod.ScheduleFreeAdamw method -> {
                UpdateRule free = scheduleFree(config, method);
                yield (name, shape) -> free;
            }
        };
    }

    private static UpdateRule adamw(OptimizerConfig config) {
        return new UpdateRule("adamw", List.of(Kept.whole(FIRST), Kept.whole(SECOND), STEPS), none(), adam(config));
    }

    private static UpdateRule adamw8bit(OptimizerConfig config, List<NDArray> maps) {
        UnaryOperator<Shape> flat = shape -> new Shape(shape.size());
        UnaryOperator<Shape> blocks = shape -> new Shape((shape.size() + BLOCK - 1) / BLOCK);
        return new UpdateRule("adamw8bit",
                List.of(new Kept(FIRST, flat, DataType.UINT8, false),
                        new Kept("first_scale", blocks, DataType.FLOAT32, false),
                        new Kept(SECOND, flat, DataType.UINT8, false),
                        new Kept("second_scale", blocks, DataType.FLOAT32, false), STEPS),
                ignored -> List.of(Arg.of(maps)), adam(config));
    }

    private static UpdateRule adafactor(OptimizerMethod.Adafactor method, boolean factored) {
        List<Kept> second = factored
                ? List.of(new Kept("rows", UpdateRule::rows, DataType.FLOAT32, false),
                        new Kept("columns", UpdateRule::columns, DataType.FLOAT32, false))
                : List.of(Kept.whole(SECOND));
        boolean first = method.beta1() != 0;
        List<Kept> rest = first ? List.of(STEPS, Kept.whole(FIRST)) : List.of(STEPS);
        return new UpdateRule(factored ? "adafactor" : "adafactor_vectors",
                Stream.concat(second.stream(), rest.stream()).toList(),
                first ? none() : weights -> List.of(Arg.of(weights)), // in the place of what is not read
                List.of(method.decayRate(), method.eps(), method.clipThreshold(), method.beta1(),
                        method.scaleParameter() ? 1.0 : 0.0));
    }

    private static UpdateRule muon(OptimizerMethod.Muon method) {
        return new UpdateRule("muon", List.of(Kept.whole(FIRST)),
                weights -> List.of(
                        Arg.of(weights.stream().mapToDouble(weight ->
                                method.adjusted(weight.getShape().get(0), weight.getShape().get(1))).toArray()),
                        Arg.of(method.nsSteps())),
                List.of(method.momentum(), method.nesterov() ? 1.0 : 0.0));
    }

    private static UpdateRule scheduleFree(OptimizerConfig config, OptimizerMethod.ScheduleFreeAdamw method) {
        return new UpdateRule("schedule_free_adamw",
                List.of(new Kept(BASE, UnaryOperator.identity(), DataType.FLOAT32, true), Kept.whole(SECOND),
                        Kept.scalar("largest"), Kept.scalar("sums"), STEPS),
                none(), Stream.concat(adam(config).stream(), Stream.of(method.r(), method.weightLrPower())).toList());
    }

    private static List<Double> adam(OptimizerConfig config) {
        return List.of(config.betas().get(0), config.betas().get(1), config.eps());
    }

    private static Function<List<NDArray>, List<Arg>> none() {
        return ignored -> List.of();
    }

    /// `[..., rows, columns]` -> `[..., rows]`.
    private static Shape rows(Shape shape) {
        return shape.slice(0, shape.dimension() - 1);
    }

    /// `[..., rows, columns]` -> `[..., columns]`.
    private static Shape columns(Shape shape) {
        return shape.slice(0, shape.dimension() - 2).addAll(shape.slice(shape.dimension() - 1));
    }
}
