package dev.socratic.models.network;

import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Tape.Keeps;
import dev.socratic.models.network.Tape.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `states` of `decoder.ts.py` as sizes, line by line and in its words: whoever changes what the program makes or keeps
/// changes it here. `DecoderTapeLaws` measures each family against it.
final class DecoderTape {
    private final ModelConfig config;
    private final HeldPlaces places;
    private final FloatType type;
    private final boolean wide;
    private final long batch;
    private final long seq;
    private final long tokens;
    private final Tape tape = new Tape();
    private final boolean near;
    private final boolean dropped;

    /// @param rows of `seq` tokens each
    DecoderTape(HeldPlaces places, DecoderMemory.Held held, long rows, long seq) {
        this.config = places.config();
        this.places = places;
        this.type = held.compute();
        this.dropped = held.factors().filter(DecoderMemory.Factors::dropped).isPresent();
        this.wide = Family.of(config.family()).orElseThrow().wide();
        this.batch = rows;
        this.seq = seq;
        this.tokens = rows * seq;
        this.near = config.window() > 0 && seq > config.window();
    }

    /// @return the tape of the whole body, up to the final states
    Tape whole() {
        Value x = embedding();
        for (int layer = 0; layer < config.layers(); layer++) {
            x = layer(x, layer);
        }
        lastNorm(x);
        return tape;
    }

    /// @param learns whether a gradient of the stream is wanted
    /// @return the tape of one layer alone, whose stream somebody else holds
    Tape alone(int layer, boolean learns) {
        layer(tape.held(tokens * config.hidden() * type.bytes(), learns), layer);
        return tape;
    }

    private boolean half() {
        return type != FloatType.FLOAT32;
    }

    /// @return an array of this many numbers of the type that is computed in
    private Value typed(long numbers, List<Value> from, Keeps keeps) {
        return tape.make(numbers * type.bytes(), from, keeps);
    }

    private Value wide(long numbers, List<Value> from, Keeps keeps) {
        return tape.make(4 * numbers, from, keeps);
    }

    private Value embedding() {
        Place table = places.outer(Part.EMBEDDING);
        Value rows = wide(tokens * config.hidden(), List.of(tape.held(4 * table.numbers(), table.learns())),
                Keeps.NOTHING);
        Value x = half() ? typed(tokens * config.hidden(), List.of(rows), Keeps.NOTHING) : rows;
        if (config.scales().embedding() != 1) {
            x = typed(tokens * config.hidden(), List.of(x), Keeps.NOTHING);
        }
        if (places.has(Part.POSITIONS)) {
            Place positions = places.outer(Part.POSITIONS);
            Value at = wide(seq * config.hidden(), List.of(tape.held(4 * positions.numbers(), positions.learns())),
                    Keeps.NOTHING);
            x = tape.sum(x, at);
        }
        return x;
    }

    private void lastNorm(Value x) {
        Value y = norm(x, tokens * config.hidden(), tokens, places.outer(Part.LAST_NORM));
        if (config.scales().logits() != 1) {
            typed(tokens * config.hidden(), List.of(y), Keeps.NOTHING);
        }
    }

    private Value layer(Value x, int layer) {
        List<Value> qkv = queryKeyValue(preNorm(x, layer), layer);
        Value attended = attention(qkv.get(0), repeat(qkv.get(1)), repeat(qkv.get(2)), layer);
        // Queries of which a part turns are laid out head by head, and so is what the kernel makes of them.
        boolean byHead = turns(layer) && config.attention().rotated() != config.attention().dim();
        return residualBlock(x, byHead ? typed(queries(), List.of(attended), Keeps.NOTHING) : attended, layer);
    }

    private Value preNorm(Value x, int layer) {
        return normIf(Part.BEFORE_ATTENTION, x, layer);
    }

    private Value normIf(Part part, Value x, int layer) {
        return places.has(part, layer) ? norm(x, tokens * config.hidden(), tokens, places.in(part, layer)) : x;
    }

    /// Root-mean-square and layer norm, as libtorch composes them: the first of a square, a mean, a root and products,
    /// in float32.
    ///
    /// @param numbers of x
    /// @param items   that each are normed by themselves
    private Value norm(Value x, long numbers, long items, Place weight) {
        Value gain = tape.held(4 * weight.numbers(), weight.learns());
        if (config.norm().kind() == Norm.Kind.LAYER) {
            Value both = tape.make(8 * items, List.of(x), Keeps.NOTHING);
            return typed(numbers, List.of(x, gain, both), Keeps.these(x, both));
        }
        Value upcast = half() ? wide(numbers, List.of(x), Keeps.NOTHING) : x;
        Value square = wide(numbers, List.of(upcast), Keeps.these(upcast));
        Value root = wide(items, List.of(square), Keeps.RESULT);
        Value unit = wide(numbers, List.of(upcast, root), Keeps.these(upcast, root));
        // Where the weight multiplies in float32, what it multiplies is of that type too.
        boolean early = half() && !wide && config.norm().kind() == Norm.Kind.RMS;
        Value back = early ? typed(numbers, List.of(unit), Keeps.NOTHING) : unit;
        Value y = tape.make(numbers * (early ? type.bytes() : 4), List.of(back, gain),
                gain.learns() ? Keeps.these(back) : Keeps.NOTHING);
        return half() && !early ? typed(numbers, List.of(y), Keeps.NOTHING) : y;
    }

    private long queries() {
        return tokens * config.attention().heads() * config.attention().dim();
    }

    private long keys() {
        return tokens * config.attention().kvHeads() * config.attention().dim();
    }

    private List<Value> queryKeyValue(Value h, int layer) {
        Attention attention = config.attention();
        boolean whole = attention.headNorm() == Attention.HeadNorm.WHOLE;
        boolean each = attention.headNorm() == Attention.HeadNorm.HEAD;
        Value q;
        Value k;
        Value v;
        Optional<Part> joined = List.of(Part.QUERY_KEY_VALUE, Part.QUERY_KEY_VALUE_BY_HEAD).stream()
                .filter(part -> places.has(part, layer)).findFirst();
        if (joined.isPresent()) {
            Value joint = linear(h, tokens, places.in(joined.get(), layer));
            q = tape.view(joint, queries() * type.bytes());
            k = tape.view(joint, keys() * type.bytes());
            v = tape.view(joint, keys() * type.bytes());
        } else {
            q = linear(h, tokens, places.in(Part.QUERY, layer));
            q = whole ? norm(q, queries(), tokens, places.in(Part.QUERY_NORM, layer)) : q;
            k = linear(h, tokens, places.in(Part.KEY, layer));
            k = whole ? norm(k, keys(), tokens, places.in(Part.KEY_NORM, layer)) : k;
            v = linear(h, tokens, places.in(Part.VALUE, layer));
        }
        if (each) {
            q = norm(q, queries(), tokens * attention.heads(), places.in(Part.QUERY_NORM, layer));
            k = norm(k, keys(), tokens * attention.kvHeads(), places.in(Part.KEY_NORM, layer));
        }
        return turns(layer) ? List.of(rotate(q, queries()), rotate(k, keys()), v) : List.of(q, k, v);
    }

    private boolean turns(int layer) {
        return !(config.pattern().get(layer).rope() instanceof Rope.None);
    }

    /// Turned halves: products with tables, of which only the tables are kept.
    private Value rotate(Value x, long numbers) {
        long each = half() && wide ? 4 : type.bytes();
        long turning = numbers / config.attention().dim() * config.attention().rotated();
        Value part = turning == numbers ? x : tape.view(x, turning * type.bytes());
        Value cosine = tape.make(turning * each, List.of(part), Keeps.NOTHING);
        Value second = typed(turning / 2, List.of(tape.view(part, turning / 2 * type.bytes())), Keeps.NOTHING);
        Value swapped = typed(turning, List.of(second, tape.view(part, turning / 2 * type.bytes())), Keeps.NOTHING);
        Value sine = tape.make(turning * each, List.of(swapped), Keeps.NOTHING);
        Value y = tape.sum(cosine, sine);
        if (turning != numbers) {
            Value rest = tape.view(x, (numbers - turning) * type.bytes());
            y = tape.make(numbers * each, List.of(y, rest), Keeps.NOTHING);
        }
        return half() && wide ? typed(numbers, List.of(y), Keeps.NOTHING) : y;
    }

    private Value repeat(Value x) {
        return config.attention().heads() == config.attention().kvHeads() ? x
                : typed(queries(), List.of(x), Keeps.NOTHING);
    }

    private Value attention(Value q, Value keys, Value values, int layer) {
        long scores = batch * config.attention().heads() * seq * seq;
        if (config.attention().softCap() > 0) {
            return explicit(q, keys, values, scores);
        }
        Value logSums = tape.make(4 * tokens * config.attention().heads(), List.of(q), Keeps.NOTHING);
        if (near && config.pattern().get(layer).window() > 0) {
            Value mask = typed(seq * seq, List.of(), Keeps.NOTHING);
            return typed(queries(), List.of(q, keys, values, logSums, mask), result ->
                    List.of(q, keys, values, logSums, mask, result));
        }
        return typed(queries(), List.of(q, keys, values, logSums), result ->
                List.of(q, keys, values, logSums, result));
    }

    /// Scores written out. A product of four axes copies its factors into three.
    private Value explicit(Value q, Value keys, Value values, long scores) {
        Value flatQ = typed(queries(), List.of(q), Keeps.NOTHING);
        Value flatK = typed(queries(), List.of(keys), Keeps.NOTHING);
        Value raw = typed(scores, List.of(flatQ, flatK), Keeps.these(flatQ, flatK));
        Value float32 = half() ? wide(scores, List.of(raw), Keeps.NOTHING) : raw;
        Value divided = wide(scores, List.of(float32), Keeps.NOTHING);
        Value inner = wide(scores, List.of(divided), Keeps.NOTHING);
        Value bent = wide(scores, List.of(inner), Keeps.RESULT);
        Value capped = wide(scores, List.of(bent), Keeps.NOTHING);
        Value masked = wide(scores, List.of(capped), Keeps.NOTHING);
        Value shares = wide(scores, List.of(masked), Keeps.RESULT);
        Value rounded = half() ? typed(scores, List.of(shares), Keeps.NOTHING) : shares;
        Value flatV = typed(queries(), List.of(values), Keeps.NOTHING);
        Value attended = typed(queries(), List.of(rounded, flatV), Keeps.these(rounded, flatV));
        return typed(queries(), List.of(attended), Keeps.NOTHING); // the heads side by side again
    }

    private Value residualBlock(Value x, Value attended, int layer) {
        long stream = tokens * config.hidden();
        Value attention = linear(attended, tokens, places.in(Part.OUTPUT, layer));
        attention = normIf(Part.AFTER_ATTENTION, attention, layer);
        boolean scaled = config.scales().residual() != 1;
        attention = scaled ? typed(stream, List.of(attention), Keeps.NOTHING) : attention;
        Value residual = tape.sum(x, attention);
        Value h = normIf(Part.BEFORE_FEED_FORWARD, config.parallel() ? x : residual, layer);
        Value update = config.pattern().get(layer).sparse() ? experts(h, layer) : mlp(h, layer);
        update = normIf(Part.AFTER_FEED_FORWARD, update, layer);
        update = scaled ? typed(stream, List.of(update), Keeps.NOTHING) : update;
        return tape.sum(residual, update);
    }

    private Value mlp(Value x, int layer) {
        long numbers = tokens * config.width();
        Value inner;
        if (places.has(Part.GATE_UP, layer)) {
            Value joint = linear(x, tokens, places.in(Part.GATE_UP, layer));
            inner = times(activate(tape.view(joint, numbers * type.bytes()), numbers),
                    tape.view(joint, numbers * type.bytes()), numbers);
        } else if (config.feedForward().gated()) {
            Value gate = activate(linear(x, tokens, places.in(Part.GATE, layer)), numbers);
            inner = times(gate, linear(x, tokens, places.in(Part.UP, layer)), numbers);
        } else {
            inner = activate(linear(x, tokens, places.in(Part.UP, layer)), numbers);
        }
        return linear(inner, tokens, places.in(Part.DOWN, layer));
    }

    private Value times(Value a, Value b, long numbers) {
        return typed(numbers, List.of(a, b), Keeps.these(a, b));
    }

    private Value activate(Value x, long numbers) {
        return switch (config.feedForward().activation()) {
            case SILU, GELU -> typed(numbers, List.of(x), Keeps.these(x));
            case RELU -> typed(numbers, List.of(x), Keeps.RESULT);
            case GELU_TANH -> {
                Value all = half() ? wide(numbers, List.of(x), Keeps.NOTHING) : x;
                Value halved = wide(numbers, List.of(all), Keeps.NOTHING);
                Value cube = wide(numbers, List.of(all), Keeps.these(all));
                Value small = wide(numbers, List.of(cube), Keeps.NOTHING);
                Value inner = wide(numbers, List.of(tape.sum(all, small)), Keeps.NOTHING);
                Value bent = wide(numbers, List.of(inner), Keeps.RESULT);
                Value above = wide(numbers, List.of(bent), Keeps.NOTHING);
                Value y = wide(numbers, List.of(halved, above), Keeps.these(halved, above));
                yield half() ? typed(numbers, List.of(y), Keeps.NOTHING) : y;
            }
        };
    }

    /// The tokens of all experts together, each as often as it has experts. Matrices of experts that none of the tokens
    /// chose have a gradient too.
    private Value experts(Value x, int layer) {
        FeedForward.Experts experts = config.feedForward().experts().orElseThrow();
        long choices = tokens * experts.perToken();
        Value logits = linear(x, tokens, places.in(Part.ROUTER, layer));
        long all = tokens * experts.count();
        Value float32 = half() ? wide(all, List.of(logits), Keeps.NOTHING) : logits;
        Value shares = wide(all, List.of(float32), Keeps.RESULT);
        Value ids = tape.make(8 * choices, List.of(shares), Keeps.NOTHING);
        Value chosen = wide(choices, List.of(shares), Keeps.these(ids));
        Value sums = wide(tokens, List.of(chosen), Keeps.NOTHING);
        Value mixed = experts.renormalized() ? wide(choices, List.of(chosen, sums), Keeps.these(chosen, sums)) : chosen;
        Value order = tape.make(8 * choices, List.of(ids), Keeps.NOTHING);
        Value rows = tape.make(8 * choices, List.of(order), Keeps.NOTHING);
        Value share = typed(choices, List.of(mixed, order), Keeps.these(order));
        Value own = typed(choices * config.hidden(), List.of(x, rows), Keeps.these(rows));
        long numbers = choices * experts.width();
        Value gate = activate(linear(own, choices, places.in(Part.EXPERT_GATE, layer)), numbers);
        Value inner = times(gate, linear(own, choices, places.in(Part.EXPERT_UP, layer)), numbers);
        Value answer = linear(inner, choices, places.in(Part.EXPERT_DOWN, layer));
        Value weighed = typed(choices * config.hidden(), List.of(answer, share), Keeps.these(answer, share));
        return typed(tokens * config.hidden(), List.of(weighed, rows), Keeps.these(weighed, rows));
    }

    /// `linear` of `linear.ts.py`: a matrix of another type than what is multiplied is rounded, one of few bits
    /// widened, and what comes of that is kept, where a gradient goes through.
    private Value linear(Value x, long rows, Place place) {
        long product = rows * place.out();
        Value matrix = matrix(place);
        Value y = typed(product, List.of(x, matrix), kept(x, matrix));
        if (place.scheme().filter(Weight.Scheme.Int8.class::isInstance).isPresent()) {
            Value scaled = wide(product, List.of(y), Keeps.NOTHING);
            y = half() ? typed(product, List.of(scaled), Keeps.NOTHING) : scaled;
        }
        if (place.scheme().isPresent() && place.bias()) {
            y = typed(product, List.of(y), Keeps.NOTHING);
        }
        return place.rank() == 0 ? y : tape.sum(y, beside(x, rows, place));
    }

    private Value beside(Value whole, long rows, Place place) {
        Value x = dropped ? read(whole, rows * place.in()) : whole;
        Value a = factor(place.rank() * place.in());
        Value thin = typed(rows * place.rank(), List.of(x, a), kept(x, a));
        Value low = typed(rows * place.rank(), List.of(thin), Keeps.NOTHING);
        Value b = factor(place.rank() * place.out());
        return typed(rows * place.out(), List.of(low, b), kept(low, b));
    }

    /// `read_of`: random numbers on the way, which are kept, as a byte each.
    private Value read(Value x, long numbers) {
        Value bits = tape.make(3 * Integer.BYTES * numbers, List.of(), Keeps.NOTHING);
        Value kept = tape.make(numbers, List.of(bits), Keeps.NOTHING);
        Value chosen = typed(numbers, List.of(x, kept), Keeps.these(kept));
        return typed(numbers, List.of(chosen), Keeps.NOTHING);
    }

    private Value factor(long numbers) {
        Value held = tape.held(4 * numbers, true);
        return half() ? typed(numbers, List.of(held), Keeps.NOTHING) : held;
    }

    private static Keeps kept(Value x, Value matrix) {
        List<Value> all = new ArrayList<>();
        if (matrix.learns()) {
            all.add(x);
        }
        if (x.learns()) {
            all.add(matrix);
        }
        return ignored -> all;
    }

    private Value matrix(Place place) {
        long size = place.numbers() * type.bytes();
        if (place.scheme().isEmpty()) {
            Value held = tape.held(place.numbers() * place.bytes(), place.learns());
            return place.bytes() == type.bytes() ? held : tape.make(size, List.of(held), Keeps.NOTHING);
        }
        // What is there while codes become numbers: of 4 bits, the same in float32, twice, and the numbers of codes.
        long beside = switch (place.scheme().get()) {
            case Weight.Scheme.Int8 ignored -> 0;
            case Weight.Scheme.Int4 ignored -> 5 * place.numbers();
            case Weight.Scheme.Nf4 ignored -> 6 * place.numbers();
        };
        return tape.make(size, List.of(tape.held(0, false)), Keeps.NOTHING,
                beside + (half() && beside > 0 ? 4 * place.numbers() : 0), 0);
    }
}
