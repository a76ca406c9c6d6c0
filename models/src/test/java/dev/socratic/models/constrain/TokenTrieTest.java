package dev.socratic.models.constrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.Constraint;
import dev.socratic.models.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which tokens may come, against trying each.
class TokenTrieTest {
    private static final Path EMBEDDED = Path.of("src/test/resources/text/embedded");

    private static BitSet tried(Tokenizer tokenizer, Automaton.State from) {
        BitSet allowed = new BitSet();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            int token = id;
            tokenizer.bytes(id).filter(bytes -> bytes.length > 0).map(from::after)
                    .filter(to -> !to.dead() || to.accepting()).ifPresent(to -> allowed.set(token));
        }
        return allowed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "T", "Tom", "Tom has ", "Tom has 12"})
    void theTokensOfAStateAreThoseThatFitWhenTried(String before) {
        try (Tokenizer tokenizer = Tokenizer.open(EMBEDDED)) {
            TokenTrie tree = new TokenTrie(tokenizer);
            for (String regex : List.of("Tom( has)? [0-9]+( apples?)?\\.?", "[\\s\\S]*", "[a-zA-Z0-9 ]{0,9}", "Tom.*é")) {
                Automaton.State at = new Automaton(Grammar.of(new Constraint.Regex(regex))).start()
                        .after(before.getBytes(StandardCharsets.UTF_8));
                assertEquals(tried(tokenizer, at), tree.allowed(at), regex + " behind " + before);
            }
            assertEquals(256, tree.single().cardinality(), "every byte is a token");
        }
    }

    /// However a document is cut into tokens, each of them may come behind those before it.
    @Test
    void everyDocumentCanBeWrittenTokenByToken() {
        Documents documents = new Documents(8);
        try (Tokenizer tokenizer = Tokenizer.open(EMBEDDED)) {
            Constraints constraints = new Constraints(tokenizer);
            long[] ends = {tokenizer.id("<|end|>").orElseThrow()};
            for (int i = 0; i < 60; i++) {
                JsonNode schema = documents.schema(2);
                String document = documents.document(schema).toString();
                Following following = constraints.follow(GrammarTest.schema(schema.toString()), "");
                for (long token : tokenizer.encode(document)) {
                    BitSet allowed = BitSet.valueOf(following.mask(ends, false));
                    assertTrue(allowed.get((int) token), schema + " " + document + ": " + tokenizer.token(token));
                    assertEquals(following.endable(), allowed.get((int) ends[0]), "ends where it is whole only");
                    following.accept(token);
                }
                assertTrue(following.endable(), schema + " " + document);
            }
        }
    }

    @Test
    void anEndWaitsForMinTokensUnlessNothingElseIsLeft() {
        try (Tokenizer tokenizer = Tokenizer.open(EMBEDDED)) {
            Constraints constraints = new Constraints(tokenizer);
            Following more = constraints.follow(new Constraint.Regex("a+"), "a");
            assertTrue(BitSet.valueOf(more.mask(new long[] {3}, false)).get(3));
            assertFalse(BitSet.valueOf(more.mask(new long[] {3}, true)).get(3));
            Following over = constraints.follow(new Constraint.Choice(List.of("a")), "a");
            assertTrue(over.whole());
            assertArrayEquals(new long[] {8}, over.mask(new long[] {3}, true));
            assertEquals("prefix: a beginning that the constraint allows; got 'b'; leave prefix or constrain out",
                    assertThrows(DataException.class, () -> constraints.follow(new Constraint.Regex("a+"), "b"))
                            .getMessage());
        }
    }

    /// Vocabularies of marked blanks have bytes of their own; what no token says cannot be asked for.
    @Test
    void vocabulariesWithMarkedBlanksAreReadAsTheirDecoderJoinsThem(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, """
                {"version": "1.0", "added_tokens": [{"id": 0, "content": "</s>", "special": true, "single_word": false,
                 "lstrip": false, "rstrip": false, "normalized": false}],
                 "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\\u2581"},
                 "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ",
                 "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "unk_token": null, "fuse_unk": false, "byte_fallback": true, "merges": [],
                 "vocab": {"</s>": 0, "<0xC3>": 1, "<0xA9>": 2, "\\u2581a": 3, "a": 4, "\\u2581": 5}}}""");
        try (Tokenizer tokenizer = Tokenizer.of(file)) {
            assertArrayEquals(new byte[] {(byte) 0xC3}, tokenizer.bytes(1).orElseThrow());
            assertArrayEquals(" a".getBytes(StandardCharsets.UTF_8), tokenizer.bytes(3).orElseThrow());
            assertTrue(tokenizer.bytes(0).isEmpty(), "an added token is no text");
            Constraints constraints = new Constraints(tokenizer);
            Following following = constraints.follow(new Constraint.Regex("[ aé]+"), "");
            assertEquals("{1, 4}", BitSet.valueOf(following.mask(new long[] {0}, false)).toString(),
                    "a blank at the beginning would be lost");
            following.accept(4);
            assertEquals("{0, 1, 3, 4, 5}", BitSet.valueOf(following.mask(new long[] {0}, false)).toString());
            following.accept(1);
            assertEquals("{2}", BitSet.valueOf(following.mask(new long[] {0}, false)).toString());
            assertEquals("choice: something that can be written; got a constraint that no text of this tokenizer "
                    + "satisfies; look for an empty enum, bounds in the wrong order, or an object that has to hold "
                    + "itself", assertThrows(DataException.class,
                            () -> constraints.follow(new Constraint.Choice(List.of("b")), "")).getMessage());
        }
    }

    @Test
    void aVocabularyOfWordsIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "BertPreTokenizer"},
                 "post_processor": null, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
                 "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "a": 1, "##a": 2}}}""");
        try (Tokenizer tokenizer = Tokenizer.of(file)) {
            assertEquals("constrain: a model whose tokens are made of bytes (BPE, or with byte fallback); got a "
                    + "vocabulary of words; leave it out, or take another model", assertThrows(DataException.class,
                            () -> new Constraints(tokenizer).follow(new Constraint.Regex("a"), "")).getMessage());
        }
    }
}
