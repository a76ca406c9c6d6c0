package dev.socratic.models.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What a vocabulary of our own is made of.
///
/// @param vocabulary   how many tokens, all kinds together; fewer come out when the texts hold too few repeated pairs
/// @param special      control tokens, numbered from 0; left out when text is decoded for people
/// @param added        tokens that are text but must never be cut, numbered after the special ones
/// @param padToken     fills short rows of a batch; one of `special`
/// @param endToken     ends a turn and so an answer; one of `special`
/// @param chatTemplate how messages become text, in the Jinja dialect of `tokenizer_config.json`
public record TokenizerRecipe(
        int vocabulary, List<String> special, List<String> added, String padToken, String endToken,
        String chatTemplate) {

    /// `<|user|>text<|end|><|assistant|>text<|end|>`, no blanks between; what the assistant writes is marked, its end
    /// token included.
    private static final String PLAIN_TURNS = """
            {%- for message in messages -%}
            {%- if message['role'] == 'assistant' -%}
            {{- '<|assistant|>' -}}{%- generation -%}{{- message['content'] + '<|end|>' -}}{%- endgeneration -%}
            {%- elif message['role'] in ['system', 'user'] -%}
            {{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' -}}
            {%- else -%}
            {{- raise_exception('roles are system, user and assistant; got ' + message['role']) -}}
            {%- endif -%}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
            """.strip();

    public TokenizerRecipe {
        special = List.copyOf(special);
        added = List.copyOf(added);
        Objects.requireNonNull(chatTemplate);
        Set<String> names = new LinkedHashSet<>(special);
        names.addAll(added);
        if (names.size() != special.size() + added.size() || names.contains("")) {
            throw new IllegalArgumentException(
                    "special and added: different texts, none empty; got %s and %s".formatted(special, added));
        }
        if (!special.contains(padToken) || !special.contains(endToken)) {
            throw new IllegalArgumentException(
                    "pad_token and end_token: one of the special tokens %s; got '%s' and '%s'".formatted(special,
                            padToken, endToken));
        }
        if (vocabulary < smallest(names.size())) {
            throw new IllegalArgumentException("vocabulary: at least %s, the 256 bytes and the named tokens; got %s"
                    .formatted(smallest(names.size()), vocabulary));
        }
    }

    /// The embedded domain's own: five control tokens and the two marks of reasoning.
    public static TokenizerRecipe embedded(int vocabulary) {
        return new TokenizerRecipe(
                vocabulary,
                List.of("<|pad|>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"),
                List.of("<think>", "</think>"),
                "<|pad|>",
                "<|end|>",
                PLAIN_TURNS);
    }

    private static int smallest(int named) {
        return 256 + named;
    }
}
