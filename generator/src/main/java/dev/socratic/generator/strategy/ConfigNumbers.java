package dev.socratic.generator.strategy;

/// Limits of the numbers in a strategy's config.
final class ConfigNumbers {
    private ConfigNumbers() {}

    static void atLeast(String key, long least, long value, String remedy) {
        if (value < least) {
            throw new IllegalArgumentException("%s: at least %s; got %s; %s".formatted(key, least, value, remedy));
        }
    }

    static void share(String key, double value, String remedy) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s: a share in [0, 1]; got %s; %s".formatted(key, value, remedy));
        }
    }
}
