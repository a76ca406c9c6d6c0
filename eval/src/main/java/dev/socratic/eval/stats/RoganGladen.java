package dev.socratic.eval.stats;

import java.util.Optional;

/// The share of right ones behind a judge that errs: `p = (q + sp - 1) / (se + sp - 1)`, with q the share it calls
/// right among questions that people have not labelled, and sensitivity and specificity from those they have.
///
/// `SE^2 = (q (1 - q) / N + p^2 se (1 - se) / n_1 + (1 - p)^2 sp (1 - sp) / n_0) / (se + sp - 1)^2`, the delta method;
/// `value +- 1.96 SE`, all cut to [0, 1]. Source: Rogan and Gladen 1978, Am. J. Epidemiol. 107, 71-76.
///
/// @param sensitivity share of right ones that it calls right
/// @param specificity share of wrong ones that it calls wrong
public record RoganGladen(double value, double error, Interval ci95, double sensitivity, double specificity) {

    /// @param people      what people say of the labelled questions
    /// @param judge       what the judge says of the same
    /// @param othersRight how many of the others the judge calls right
    /// @param others      how many there are
    /// @return empty where people call nothing right or nothing wrong, nothing is left unlabelled, or the judge is no
    ///         better than chance (`se + sp <= 1`)
    public static Optional<RoganGladen> of(boolean[] people, boolean[] judge, long othersRight, long others) {
        long right = 0;
        long found = 0;
        long refused = 0;
        for (int i = 0; i < people.length; i++) {
            right += people[i] ? 1 : 0;
            found += people[i] && judge[i] ? 1 : 0;
            refused += !people[i] && !judge[i] ? 1 : 0;
        }
        long wrong = people.length - right;
        if (right == 0 || wrong == 0 || others == 0) {
            return Optional.empty();
        }
        double se = found / (double) right;
        double sp = refused / (double) wrong;
        double skill = se + sp - 1;
        if (skill <= 0) {
            return Optional.empty();
        }
        double q = othersRight / (double) others;
        double p = Math.clamp((q + sp - 1) / skill, 0.0, 1.0);
        double error = Math.sqrt(q * (1 - q) / others + p * p * se * (1 - se) / right
                + (1 - p) * (1 - p) * sp * (1 - sp) / wrong) / skill;
        return Optional.of(new RoganGladen(p, error, new Interval(Math.max(0, p - Interval.Z95 * error),
                Math.min(1, p + Interval.Z95 * error)), se, sp));
    }
}
