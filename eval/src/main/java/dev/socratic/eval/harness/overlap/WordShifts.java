package dev.socratic.eval.harness.overlap;

import java.util.ArrayList;
import java.util.List;

/// Edits between two lists of words where a run of words may move as one edit: greedily, the move that saves most, of
/// equal ones the longest run, the earliest, the earliest place; until none saves any, or 1000 have been tried.
final class WordShifts {
    private static final int LONGEST = 10;
    private static final int FARTHEST = 50;
    private static final int MOST_TRIED = 1000;

    private final EditPath path;
    private final List<String> reference;
    private int tried;

    private WordShifts(List<String> reference) {
        this.reference = reference;
        this.path = new EditPath(reference);
    }

    static int edits(List<String> words, List<String> reference) {
        if (reference.isEmpty()) {
            return words.size();
        }
        WordShifts shifts = new WordShifts(reference);
        List<String> now = words;
        int moved = 0;
        while (true) {
            Candidate best = shifts.best(now);
            if (shifts.tried >= MOST_TRIED || best.saved <= 0) {
                return moved + shifts.path.to(now).edits();
            }
            moved++;
            now = best.words;
        }
    }

    /// @param saved  edits less
    /// @param length of the run
    /// @param from   its place
    /// @param to     where it goes
    private record Candidate(int saved, int length, int from, int to, List<String> words) {
        boolean beats(Candidate other) {
            return saved != other.saved ? saved > other.saved : length != other.length ? length > other.length
                    : from != other.from ? from < other.from : to < other.to;
        }
    }

    private Candidate best(List<String> words) {
        EditPath.Path now = path.to(words);
        Candidate best = new Candidate(0, 0, 0, 0, words);
        boolean found = false;
        for (int from = 0; from < words.size(); from++) {
            for (int at = Math.max(0, from - FARTHEST); at < Math.min(reference.size(), from + FARTHEST + 1); at++) {
                for (int length = 1; length <= run(words, from, at); length++) {
                    if (!now.wrongWritten(from, length) || !now.wrongReference(at, length)
                            || from <= now.place(at) && now.place(at) < from + length) {
                        continue;
                    }
                    for (Candidate one : moves(words, from, at, length, now)) {
                        if (!found || one.beats(best)) {
                            best = one;
                            found = true;
                        }
                    }
                    if (tried >= MOST_TRIED) {
                        return best;
                    }
                }
            }
        }
        return best;
    }

    private int run(List<String> words, int from, int at) {
        int length = 0;
        while (length < LONGEST && from + length < words.size() && at + length < reference.size()
                && words.get(from + length).equals(reference.get(at + length))) {
            length++;
        }
        return length;
    }

    private List<Candidate> moves(List<String> words, int from, int at, int length, EditPath.Path now) {
        List<Candidate> moves = new ArrayList<>();
        int before = -1;
        for (int offset = -1; offset < length; offset++) {
            if (at + offset >= reference.size()) {
                break;
            }
            int to = at + offset == -1 ? 0 : now.place(at + offset) + 1;
            if (to == before) {
                continue;
            }
            before = to;
            List<String> moved = moved(words, from, length, to);
            moves.add(new Candidate(now.edits() - path.to(moved).edits(), length, from, to, moved));
            tried++;
        }
        return moves;
    }

    private static List<String> moved(List<String> words, int from, int length, int to) {
        List<String> run = words.subList(from, from + length);
        List<String> rest = new ArrayList<>(words.subList(0, from));
        rest.addAll(words.subList(from + length, words.size()));
        // behind the run places count without it; within it, from its own beginning on
        int place = to < from ? to : to > from + length ? to - length : to;
        rest.addAll(Math.min(place, rest.size()), run);
        return rest;
    }
}
