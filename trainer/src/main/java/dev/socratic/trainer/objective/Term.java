package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;
import java.util.List;

/// One summand of an objective: `weight(progress) x mean over counting positions of distance(other side, student side)`.
///
/// @param tap      the signal
/// @param views    applied to both sides in order
/// @param against  the other side
/// @param distance how they are compared
/// @param weight   of the term
public record Term(
        @Default("logits") Tap tap,
        @Default("[]") List<View> views,
        @Default("teacher") Against against,
        Distance distance,
        @Default("1") Schedule weight) {
    /// @throws IllegalArgumentException if a view or the distance has no meaning for what the tap gives
    public Term {
        views = List.copyOf(views);
        Kind kind = tap.kind();
        for (int i = 0; i < views.size(); i++) {
            Kind before = kind;
            View view = views.get(i);
            int at = i;
            kind = view.map(before).orElseThrow(() -> new IllegalArgumentException(
                    "views[%d]: '%s' has no meaning for %s; remove it".formatted(at, view, before)));
        }
        if (!distance.accepts(kind)) {
            throw new IllegalArgumentException(
                    "distance: '%s' does not compare %s, but that is what '%s' ends as after %d view(s); choose another distance or view"
                            .formatted(distance, kind, tap, views.size()));
        }
        if (against instanceof Against.Labels && !distance.acceptsLabels()) {
            throw new IllegalArgumentException(
                    "distance: '%s' is infinite against labels; write 'kl', which is cross-entropy there, or against: teacher".formatted(distance));
        }
    }

    /// @return the factor temperatures put on the term: the product of `tau^2` over the views that ask for it
    public double temperatureFactor() {
        double factor = 1;
        for (View view : views) {
            factor *= switch (view) {
                case View.Temperature t -> t.squared() ? t.tau() * t.tau() : 1;
            };
        }
        return factor;
    }
}
