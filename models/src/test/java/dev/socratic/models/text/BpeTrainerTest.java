package dev.socratic.models.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.models.text.BpeVocabulary.Merge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {

    @Test
    void mergesGoByCountThenBySmallerIds() {
        // "ab" three times; then "cd" and "xy" twice each, of which c has the smaller id.
        BpeVocabulary vocabulary = BpeTrainer.train(TokenizerRecipe.embedded(266),
                Stream.of("xy\ncd\nab\nab\nab\ncd\nxy"));
        assertEquals(
                List.of(new Merge("a", "b"), new Merge("c", "d"), new Merge("x", "y")), vocabulary.merges());
        assertEquals(List.of("ab", "cd", "xy"), vocabulary.tokens().subList(263, 266));
    }

    /// The fixture's vocabulary and merges were compared with the reference trainer's by
    /// `bench/peers/text/tokenizer_golden.py`.
    @Test
    void theVocabularyIsTheReferenceTrainersByteForByte(@TempDir Path folder) throws IOException {
        TokenizerFolder.write(TokenizerFixture.train(), folder);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            assertEquals(
                    Files.readString(TokenizerFixture.EMBEDDED.resolve(file)), Files.readString(folder.resolve(file)),
                    file);
        }
        try (Stream<Path> written = Files.list(folder)) {
            assertEquals(3, written.count());
        }
    }

    @Test
    void theOrderOfTheTextsDoesNotMatter() {
        List<String> shuffled = new ArrayList<>(TokenizerFixture.corpus().toList());
        Collections.shuffle(shuffled, new Random(3));
        assertEquals(TokenizerFixture.train(), BpeTrainer.train(TokenizerRecipe.embedded(400), shuffled.stream()));
    }

    @Test
    void digitsStayAloneAndNamedTokensAreNotLearnedInPieces() {
        BpeVocabulary vocabulary = TokenizerFixture.train();
        assertEquals(List.of("<|pad|>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>", "<think>", "</think>"),
                vocabulary.tokens().subList(0, 7));
        assertEquals(400, new HashSet<>(vocabulary.tokens()).size());
        for (String token : vocabulary.tokens().subList(7, 400)) {
            if (token.length() > 1) {
                assertTrue(token.chars().noneMatch(Character::isDigit), token);
                assertFalse(token.contains("think") || token.contains("|"), token);
            }
        }
    }

    @Test
    void trainingEndsWhereNoPairRepeats() {
        assertEquals(264,
                BpeTrainer.train(TokenizerRecipe.embedded(1024), Stream.of("ab", "ab", "cd")).tokens().size());
        assertEquals(263, BpeTrainer.train(TokenizerRecipe.embedded(1024), Stream.of()).tokens().size());
    }

    @Test
    void aRunOfOneSignMergesLeftToRight() {
        BpeVocabulary vocabulary = BpeTrainer.train(TokenizerRecipe.embedded(265), Stream.of("aaaa aaaa", "aaaaa"));
        assertEquals(List.of(new Merge("a", "a"), new Merge("aa", "aa")), vocabulary.merges());
    }

    @Test
    void anImpossibleRecipeIsRefused() {
        assertEquals(
                "vocabulary: at least 263, the 256 bytes and the named tokens; got 100",
                assertThrows(IllegalArgumentException.class, () -> TokenizerRecipe.embedded(100)).getMessage());
        assertEquals(
                "pad_token and end_token: one of the special tokens [<e>]; got '<p>' and '<e>'",
                assertThrows(IllegalArgumentException.class,
                        () -> new TokenizerRecipe(300, List.of("<e>"), List.of(), "<p>", "<e>", "")).getMessage());
        assertEquals(
                "special and added: different texts, none empty; got [<e>] and [<e>]",
                assertThrows(IllegalArgumentException.class,
                        () -> new TokenizerRecipe(300, List.of("<e>"), List.of("<e>"), "<e>", "<e>", "")).getMessage());
    }
}
