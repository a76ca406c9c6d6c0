package dev.socratic.datasets.verify;

/// How verdicts agree with labels; `rows = right_accepted + right_rejected + wrong_accepted + wrong_rejected`.
///
/// @param rightAccepted right answers called right
/// @param rightRejected right answers called wrong
/// @param wrongAccepted wrong answers called right: these poison a corpus
/// @param wrongRejected wrong answers called wrong
public record Agreement(long rightAccepted, long rightRejected, long wrongAccepted, long wrongRejected) {
    public static final Agreement NONE = new Agreement(0, 0, 0, 0);

    public Agreement plus(boolean label, boolean verdict) {
        return new Agreement(
                rightAccepted + (label && verdict ? 1 : 0),
                rightRejected + (label && !verdict ? 1 : 0),
                wrongAccepted + (!label && verdict ? 1 : 0),
                wrongRejected + (!label && !verdict ? 1 : 0));
    }

    public Agreement plus(Agreement other) {
        return new Agreement(
                rightAccepted + other.rightAccepted, rightRejected + other.rightRejected,
                wrongAccepted + other.wrongAccepted, wrongRejected + other.wrongRejected);
    }

    public long rows() {
        return rightAccepted + rightRejected + wrongAccepted + wrongRejected;
    }

    /// @return share of right answers among those called right; 1 where none was
    public double precision() {
        return share(rightAccepted, wrongAccepted);
    }

    /// @return share of those called right among the right answers; 1 where there were none
    public double recall() {
        return share(rightAccepted, rightRejected);
    }

    private static double share(long of, long others) {
        return of + others == 0 ? 1 : (double) of / (of + others);
    }
}
