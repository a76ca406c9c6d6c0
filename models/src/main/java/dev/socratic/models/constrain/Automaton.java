package dev.socratic.models.constrain;

import dev.socratic.models.constrain.Node.Edge;
import dev.socratic.models.constrain.Node.Rule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A grammar as a machine that reads byte after byte: its states are sets of places, each with the rules that called
/// its own (a stack), so that recursion is as deep as a text is. A state and what a byte makes of it are found when
/// they are needed and kept; where there are too many all are forgotten but those that answers stand in, as RE2 does.
///
/// For one thread at a time.
final class Automaton {
    private static final int MOST_STATES = 20_000;

    private final Map<Set<Place>, State> states = new HashMap<>();
    private final State start;

    Automaton(Grammar grammar) {
        this.start = state(List.of(new Place(grammar.rule().start(), Stack.TOP, grammar.rule())));
    }

    State start() {
        return start;
    }

    /// The places that called, the last first.
    private record Stack(List<Place> above, int hash) {
        static final Stack TOP = new Stack(List.of(), 1);

        /// @param to where it goes on in the rule of `within` once the called one has ended
        Stack under(Node to, Place within) {
            return new Stack(List.of(new Place(to, within.stack, within.rule)), 31 * within.stack.hash + to.hashCode());
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Stack stack && hash == stack.hash && above.equals(stack.above);
        }
    }

    private record Place(Node node, Stack stack, Rule rule) {
        @Override
        public int hashCode() {
            return 31 * node.hashCode() + stack.hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Place place && node == place.node && stack.equals(place.stack);
        }
    }

    /// Where a text that has been read so far may stand in the grammar.
    final class State {
        private final Set<Place> places;
        private final boolean accepting;
        private final State[] next = new State[256];
        private final boolean[] known = new boolean[256];

        private State(Set<Place> places, boolean accepting) {
            this.places = places;
            this.accepting = accepting;
        }

        /// @return whether the text is whole
        boolean accepting() {
            return accepting;
        }

        /// @return whether nothing can follow
        boolean dead() {
            return places.isEmpty();
        }

        /// @param value a byte, 0 to 255
        State next(int value) {
            if (!known[value]) {
                known[value] = true;
                next[value] = step(this, value);
            }
            return next[value];
        }

        /// @return the state behind a text
        State after(byte[] bytes) {
            State at = this;
            for (byte value : bytes) {
                at = at.next(value & 0xFF);
            }
            return at;
        }
    }

    private State step(State from, int value) {
        List<Place> places = new ArrayList<>();
        for (Place place : from.places) {
            for (Edge edge : place.node.edges()) {
                if (edge instanceof Edge.Bytes(int low, int high, Node to) && low <= value && value <= high) {
                    places.add(new Place(to, place.stack, place.rule));
                }
            }
        }
        return state(places);
    }

    /// Follows whatever needs no byte, and keeps the places at which one is read.
    private State state(List<Place> places) {
        Set<Place> seen = new HashSet<>(places);
        Set<Place> reading = new HashSet<>();
        boolean accepting = false;
        Deque<Place> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Place place = open.remove();
            List<Place> further = new ArrayList<>();
            if (place.node == place.rule.end()) {
                accepting |= place.stack.above.isEmpty();
                further.addAll(place.stack.above);
            }
            for (Edge edge : place.node.edges()) {
                switch (edge) {
                    case Edge.Bytes bytes -> reading.add(place);
                    case Edge.Empty(Node to) -> further.add(new Place(to, place.stack, place.rule));
                    case Edge.Call(Rule rule, Node to) ->
                            further.add(new Place(rule.start(), place.stack.under(to, place), rule));
                }
            }
            further.stream().filter(seen::add).forEach(open::add);
        }
        return kept(reading, accepting);
    }

    private State kept(Set<Place> reading, boolean accepting) {
        // Two states of the same places differ in whether a text may end there only if an end has no byte behind it.
        Set<Place> key = new HashSet<>(reading);
        if (accepting) {
            key.add(END);
        }
        if (states.size() > MOST_STATES) {
            states.clear();
        }
        return states.computeIfAbsent(key, one -> new State(reading, accepting));
    }

    private static final Place END = new Place(new Node(), Stack.TOP, new Rule());
}
