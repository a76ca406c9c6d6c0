package dev.socratic.models.text;

import dev.socratic.models.text.BpeVocabulary.Merge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Byte-pair encoding over bytes: begins with the 256 bytes and, again and again, makes the most frequent pair of
/// neighbours a token.
///
/// Ties go to the pair with the smaller left id, then the smaller right id, so the same texts in any order give the
/// same vocabulary. A pair seen once is not worth a token: training ends there even if the vocabulary is not full.
/// Special and added tokens written in the texts are cut out first, so that no merge learns a piece of them across
/// their border. Source: Sennrich, Haddow and Birch 2016, arXiv:1508.07909; over bytes: Radford et al. 2019.
public final class BpeTrainer {
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();

    private BpeTrainer() {}

    /// @param texts what the model will read and write; closed by the caller
    public static BpeVocabulary train(TokenizerRecipe recipe, Stream<String> texts) {
        return new BpeTrainer().run(recipe, texts);
    }

    private BpeVocabulary run(TokenizerRecipe recipe, Stream<String> texts) {
        recipe.special().forEach(this::token);
        recipe.added().forEach(this::token);
        // Sorted by character, the order in which the reference trainer numbers its alphabet.
        Stream.iterate(0, value -> value < 256, value -> value + 1)
                .map(ByteAlphabet::of)
                .sorted()
                .forEach(character -> token(String.valueOf(character)));
        count(texts, recipe).forEach(this::addWord);

        List<Merge> merges = new ArrayList<>();
        while (tokens.size() < recipe.vocabulary()) {
            Pair best = pairs.values().stream().max(Pair.ORDER).orElse(Pair.NONE);
            if (best.count < 2) {
                break;
            }
            merges.add(new Merge(tokens.get(best.left), tokens.get(best.right)));
            merge(best, token(tokens.get(best.left) + tokens.get(best.right)));
        }
        return new BpeVocabulary(recipe, tokens, merges);
    }

    private static Map<String, Long> count(Stream<String> texts, TokenizerRecipe recipe) {
        Pattern named = Pattern.compile(Stream.concat(recipe.special().stream(), recipe.added().stream())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
        Map<String, Long> counts = new TreeMap<>();
        texts.forEachOrdered(text -> {
            for (String stretch : named.split(text)) {
                WordSplit.words(stretch).forEach(word -> counts.merge(ByteAlphabet.spell(word), 1L, Long::sum));
            }
        });
        return counts;
    }

    private int token(String spelled) {
        return ids.computeIfAbsent(spelled, unseen -> {
            tokens.add(unseen);
            return tokens.size() - 1;
        });
    }

    private void addWord(String spelled, long count) {
        Word word = new Word(new ArrayList<>(), count);
        spelled.chars().forEach(character -> word.parts.add(ids.get(String.valueOf((char) character))));
        words.add(word);
        change(words.size() - 1, count);
    }

    /// Replaces the pair in every word that holds it, left to right.
    private void merge(Pair pair, int merged) {
        for (int index : List.copyOf(pair.words)) {
            Word word = words.get(index);
            change(index, -word.count);
            List<Integer> parts = word.parts;
            List<Integer> joined = new ArrayList<>(parts.size());
            for (int i = 0; i < parts.size(); i++) {
                boolean here = i + 1 < parts.size() && parts.get(i) == pair.left && parts.get(i + 1) == pair.right;
                joined.add(here ? merged : parts.get(i));
                i += here ? 1 : 0;
            }
            parts.clear();
            parts.addAll(joined);
            change(index, word.count);
        }
        pairs.remove(key(pair.left, pair.right));
    }

    /// Adds a word's neighbours to the counts, or takes them away with a negative `by`.
    private void change(int index, long by) {
        List<Integer> parts = words.get(index).parts;
        for (int i = 0; i + 1 < parts.size(); i++) {
            int left = parts.get(i);
            int right = parts.get(i + 1);
            Pair pair = pairs.computeIfAbsent(key(left, right), unseen -> new Pair(left, right));
            pair.count += by;
            if (by > 0) {
                pair.words.add(index);
            } else if (pair.count == 0) {
                pairs.remove(key(left, right));
            }
        }
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private record Word(List<Integer> parts, long count) {}

    /// Its words are those that held it at some time: a word that no longer does is passed over.
    private static final class Pair {
        static final Pair NONE = new Pair(-1, -1);
        static final Comparator<Pair> ORDER = Comparator.<Pair>comparingLong(pair -> pair.count)
                .thenComparing(Comparator.<Pair>comparingInt(pair -> pair.left).reversed())
                .thenComparing(Comparator.<Pair>comparingInt(pair -> pair.right).reversed());

        final int left;
        final int right;
        final Set<Integer> words = new HashSet<>();
        long count;

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }
    }
}
