package dev.socratic.generator.strategy;

import dev.socratic.datasets.answer.Equivalence;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Scene;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Several replies to one question, by what they say: replies whose final answers mean the same are one candidate.
///
/// @param groups in the order of their first reply
/// @param all    replies, those without a final answer included
record Candidates(List<Group> groups, List<Reply> all) {

    /// @param answer as it was first said
    record Group(String answer, List<Reply> replies) {}

    static Candidates of(Scene scene, List<Reply> replies) {
        List<Group> groups = new ArrayList<>();
        for (Reply reply : replies) {
            scene.finalAnswer(reply.text()).ifPresent(said -> {
                Optional<Group> same = groups.stream().filter(group -> group.answer().equals(said)
                        || Equivalence.STANDARD.judge(group.answer(), said).equal()).findFirst();
                if (same.isPresent()) {
                    same.get().replies().add(reply);
                } else {
                    groups.add(new Group(said, new ArrayList<>(List.of(reply))));
                }
            });
        }
        return new Candidates(groups, replies);
    }

    /// @return the group with most replies, of several the first; empty where no reply has a final answer
    Optional<Group> most() {
        return groups.stream().reduce((a, b) -> b.replies().size() > a.replies().size() ? b : a);
    }

    /// @return share of all replies that the largest group has, in [0, 1]
    double agreement() {
        return most().map(group -> group.replies().size() / (double) all.size()).orElse(0.0);
    }

    /// @return those whose final answer is the gold one, the shortest first, of equally long ones the first
    static List<Reply> right(Scene scene, List<Reply> replies) {
        return sorted(replies.stream().filter(reply -> scene.right(reply.text()).orElse(false)).toList());
    }

    static List<Reply> sorted(List<Reply> replies) {
        return replies.stream().sorted(Comparator.comparingLong(Reply::tokens)).toList();
    }
}
