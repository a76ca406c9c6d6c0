package dev.socratic.datasets.wordproblems;

import java.util.List;
import java.util.Optional;

/// A story template as its file states it; [StoryReader] checks it.
///
/// @param name     unique in its book
/// @param heldOut  whether it is kept out of training altogether
/// @param numbers  what is drawn, in order
/// @param picks    words that are drawn
/// @param sentences told in order
/// @param asides   distractor sentences that fit this story, besides the book's own
/// @param rules    the steps
/// @param ask      the question
record Story(
        String name,
        boolean heldOut,
        List<Range> numbers,
        List<Pick> picks,
        List<Sentence> sentences,
        List<Aside> asides,
        List<Rule> rules,
        Sentence ask) {
    Story {
        numbers = List.copyOf(numbers);
        picks = List.copyOf(picks);
        sentences = List.copyOf(sentences);
        asides = List.copyOf(asides);
        rules = List.copyOf(rules);
    }

    /// A number drawn uniformly from `from..to`, both included.
    record Range(String name, int from, int to) {}

    /// Words drawn together: `item/items: apple/apples, pear/pears`.
    ///
    /// @param slots   names of the slots they fill
    /// @param choices each as long as `slots`
    record Pick(List<String> slots, List<List<String>> choices) {
        Pick {
            slots = List.copyOf(slots);
            choices = choices.stream().map(List::copyOf).toList();
        }
    }

    /// A sentence in one or more wordings that say the same.
    record Sentence(List<String> wordings) {
        Sentence {
            wordings = List.copyOf(wordings);
        }
    }

    /// A sentence that does not matter, with one number `x` in `from..to`.
    record Aside(int from, int to, String wording) {}

    /// `result = left op right`, where a side is a number, an earlier result or a literal.
    ///
    /// @param ask the sub-question; empty for the last rule, whose question is the story's own
    record Rule(String result, String left, Operation operation, String right, Optional<String> ask) {}

    /// Who the story is about, with the words for them.
    record Person(String name, String he, String him, String his) {}
}
