package dev.socratic.review.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Constants by scikit-learn 1.9.1 (`cohen_kappa_score`), statsmodels 0.15.0 (`fleiss_kappa`, `proportion_confint` with
/// `beta`) and krippendorff 0.9.0 (`alpha`, nominal) on the same twenty things.
class AgreementTest {
    private static final String ANA = "aarraaraaarraarararr";
    private static final String BO = "aaraaaraararaarrrarr";
    private static final String CY = "aarraarraarraaraaarr";

    private static Ratings ratings(String ana, String bo, String cy) {
        List<Map<String, String>> things = new ArrayList<>();
        for (int i = 0; i < ana.length(); i++) {
            Map<String, String> thing = new LinkedHashMap<>();
            Map<String, String> named = Map.of("ana", ana.substring(i, i + 1), "bo", bo.substring(i, i + 1), "cy",
                    cy.substring(i, i + 1));
            named.forEach((who, name) -> {
                if (!name.equals("-")) {
                    thing.put(who, name);
                }
            });
            things.add(thing);
        }
        return new Ratings(things);
    }

    @Test
    void coefficientsAreThoseOfThePeers() {
        Ratings all = ratings(ANA, BO, CY);
        assertEquals(0.595959595959596, CohenKappa.of(all, "ana", "bo"), 1e-12);
        assertEquals(0.5959595959595959, FleissKappa.of(all), 1e-12);
        Ratings some = ratings(ANA, BO.substring(0, 15) + "-----", "-----" + CY.substring(5));
        assertEquals(0.5977011494252873, KrippendorffAlpha.of(some), 1e-12);
    }

    @Test
    void intervalsHoldTheValueAndAreTheSameEachTime() {
        Coefficient one = Resampling.of(ratings(ANA, BO, CY), KrippendorffAlpha::of);
        assertTrue(one.low() < one.value() && one.value() < one.high() && one.high() <= 1, one.toString());
        assertEquals(one, Resampling.of(ratings(ANA, BO, CY), KrippendorffAlpha::of));
        assertEquals(20, one.rows());
    }

    @Test
    void whereNobodyDiffersNothingCanBeSaid() {
        assertTrue(Double.isNaN(CohenKappa.of(ratings("aaa", "aaa", "aaa"), "ana", "bo")));
        assertTrue(Double.isNaN(KrippendorffAlpha.of(ratings("aaa", "---", "---"))));
    }

    @Test
    void theIntervalOfAShareIsExact() {
        assertEquals(0.010432329644348225, new ErrorRate(1000, 60, 3).low(), 1e-9);
        assertEquals(0.1392432467210728, new ErrorRate(1000, 60, 3).high(), 1e-9);
        assertEquals(0, new ErrorRate(1000, 60, 0).low());
        assertEquals(0.05962949228616692, new ErrorRate(1000, 60, 0).high(), 1e-9);
        assertEquals(1, new ErrorRate(1000, 5, 5).high());
    }
}
