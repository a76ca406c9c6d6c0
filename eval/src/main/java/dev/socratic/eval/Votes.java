package dev.socratic.eval;

import dev.socratic.datasets.answer.Equivalence;
import java.util.ArrayList;
import java.util.List;

/// How answers to one question vote: those that mean the same vote together, so "1,000" and "1000" are one candidate.
/// An answer out of which nothing could be taken has no vote and can never win.
///
/// @param candidates in the order of their first vote
/// @param voters     answers asked for, those without a vote included
record Votes(List<Candidate> candidates, int voters) {
    Votes {
        candidates = List.copyOf(candidates);
    }

    /// @param answer as it was first said
    /// @param right  whether that is right
    /// @param votes  at least 1
    record Candidate(String answer, boolean right, int votes) {}

    static Votes of(List<Sample.Answer> answers) {
        List<Candidate> candidates = new ArrayList<>();
        for (Sample.Answer answer : answers) {
            answer.extracted().ifPresent(said -> vote(candidates, said, answer.correct()));
        }
        return new Votes(candidates, answers.size());
    }

    private static void vote(List<Candidate> candidates, String said, boolean right) {
        int same = -1;
        for (int i = 0; i < candidates.size() && same < 0; i++) {
            Candidate one = candidates.get(i);
            // Judged apart, two answers cannot mean the same: a right one joins no wrong one.
            boolean alike = one.right() == right && (one.answer().equals(said)
                    || Equivalence.STANDARD.judge(one.answer(), said).equal());
            same = alike ? i : -1;
        }
        if (same < 0) {
            candidates.add(new Candidate(said, right, 1));
        } else {
            Candidate one = candidates.get(same);
            candidates.set(same, new Candidate(one.answer(), one.right(), one.votes() + 1));
        }
    }

    private int most() {
        return candidates.stream().mapToInt(Candidate::votes).max().orElse(0);
    }

    /// @return 1 where a right answer has most votes, 0 where none of those with most has; of a tie the share of right
    ///         ones, which is what drawing lots gives
    double right() {
        int most = most();
        return candidates.stream().filter(one -> one.votes() == most).mapToInt(one -> one.right() ? 1 : 0).average()
                .orElse(0);
    }

    /// @return share of all voters that the winner has: how sure the model is by its own agreement
    double agreement() {
        return most() / (double) voters;
    }
}
