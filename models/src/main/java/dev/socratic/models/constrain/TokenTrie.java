package dev.socratic.models.constrain;

import dev.socratic.models.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// The tokens of a vocabulary by their bytes, as a tree laid out in the order in which it is walked: a node, then all
/// below it. So a byte that may not come skips all tokens that begin with what led to it.
///
/// Source of the layout: `llguidance`.
final class TokenTrie {
    private final byte[] values;
    /// Behind the last node below each.
    private final int[] ends;
    private final short[] depths;
    /// Tokens that end at each node, from `tokens[firsts[node]]` on.
    private final int[] firsts;
    private final int[] tokens;
    private final int vocabulary;
    private final BitSet single = new BitSet(256);
    private final BitSet blank = new BitSet();
    private final int deepest;
    private final int count;

    private record Token(byte[] bytes, int id) {}

    TokenTrie(Tokenizer tokenizer) {
        this.vocabulary = tokenizer.vocabularySize();
        List<Token> sorted = new ArrayList<>();
        for (int id = 0; id < vocabulary; id++) {
            int token = id;
            tokenizer.bytes(id).filter(bytes -> bytes.length > 0).ifPresent(bytes -> sorted.add(
                    new Token(bytes, token)));
        }
        sorted.sort(Comparator.comparing(Token::bytes, Arrays::compareUnsigned));
        sorted.stream().map(Token::bytes).filter(bytes -> bytes.length == 1)
                .forEach(bytes -> single.set(bytes[0] & 0xFF));
        sorted.stream().filter(token -> token.bytes()[0] == ' ').forEach(token -> blank.set(token.id()));
        int most = sorted.stream().mapToInt(token -> token.bytes().length).sum();
        values = new byte[most];
        ends = new int[most];
        depths = new short[most];
        firsts = new int[most + 1];
        tokens = sorted.stream().mapToInt(Token::id).toArray();
        deepest = sorted.stream().mapToInt(token -> token.bytes().length).max().orElse(0);
        count = lay(sorted);
        Arrays.fill(firsts, count, firsts.length, tokens.length);
    }

    private int lay(List<Token> sorted) {
        int[] path = new int[deepest + 1];
        byte[] before = {};
        int nodes = 0;
        for (int place = 0; place < sorted.size(); place++) {
            byte[] bytes = sorted.get(place).bytes();
            int shared = Arrays.mismatch(before, bytes);
            shared = shared < 0 ? bytes.length : shared;
            for (int depth = shared; depth < before.length; depth++) {
                ends[path[depth]] = nodes;
            }
            for (int depth = shared; depth < bytes.length; depth++) {
                values[nodes] = bytes[depth];
                depths[nodes] = (short) depth;
                firsts[nodes] = place;
                path[depth] = nodes++;
            }
            before = bytes;
        }
        for (int depth = 0; depth < before.length; depth++) {
            ends[path[depth]] = nodes;
        }
        return nodes;
    }

    /// @return bytes that are tokens by themselves
    BitSet single() {
        return (BitSet) single.clone();
    }

    /// @return tokens that begin with a blank
    BitSet blank() {
        return (BitSet) blank.clone();
    }

    /// @return the tokens that can come next in a text that stands at a state
    BitSet allowed(Automaton.State from) {
        BitSet allowed = new BitSet(vocabulary);
        Automaton.State[] path = new Automaton.State[deepest + 1];
        path[0] = from;
        for (int node = 0; node < count;) {
            int depth = depths[node];
            Automaton.State to = path[depth].next(values[node] & 0xFF);
            if (to.dead() && !to.accepting()) {
                node = ends[node];
                continue;
            }
            path[depth + 1] = to;
            for (int place = firsts[node]; place < until(node); place++) {
                allowed.set(tokens[place]);
            }
            node++;
        }
        return allowed;
    }

    /// Tokens of the nodes above stand before those of a node, so its own end where its first child's begin.
    private int until(int node) {
        return node + 1 < count && depths[node + 1] > depths[node] ? firsts[node + 1] : nextSibling(node);
    }

    private int nextSibling(int node) {
        return ends[node] < count ? firsts[ends[node]] : tokens.length;
    }
}
