package dev.socratic.datasets.wordproblems;

import java.util.ArrayList;
import java.util.List;

/// A story while its lines are read.
final class StoryDraft {
    final int line;
    final List<Story.Range> numbers = new ArrayList<>();
    final List<Story.Pick> picks = new ArrayList<>();
    final List<Story.Aside> asides = new ArrayList<>();
    final List<Story.Rule> rules = new ArrayList<>();
    private final String name;
    private final boolean heldOut;
    private final List<List<String>> sentences = new ArrayList<>();
    private final List<String> ask = new ArrayList<>();
    private List<String> current = List.of();

    StoryDraft(String name, boolean heldOut, int line) {
        this.name = name;
        this.heldOut = heldOut;
        this.line = line;
    }

    void sentence(String wording) {
        current = new ArrayList<>(List.of(wording));
        sentences.add(current);
    }

    void ask(String wording) {
        current = ask;
        ask.add(wording);
    }

    /// @return false if there is no sentence yet that this could be another wording of
    boolean or(String wording) {
        return !current.isEmpty() && current.add(wording);
    }

    Story finish() {
        return new Story(name, heldOut, numbers, picks, sentences.stream().map(Story.Sentence::new).toList(), asides,
                rules,
                new Story.Sentence(ask));
    }
}
