package dev.socratic.datasets.wordproblems;

import dev.socratic.core.seed.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The form of a composed story. One in five is held out: its parts are all known from other forms, it itself is not.
///
/// @param events in their order
record Composition(StoryGrammar.Part opening, List<StoryGrammar.Part> events, StoryGrammar.Part ending) {
    private static final int HELD_OUT_ONE_IN = 5;
    private static final int NUMBERS_ONE_IN = 10;

    Composition {
        events = List.copyOf(events);
    }

    /// A step with the names its numbers have in the whole story: those of part `i` end in `i`, and `t` is followed by
    /// the number of steps it has gone through.
    ///
    /// @param told by the part
    record Rule(String result, String left, Operation operation, String right, StoryGrammar.Step told) {}

    String name() {
        return parts().stream().map(StoryGrammar.Part::name).collect(Collectors.joining("-"));
    }

    List<StoryGrammar.Part> parts() {
        return Stream.of(Stream.of(opening), events.stream(), Stream.of(ending)).flatMap(part -> part).toList();
    }

    /// @return whether it is never trained on
    boolean heldOut() {
        return Math.floorMod(Seeds.derive(0, "composition", name()), HELD_OUT_ONE_IN) == 0;
    }

    /// @return where numbers come from, by their names in the whole story
    Map<String, StoryGrammar.Range> numbers() {
        Map<String, StoryGrammar.Range> all = new LinkedHashMap<>();
        List<StoryGrammar.Part> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            parts.get(i).numbers().forEach((number, range) -> all.put(number + part, range));
        }
        return all;
    }

    /// @return the arithmetic of the whole story
    List<Rule> steps() {
        List<Rule> all = new ArrayList<>();
        String total = opening.begins().map(number -> number + 0).orElse("");
        int totals = 0;
        List<StoryGrammar.Part> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            for (StoryGrammar.Step step : parts.get(i).steps()) {
                String[] words = step.rule().split(" ");
                String result = words[0].equals("t") ? "t" + "'".repeat(++totals) : words[0] + i;
                all.add(new Rule(result, side(words[2], total, i), Operation.of(words[3]).orElseThrow(),
                        side(words[4], total, i), step));
                total = words[0].equals("t") ? result : total;
            }
        }
        return all;
    }

    private static String side(String name, String total, int part) {
        return name.equals("t") ? total : name + part;
    }

    /// @return where a problem of this form with these numbers belongs
    Split split(Map<String, Integer> drawn) {
        if (heldOut()) {
            return Split.HELD_OUT_TEMPLATES;
        }
        long hash = Seeds.derive(0, "composed", name(), new TreeMap<>(drawn).toString());
        return Math.floorMod(hash, NUMBERS_ONE_IN) == 0 ? Split.HELD_OUT_NUMBERS : Split.TRAIN;
    }
}
