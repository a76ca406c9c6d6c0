package dev.socratic.trainer.data.align;

import java.util.Arrays;
import java.util.List;

/// Dynamic time warping of two token sequences at the cost of their tokens' edit distance. Source: FuseLLM, Wan et
/// al. 2024, arXiv:2401.10491; ties on the way back go as in the code of DSKD: both sides, then the teacher's, then
/// the student's.
public final class DynamicTimeWarping {
    private DynamicTimeWarping() {}

    /// @param student texts of its tokens
    /// @param teacher texts of its tokens
    /// @return for each student token the one teacher token it is matched with, or [AlignedSpans#NONE] where there
    ///         are several
    public static int[] of(List<String> student, List<String> teacher) {
        if (student.isEmpty() || teacher.isEmpty()) {
            int[] none = new int[student.size()];
            Arrays.fill(none, AlignedSpans.NONE);
            return none;
        }
        int[] partner = new int[student.size()];
        int[] partners = new int[student.size()];
        long[][] costs = costs(student, teacher);
        int i = teacher.size() - 1;
        int j = student.size() - 1;
        while (i > 0 || j > 0) {
            partner[j] = i;
            partners[j]++;
            long both = i > 0 && j > 0 ? costs[i - 1][j - 1] : Long.MAX_VALUE;
            long theirs = i > 0 ? costs[i - 1][j] : Long.MAX_VALUE;
            long mine = j > 0 ? costs[i][j - 1] : Long.MAX_VALUE;
            if (both <= theirs && both <= mine) {
                i--;
                j--;
            } else if (theirs <= mine) {
                i--;
            } else {
                j--;
            }
        }
        partner[0] = 0;
        partners[0]++;
        for (int k = 0; k < partner.length; k++) {
            partner[k] = partners[k] == 1 ? partner[k] : AlignedSpans.NONE;
        }
        return partner;
    }

    private static long[][] costs(List<String> student, List<String> teacher) {
        long[][] costs = new long[teacher.size()][student.size()];
        for (int i = 0; i < teacher.size(); i++) {
            for (int j = 0; j < student.size(); j++) {
                long before = i == 0 && j == 0 ? 0 : Long.MAX_VALUE;
                before = i > 0 ? Math.min(before, costs[i - 1][j]) : before;
                before = j > 0 ? Math.min(before, costs[i][j - 1]) : before;
                before = i > 0 && j > 0 ? Math.min(before, costs[i - 1][j - 1]) : before;
                costs[i][j] = before + NearestTokens.distance(teacher.get(i), student.get(j));
            }
        }
        return costs;
    }
}
