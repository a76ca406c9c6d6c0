package dev.socratic.curator.duplicate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Edits of a text, as a careless copy or a light rewriting makes them.
public final class Edits {
    private static final List<String> WORDS = List.of(
            "green", "seven", "children", "market", "quickly", "box", "each", "another", "then", "morning", "paper",
            "bought", "many", "tall");

    private Edits() {}

    /// @param strength how many edits: each replaces, deletes, inserts or swaps a word, or changes a number
    public static String edit(String text, int strength, RandomGenerator random) {
        List<String> words = new ArrayList<>(List.of(text.split(" ")));
        for (int i = 0; i < strength && words.size() > 2; i++) {
            int at = random.nextInt(words.size());
            switch (random.nextInt(5)) {
                case 0 -> words.set(at, WORDS.get(random.nextInt(WORDS.size())));
                case 1 -> words.remove(at);
                case 2 -> words.add(at, WORDS.get(random.nextInt(WORDS.size())));
                case 3 -> words.add(random.nextInt(words.size()), words.remove(at));
                default -> changeANumber(words, random);
            }
        }
        return String.join(" ", words);
    }

    private static void changeANumber(List<String> words, RandomGenerator random) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).chars().anyMatch(Character::isDigit)) {
                places.add(i);
            }
        }
        if (!places.isEmpty()) {
            int at = places.get(random.nextInt(places.size()));
            words.set(at, words.get(at).replaceFirst("[0-9]+", Integer.toString(2 + random.nextInt(97))));
        }
    }
}
