package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever is written out is read back equal, whatever the texts in it look like.
class ConfigWriterLaws {
    enum Colour { RED, DARK_BLUE }

    sealed interface Shape {
        record Point() implements Shape {}

        record Circle(double radius, @Default("red") Colour colour) implements Shape {}

        record Group(List<Shape> parts, Optional<Shape> mask) implements Shape {}
    }

    record Everything(
            String text,
            int small,
            long large,
            double number,
            float single,
            boolean flag,
            Path path,
            URI address,
            Duration pause,
            Colour colour,
            Shape shape,
            @Default("5") Optional<Integer> maybe,
            @Default("[]") List<String> texts,
            Set<Colour> colours,
            Map<String, Shape> shapes,
            Map<Colour, List<Double>> weights) {}

    private static final List<String> NASTY = List.of(
            "", " ", "null", "~", "true", "No", "1", "1e3", ".inf", "- a", "a: b", "a #b", "#", "a\nb\n", "\t", "'",
            "\"", "\\", "{", "[x]", "&a", "*a", "!t",
            "%d", "@x", "`", "|", ">", "?", ":", "-", "---", "...", "ä", "\uD83D\uDE00", "\u0085", "\u2028", "\uFEFF",
            "\u0000", "\u007F", "\uFFFD", "a b", "a  b", "key ", "<<", "0x1F", "0o7", "2024-01-01", "12:30:45", "{{x}}",
            "a,b", "x".repeat(300));

    @Test
    void whatIsWrittenIsReadBackEqual() {
        for (int seed = 0; seed < 150; seed++) {
            Everything value = everything(new SplittableRandom(seed));
            String yaml = ConfigWriter.yaml(value);
            assertEquals(value, ConfigReader.read(yaml, "seed " + seed, Everything.class), yaml);
            String json = ConfigWriter.tree(value).toString();
            assertEquals(yaml, ConfigWriter.yaml(ConfigReader.read(yaml, "again", Everything.class)));
            if (Double.isFinite(value.number())) {
                assertEquals(value, ConfigReader.read(json, "seed " + seed, Everything.class), json);
            }
        }
    }

    @Test
    void theTextIsPlainWhereItCanBe() {
        record Small(String name, @Default("4") int samples, Optional<Path> out, Shape shape, List<Shape> parts,
                @Default("{}") Map<String, String> none) {}
        Small read =
                ConfigReader.read(
                        "{name: 'no', shape: {circle: {radius: 1e-5}}, parts: [point, {circle: {radius: 2}}]}", "a",
                                Small.class);
        assertEquals("""
                name: "no"
                samples: 4
                out: null
                shape:
                  circle:
                    radius: 1.0E-5
                    colour: red
                parts:
                  - point
                  -
                    circle:
                      radius: 2.0
                      colour: red
                none: {}
                """, ConfigWriter.yaml(read));
    }

    private static Everything everything(SplittableRandom random) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Map<Colour, List<Double>> weights = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            shapes.put(text(random), shape(random, 2));
            weights.put(colour(random), List.of(number(random), number(random)));
        }
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            texts.add(text(random));
        }
        Set<Colour> colours = new LinkedHashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            colours.add(colour(random));
        }
        return new Everything(
                text(random), random.nextInt(), random.nextLong(), random.nextInt(20) == 0
                        ? Double.NEGATIVE_INFINITY
                        : number(random), (float) number(random), random.nextBoolean(),
                Path.of("d" + random.nextInt(9), random.nextBoolean() ? ".." : "a b", "ü: #" + random.nextInt()),
                URI.create("http://h:" + random.nextInt(9) + "/v1?x=#y"),
                Duration.ofMillis(random.nextLong(1L << random.nextInt(1, 45)))
                        .plusNanos(random.nextInt(2)), colour(random), shape(random, 3),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(random.nextInt()), List.copyOf(texts), Set.copyOf(colours), shapes, weights);
    }

    private static Shape shape(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 2 : 3)) {
            case 0 -> new Shape.Point();
            case 1 -> new Shape.Circle(number(random), colour(random));
            default -> new Shape.Group(List.of(shape(random, depth - 1), shape(random, depth - 1)),
                    random.nextBoolean() ? Optional.empty() : Optional.of(shape(random, depth - 1)));
        };
    }

    private static String text(SplittableRandom random) {
        if (random.nextBoolean()) {
            return NASTY.get(random.nextInt(NASTY.size()))
                    + (random.nextInt(4) == 0 ? NASTY.get(random.nextInt(NASTY.size())) : "");
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int c = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x80);
            text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 'x' : c); // half a pair is no text that UTF-8 could hold
        }
        return text.toString();
    }

    private static double number(SplittableRandom random) {
        double any = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(any) && Math.abs(any) < 1e30 ? any : random.nextInt(100);
    }

    private static Colour colour(SplittableRandom random) {
        return Colour.values()[random.nextInt(Colour.values().length)];
    }
}
