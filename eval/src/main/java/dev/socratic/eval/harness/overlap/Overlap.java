package dev.socratic.eval.harness.overlap;

import java.util.List;

/// A likeness that a whole set has: each text gives figures, and their sums the score. So a draw of the bootstrap needs
/// sums alone.
public sealed interface Overlap permits Bleu, CharacterF, EditRate {
    /// A text with its references, at least one.
    record Segment(String written, List<String> references) {
        public Segment {
            references = List.copyOf(references);
        }
    }

    /// @return figures of one text, always as many
    double[] statistics(Segment segment);

    /// @param sums of the figures of all texts
    double score(double[] sums);

    /// @param segments at least one
    default double of(List<Segment> segments) {
        double[] sums = statistics(segments.getFirst());
        for (Segment segment : segments.subList(1, segments.size())) {
            double[] one = statistics(segment);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += one[i];
            }
        }
        return score(sums);
    }
}
