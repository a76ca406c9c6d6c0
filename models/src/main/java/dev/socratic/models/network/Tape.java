package dev.socratic.models.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A program as sizes: what each of its operations makes, what it keeps for the way back, and how many bytes are there
/// at most, forward and back. Nothing is computed.
///
/// The rules are libtorch's. A value is there until its last use; longer, where an operation keeps it for its gradient,
/// until that was computed. Operations go back in the reverse of their order. A gradient is as large as what it
/// belongs to. That of a weight is there beside the one it is added to, and gone after that.
final class Tape {
    private final List<Value> values = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /// An array.
    ///
    /// @param id      its number on the tape
    /// @param storage the value whose memory it is: itself, or what it is a view of
    /// @param bytes   of that memory; 0 where somebody else counts it
    /// @param size    bytes of the numbers themselves, which is what a gradient takes
    /// @param learns  whether a gradient is wanted
    /// @param leaf    whether it is a weight
    record Value(int id, int storage, long bytes, long size, boolean learns, boolean leaf) {}

    /// @param from   what goes in
    /// @param to     what comes out
    /// @param keeps  storages that its way back reads
    /// @param passes whether the gradient goes on as it is, without one of its own
    /// @param beside bytes that are there while it computes, forward
    /// @param behind the same on the way back
    private record Step(List<Value> from, Value to, Set<Integer> keeps, boolean passes, long beside, long behind) {}

    /// @return what somebody else holds: a weight or a table
    Value held(long size, boolean learns) {
        return add(new Value(values.size(), values.size(), 0, size, learns, true));
    }

    /// An operation.
    ///
    /// @param size  bytes of what comes out
    /// @param keeps of what goes in and out, what its way back reads
    Value make(long size, List<Value> from, Keeps keeps) {
        return make(size, from, keeps, 0, 0);
    }

    /// What an operation keeps, asked once what comes out is known.
    @FunctionalInterface
    interface Keeps {
        /// Nothing.
        Keeps NOTHING = result -> List.of();
        /// What comes out.
        Keeps RESULT = List::of;

        List<Value> of(Value result);

        static Keeps these(Value... kept) {
            return ignored -> Arrays.asList(kept);
        }
    }

    /// @param beside bytes that are there while it computes
    /// @param behind the same on the way back
    Value make(long size, List<Value> from, Keeps keeps, long beside, long behind) {
        boolean learns = from.stream().anyMatch(Value::learns);
        Value made = add(new Value(values.size(), values.size(), size, size, learns, false));
        Set<Integer> kept = new LinkedHashSet<>();
        if (learns) {
            keeps.of(made).forEach(value -> kept.add(value.storage()));
        }
        steps.add(new Step(List.copyOf(from), made, kept, false, beside, behind));
        return made;
    }

    /// @return the same memory, or a part of it
    Value view(Value of, long size) {
        Value part = add(new Value(values.size(), of.storage(), 0, size, of.learns(), false));
        steps.add(new Step(List.of(of), part, Set.of(), size == of.size(), 0, 0));
        return part;
    }

    /// `a + b`: new memory, and one gradient for both.
    Value sum(Value a, Value b) {
        Value made = add(new Value(values.size(), values.size(), Math.max(a.size(), b.size()),
                Math.max(a.size(), b.size()), a.learns() || b.learns(), false));
        steps.add(new Step(List.of(a, b), made, Set.of(), true, 0, 0));
        return made;
    }

    private Value add(Value value) {
        values.add(value);
        return value;
    }

    private long bytes(int storage) {
        return values.get(storage).bytes();
    }

    /// @return bytes that are kept for the way back, without what comes out at the end
    long kept() {
        Set<Integer> all = new HashSet<>();
        steps.forEach(step -> all.addAll(step.keeps()));
        return all.stream().mapToLong(this::bytes).sum();
    }

    /// @param graph whether what the way back reads stays
    /// @return most bytes while it goes forward
    long forward(boolean graph) {
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (Value value : steps.get(i).from()) {
                last.put(value.storage(), i);
            }
            last.putIfAbsent(steps.get(i).to().storage(), i);
            if (graph) {
                steps.get(i).keeps().forEach(storage -> last.put(storage, Integer.MAX_VALUE));
            }
        }
        last.put(steps.getLast().to().storage(), Integer.MAX_VALUE);
        Map<Integer, List<Integer>> ending = new HashMap<>();
        last.forEach((storage, at) -> ending.computeIfAbsent(at, ignored -> new ArrayList<>()).add(storage));
        Set<Integer> there = new HashSet<>();
        long now = 0;
        long most = 0;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            now += there.add(step.to().storage()) ? bytes(step.to().storage()) : 0;
            most = Math.max(most, now + step.beside());
            for (int storage : ending.getOrDefault(i, List.of())) {
                now -= there.remove(storage) ? bytes(storage) : 0;
            }
        }
        return most;
    }

    /// @return most bytes on the way back: what is still kept, the gradients on their way, and the gradient that comes
    ///         in, which whoever sends it holds to the end
    long back() {
        Map<Integer, Integer> readers = new HashMap<>();
        steps.forEach(step -> step.keeps().forEach(storage -> readers.merge(storage, 1, Integer::sum)));
        Value end = steps.getLast().to();
        readers.merge(end.storage(), 1, Integer::sum);
        long kept = readers.keySet().stream().mapToLong(this::bytes).sum();
        Arriving arriving = new Arriving();
        arriving.put(end.id(), new Gradient(end.size()));
        arriving.hold(end.id());
        long most = kept + arriving.bytes();
        for (Step step : steps.reversed()) {
            if (!step.to().learns()) {
                continue;
            }
            Gradient own = arriving.of(step.to().id());
            for (Value value : step.from()) {
                if (value.learns()) {
                    arriving.put(value.id(), step.passes() ? own : new Gradient(value.size()));
                }
            }
            most = Math.max(most, kept + arriving.bytes() + step.behind());
            for (Value value : step.from()) {
                if (value.learns() && value.leaf()) {
                    arriving.gone(value.id());
                }
            }
            arriving.gone(step.to().id());
            arriving.added();
            for (int storage : step.keeps()) {
                if (readers.merge(storage, -1, Integer::sum) == 0) {
                    kept -= bytes(storage);
                }
            }
        }
        return most;
    }

    /// One array of gradients; the same one may be on its way to several values.
    private static final class Gradient {
        private final long bytes;

        Gradient(long bytes) {
            this.bytes = bytes;
        }
    }

    /// Gradients on their way.
    private static final class Arriving {
        private final Map<Integer, List<Gradient>> by = new HashMap<>();
        private final Set<Gradient> held = new HashSet<>();

        void put(int value, Gradient gradient) {
            by.computeIfAbsent(value, ignored -> new ArrayList<>()).add(gradient);
        }

        void hold(int value) {
            held.addAll(by.get(value));
        }

        Gradient of(int value) {
            return by.getOrDefault(value, List.of(new Gradient(0))).getFirst();
        }

        void gone(int value) {
            by.remove(value);
        }

        /// Two that came to one value become one.
        void added() {
            by.replaceAll((value, some) -> some.size() == 1 ? some : List.of(new Gradient(some.getFirst().bytes)));
            by.replaceAll((value, some) -> new ArrayList<>(some));
        }

        long bytes() {
            Set<Gradient> all = new HashSet<>(held);
            by.values().forEach(all::addAll);
            return all.stream().mapToLong(gradient -> gradient.bytes).sum();
        }
    }
}
