package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Questions that an aligned model writes itself, given nothing but what its chat template puts before a user's turn.
/// The paper draws them at temperature 1 and answers them greedily; here both are drawn as `sampling` says.
///
/// One conversation is about all questions, which are not read. Rules of the paper's release that need no model: a
/// question that ends in a colon is dropped, and one that was cut off.
///
/// @param n       questions
/// @param teacher local weights that write them
@About(value = "questions that local weights write from the beginning of a user's turn",
        source = "Xu et al. 2024, arXiv:2406.08464", gives = About.Gives.QUESTIONS)
public record Magpie(@Default("100") int n, @Default("teacher") String teacher) implements Strategy {
    public Magpie {
        ConfigNumbers.atLeast("n", 1, n, "100 is the default");
    }

    @Override
    public boolean whole() {
        return true;
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    @Override
    public Set<String> opens() {
        return Set.of(TEACHER);
    }

    @Override
    public int mostSteps() {
        return 1;
    }

    @Override
    public int mostQueries() {
        return n;
    }

    @Override
    public int mostMade() {
        return n;
    }

    @Override
    public Move next(Scene scene) {
        if (scene.step() == 0) {
            String opening = scene.asking().openings().getOrDefault(TEACHER,
                    "(what the chat template puts before a user's turn)");
            return new Move.Ask(IntStream.range(0, n).mapToObj(i -> scene.query(TEACHER, "user",
                    List.of(ChatMessage.text(opening)), new Trace.Prompt("chat_template", "", ""), i)).toList());
        }
        List<Result> results = new ArrayList<>();
        for (Reply reply : scene.history().getFirst()) {
            String text = reply.text();
            results.add(Written.fault(reply, text).orElseGet(() -> text.endsWith(":")
                    ? new Result.Dropped("unfit", "ends with a colon")
                    : new Result.Made(Derived.free(name(), "pre_query", text))));
        }
        return Move.done(results);
    }
}
