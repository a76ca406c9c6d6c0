package dev.socratic.models.network;

import java.util.Collections;
import java.util.List;

/// Reads how positions turn: `rope_theta` with `rope_scaling`, or, in newer files, `rope_parameters`, which may hold
/// one object for each kind of layer.
final class RopeFields {
    /// Published models go up to some 1e10; beyond this nothing turns.
    private static final double LARGEST_THETA = 1e15;
    private static final double LARGEST_FACTOR = 1e6;
    private static final String KINDS = "default, linear, dynamic, llama3, yarn, longrope";

    private final Fields json;
    private final int positions;
    private final int rotated;

    RopeFields(Fields json, int positions, int rotated) {
        this.json = json;
        this.positions = positions;
        this.rotated = rotated;
    }

    private static Fields parameters(Fields json) {
        Fields own = json.inside("rope_parameters").orElse(json.inside("rope_scaling").orElse(json.nothing()));
        return own.inside("full_attention").orElse(own);
    }

    /// @return the share of a head's coordinates that turn
    static double share(Fields json) {
        return parameters(json).within("partial_rotary_factor", json.within("partial_rotary_factor", 1, 0, 1), 0, 1);
    }

    /// @return the rope of layers without a window, and of all where they do not differ
    Rope everywhere() {
        return of(parameters(json), theta(json, "rope_theta", 10_000));
    }

    /// @return the rope of layers with a window
    Rope withWindow(Rope everywhere) {
        double local = theta(json, "rope_local_base_freq", 0);
        return json.inside("rope_parameters").flatMap(all -> all.inside("sliding_attention"))
                .map(own -> of(own, 10_000))
                .orElse(local == 0 ? everywhere : new Rope.Plain(local));
    }

    /// @return the longest sequence
    static int context(Rope rope, int positions) {
        return switch (rope) {
            case Rope.Linear linear -> (int) (positions * Math.max(1, linear.factor()));
            case Rope.Dynamic dynamic -> (int) (positions * Math.max(1, dynamic.factor()));
            case Rope.Yarn yarn -> Math.max(positions, (int) (yarn.original() * yarn.factor()));
            case Rope.None ignored -> positions;
            case Rope.Plain ignored -> positions;
            case Rope.Llama3 ignored -> positions;
            case Rope.LongRope ignored -> positions;
        };
    }

    private static double theta(Fields fields, String name, double otherwise) {
        return fields.within(name, otherwise, 1, LARGEST_THETA);
    }

    private Rope of(Fields scaling, double outside) {
        double theta = theta(scaling, "rope_theta", outside);
        return switch (scaling.text("rope_type", scaling.text("type", "default"))) {
            case "default" -> new Rope.Plain(theta);
            case "linear" -> new Rope.Linear(theta, factor(scaling));
            case "dynamic" -> new Rope.Dynamic(theta, factor(scaling), positions);
            case "llama3" -> llama3(scaling, theta);
            case "yarn" -> new Rope.Yarn(
                    theta, factor(scaling), scaling.positive("beta_fast", 32), scaling.positive("beta_slow", 1),
                    scaling.flag("truncate", true), yarnMagnitude(scaling), original(scaling, positions));
            case "longrope", "su" -> longRope(scaling, theta);
            case String other -> {
                json.problem("rope_scaling.rope_type", "a value this version can compute", "'" + other + "'",
                        "known: " + KINDS);
                yield new Rope.Plain(theta);
            }
        };
    }

    private double factor(Fields scaling) {
        if (!scaling.has("factor")) {
            scaling.problem("factor", "a number", "nothing", "");
        }
        return scaling.within("factor", 1, 0, LARGEST_FACTOR);
    }

    private static int original(Fields fields, int otherwise) {
        return fields.whole("original_max_position_embeddings", otherwise, 1, Integer.MAX_VALUE);
    }

    private static Rope llama3(Fields scaling, double theta) {
        double low = scaling.positive("low_freq_factor", 1);
        double high = scaling.positive("high_freq_factor", 4);
        if (low >= high) {
            scaling.problem("high_freq_factor", "a number above low_freq_factor, %s".formatted(low), "" + high, "");
        }
        return new Rope.Llama3(theta, scaling.within("factor", 8, 0, LARGEST_FACTOR), low, high,
                original(scaling, 8192));
    }

    private static double yarnMagnitude(Fields scaling) {
        double factor = scaling.within("factor", 1, 0, LARGEST_FACTOR);
        double one = scaling.number("mscale", 0);
        double all = scaling.number("mscale_all_dim", 0);
        double usual = one != 0 && all != 0 ? growth(factor, one) / growth(factor, all) : growth(factor, 1);
        return scaling.positive("attention_factor", usual);
    }

    private static double growth(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    private Rope longRope(Fields scaling, double theta) {
        int original = original(json, original(scaling, positions));
        double factor = (double) positions / original;
        double usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new Rope.LongRope(theta, factors(scaling, "short_factor"), factors(scaling, "long_factor"),
                scaling.positive("attention_factor", usual), original);
    }

    private List<Double> factors(Fields scaling, String name) {
        List<Double> factors = scaling.numbers(name).orElse(List.of());
        if (factors.size() != rotated / 2) {
            scaling.problem(name, "one number for each of the %s pairs of a head".formatted(rotated / 2),
                    "" + factors.size(), "");
            return Collections.nCopies(Math.max(0, rotated / 2), 1.0);
        }
        if (!factors.stream().allMatch(factor -> factor > 0 && factor <= LARGEST_FACTOR)) {
            scaling.problem(name, "numbers above 0 and at most %s".formatted(LARGEST_FACTOR),
                    factors.stream().filter(factor -> !(factor > 0 && factor <= LARGEST_FACTOR)).findFirst()
                            .orElseThrow().toString(), "");
        }
        return factors;
    }
}
