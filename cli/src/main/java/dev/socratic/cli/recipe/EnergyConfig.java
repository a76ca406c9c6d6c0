package dev.socratic.cli.recipe;

import dev.socratic.core.config.Effort;
import java.util.Optional;

/// What an hour of the machine takes, for the costs on a student's card; nothing is measured.
///
/// @param watts      drawn by the machine while a stage is at work, from the wall or from its data sheet
/// @param usdPerHour price of the machine
/// @param usdPerKwh  price of the energy, where the machine has none that holds it
public record EnergyConfig(@Effort Optional<Double> watts, @Effort Optional<Double> usdPerHour,
        @Effort Optional<Double> usdPerKwh) {
    static final EnergyConfig UNKNOWN = new EnergyConfig(Optional.empty(), Optional.empty(), Optional.empty());

    public EnergyConfig {
        positive("watts", watts);
        positive("usd_per_hour", usdPerHour);
        positive("usd_per_kwh", usdPerKwh);
        if (usdPerKwh.isPresent() && watts.isEmpty()) {
            throw new IllegalArgumentException("usd_per_kwh: a price of the energy that watts says; got no watts; add "
                    + "watts: <of the machine>");
        }
    }

    private static void positive(String key, Optional<Double> value) {
        value.filter(given -> !(given > 0 && Double.isFinite(given))).ifPresent(given -> {
            throw new IllegalArgumentException("%s: more than 0; got %s".formatted(key, given));
        });
    }

    /// @return energy of that time, in kWh
    Optional<Double> kwh(double seconds) {
        return watts.map(power -> power * seconds / 3.6e6);
    }

    /// @return price of that time on the machine, energy included, in USD
    Optional<Double> usd(double seconds) {
        Optional<Double> hire = usdPerHour.map(price -> price * seconds / 3600);
        Optional<Double> energy = usdPerKwh.flatMap(price -> kwh(seconds).map(used -> price * used));
        return hire.isEmpty() && energy.isEmpty() ? Optional.empty()
                : Optional.of(hire.orElse(0.0) + energy.orElse(0.0));
    }
}
