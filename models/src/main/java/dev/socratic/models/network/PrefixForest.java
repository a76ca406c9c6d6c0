package dev.socratic.models.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of tokens as the paths of a forest, each shared beginning once, cut into steps that are read one after the
/// other.
///
/// A tree of few tokens goes whole into a step, together with others. Of a larger one the tokens that all its rows
/// begin with are a step of their own, whose keys and values are kept while the rest is read behind it. Few-shot
/// examples, the questions behind them and the choices of each are three such levels.
final class PrefixForest {
    private final List<long[]> rows;
    private final int[] from;
    private final int[] order;
    private final int[] shared;
    private final int most;
    private final List<Step> steps = new ArrayList<>();

    /// A state that is wanted: that of a row at a position.
    ///
    /// @param at index among the states of the step that are wanted by anybody
    record Mark(int at, int row, int position) {}

    /// Tokens read together.
    ///
    /// @param level  how many kept steps they are read behind: the last one of each level below
    /// @param ids    a token comes before its descendants, which follow at once
    /// @param depths position of each in its row
    /// @param ends   index behind its last descendant
    /// @param kept   whether others are read behind all of them
    /// @param wanted indices of the tokens whose states are wanted, ascending
    /// @param marks  who wants them; the positions of a row come in their order, also from step to step
    record Step(int level, long[] ids, int[] depths, int[] ends, boolean kept, int[] wanted, List<Mark> marks) {
        /// @return whether each token descends from the one before
        boolean chain() {
            return ends[ids.length - 1] == ids.length && Arrays.stream(ends).allMatch(end -> end == ids.length);
        }
    }

    private PrefixForest(List<long[]> rows, int[] from, int most) {
        this.rows = rows;
        this.from = from;
        this.most = most;
        this.order = IntStream.range(0, rows.size()).boxed()
                .sorted(Comparator.comparing(rows::get, Arrays::compare)).mapToInt(i -> i).toArray();
        this.shared = new int[order.length];
        for (int i = 1; i < order.length; i++) {
            int differ = Arrays.mismatch(row(i - 1), row(i));
            shared[i] = differ < 0 ? row(i).length : differ;
        }
    }

    /// @param rows of at least one token each
    /// @param from of each row, the first position whose state is wanted
    /// @param most tokens of a step that is no single path
    static List<Step> steps(List<long[]> rows, int[] from, int most) {
        PrefixForest forest = new PrefixForest(rows, from, most);
        Pack pack = forest.new Pack(0);
        if (!rows.isEmpty()) {
            forest.place(0, rows.size(), 0, pack);
        }
        pack.flush(false);
        return List.copyOf(forest.steps);
    }

    private long[] row(int i) {
        return rows.get(order[i]);
    }

    /// @return up to where all of these rows are the same
    private int fork(int low, int high) {
        return IntStream.range(low + 1, high).map(i -> shared[i]).min().orElse(row(low).length);
    }

    /// @return how many different tokens these rows are beyond a depth up to which they are the same
    private long tokens(int low, int high, int depth) {
        return row(low).length - depth
                + IntStream.range(low + 1, high).mapToLong(i -> row(i).length - shared[i]).sum();
    }

    /// Rows that are the same up to a depth, behind what the pack is read behind.
    private void place(int low, int high, int depth, Pack pack) {
        long tokens = tokens(low, high, depth);
        if (tokens <= most) {
            pack.makeRoom(tokens);
            append(low, high, depth, pack);
            return;
        }
        int fork = fork(low, high);
        if (fork == depth) {
            branches(low, high, fork, (first, last) -> place(first, last, fork, pack));
            return;
        }
        pack.flush(false);
        pack.path(low, high, depth, fork);
        pack.flush(row(high - 1).length > fork);
        Pack behind = new Pack(pack.level + 1);
        branches(low, high, fork, (first, last) -> place(first, last, fork, behind));
        behind.flush(false);
    }

    private void append(int low, int high, int depth, Pack pack) {
        int fork = fork(low, high);
        int begin = pack.size;
        pack.path(low, high, depth, fork);
        branches(low, high, fork, (first, last) -> append(first, last, fork, pack));
        Arrays.fill(pack.ends, begin, begin + fork - depth, pack.size);
    }

    private interface Branch {
        void rows(int low, int high);
    }

    /// The rows that go on behind the fork, those with the same next token together.
    private void branches(int low, int high, int fork, Branch branch) {
        int first = low;
        while (first < high && row(first).length == fork) {
            first++;
        }
        for (int last = first; first < high; first = last) {
            last++;
            while (last < high && shared[last] > fork) {
                last++;
            }
            branch.rows(first, last);
        }
    }

    /// A step that is being filled.
    private final class Pack {
        private final int level;
        private long[] ids = new long[64];
        private int[] depths = new int[64];
        private int[] ends = new int[64];
        private int size;
        private final List<Integer> wanted = new ArrayList<>();
        private final List<Mark> marks = new ArrayList<>();

        Pack(int level) {
            this.level = level;
        }

        void makeRoom(long tokens) {
            if (size + tokens > most) {
                flush(false);
            }
        }

        /// The tokens of a row from a depth to another, which stand for all of these rows; descendants of each are
        /// those behind it, up to the end.
        void path(int low, int high, int depth, int end) {
            int behind = size + end - depth;
            if (behind > ids.length) {
                int room = Math.max(behind, 2 * ids.length);
                ids = Arrays.copyOf(ids, room);
                depths = Arrays.copyOf(depths, room);
                ends = Arrays.copyOf(ends, room);
            }
            int earliest = IntStream.range(low, high).map(i -> from[order[i]]).min().orElseThrow();
            for (int position = depth; position < end; position++, size++) {
                ids[size] = row(low)[position];
                depths[size] = position;
                ends[size] = behind;
                if (position >= earliest) {
                    mark(low, high, position);
                }
            }
        }

        private void mark(int low, int high, int position) {
            int before = marks.size();
            for (int i = low; i < high; i++) {
                if (from[order[i]] <= position) {
                    marks.add(new Mark(wanted.size(), order[i], position));
                }
            }
            if (marks.size() > before) {
                wanted.add(size);
            }
        }

        void flush(boolean kept) {
            if (size > 0) {
                steps.add(new Step(level, Arrays.copyOf(ids, size), Arrays.copyOf(depths, size),
                        Arrays.copyOf(ends, size), kept, wanted.stream().mapToInt(i -> i).toArray(),
                        List.copyOf(marks)));
            }
            size = 0;
            wanted.clear();
            marks.clear();
        }
    }
}
