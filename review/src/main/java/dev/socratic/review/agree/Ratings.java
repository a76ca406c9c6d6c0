package dev.socratic.review.agree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Names that people gave to things, each by whom: a row a map from person to name. Things that one person alone named
/// say nothing of agreement and are left out by each formula.
///
/// @param things each at least one name
record Ratings(List<Map<String, String>> things) {
    Ratings {
        things = List.copyOf(things);
    }

    /// @return things that at least two people named
    Ratings shared() {
        return new Ratings(things.stream().filter(thing -> thing.size() > 1).toList());
    }

    /// @return as many things, drawn with putting back
    Ratings drawn(SplittableRandom random) {
        List<Map<String, String>> drawn = new ArrayList<>(things.size());
        for (int i = 0; i < things.size(); i++) {
            drawn.add(things.get(random.nextInt(things.size())));
        }
        return new Ratings(drawn);
    }
}
