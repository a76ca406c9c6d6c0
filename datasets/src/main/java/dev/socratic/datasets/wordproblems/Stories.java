package dev.socratic.datasets.wordproblems;

/// Which stories the word problems tell.
public enum Stories {
    /// Whole stories, written one by one; a solution is bare arithmetic, the same for everybody.
    TEMPLATES,
    /// Stories composed of parts, in hundreds of forms; a solution is written in one of many ways, so that whoever
    /// learns from it is unsure of the words and sure of the numbers. The split `held_out_templates` has forms that are
    /// in no training, of parts that are.
    COMPOSED
}
