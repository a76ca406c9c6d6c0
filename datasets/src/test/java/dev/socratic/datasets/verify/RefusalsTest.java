package dev.socratic.datasets.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    @Test
    void findsAnAnswerThatBeginsByDeclining() {
        for (String answer : List.of(
                "I'm sorry, but I can't help with that.",
                "I’m sorry, I can’t assist with this request.",
                "Sorry, I cannot answer this question.",
                "I apologize, but I am unable to provide that.",
                "Unfortunately, I'm not able to solve this problem.",
                "I cannot provide instructions for this.",
                "  I won't help you with homework.",
                "We can not help with this.",
                "I must decline.",
                "I'm not comfortable providing that.",
                "I don't feel comfortable answering this.",
                "I'm afraid I can't do that.",
                "My apologies, but I couldn't help with this one.",
                "I cannot in good conscience assist with this.",
                "That's not something I can help with.",
                "It would be inappropriate to answer.",
                "Your request goes against my guidelines.",
                "Es tut mir leid, aber ich kann dir dabei nicht helfen.",
                "Lo siento, pero no puedo ayudarte con eso.",
                "抱歉，我无法回答这个问题。",
                "I'm very sorry about this, but I must respectfully decline to answer.",
                "As an AI language model, I don't have access to the book.",
                "As an AI, I cannot know that.",
                "I am sorry, but as a large language model I can't do arithmetic.")) {
            assertTrue(Refusals.find(answer).isPresent(), answer);
        }
    }

    @Test
    void leavesTheSameWordsAloneWhereTheyAreNoRefusal() {
        for (String answer : List.of(
                "",
                "The answer is 80.",
                "\"I can't help you,\" said the baker, so Tom bought 3 rolls elsewhere. The answer is 3.",
                "Let x be the number. I can't divide by zero, so x is not 0. The answer is 4.",
                "I can't find 7 in the list, so the answer is no.",
                "I cannot be negative, since it is a length. So I = 4.",
                "It is inappropriateness that is measured here. The answer is 2.",
                "I couldn't shareholders own 3 parts? No: 2.",
                "She is sorry that she can't help. The answer is 2.",
                "I'm sorry for the slip above: 3 + 4 = 7. The answer is 7.",
                "As an AI company, Acme sells 40 robots. The answer is 40.",
                "Unfortunately for Tom, 3 of the 10 eggs broke, so 7 are left. The answer is 7.")) {
            assertEquals(Optional.empty(), Refusals.find(answer), answer);
        }
    }
}
