package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void javaNamesAreSpelledInSnakeCase() {
        assertEquals("max_new_tokens", Names.snake("maxNewTokens"));
        assertEquals("kl_divergence", Names.snake("KLDivergence"));
        assertEquals("top1", Names.snake("Top1"));
        assertEquals("top_p", Names.snake("topP"));
        assertEquals("l1_norm", Names.snake("L1Norm"));
        assertEquals("kl", Names.snake("KL"));
    }

    @Test
    void oneEditIsALetterAddedLeftOutReplacedOrSwapped() {
        assertEquals(0, Names.distance("kl", "kl"));
        assertEquals(1, Names.distance("samples", "smaples"));
        assertEquals(1, Names.distance("samples", "sample"));
        assertEquals(1, Names.distance("samples", "sampless"));
        assertEquals(1, Names.distance("samples", "sanples"));
        assertEquals(3, Names.distance("kitten", "sitting"));
    }

    @Test
    void aNameFarFromAllIsNobodysMisspelling() {
        assertEquals(Optional.of("jsd"), Names.nearest("jsdd", List.of("kl", "jsd")));
        assertEquals(Optional.empty(), Names.nearest("cosine", List.of("kl", "jsd")));
        assertEquals(Optional.empty(), Names.nearest("x".repeat(100_000), List.of("kl")));
    }
}
