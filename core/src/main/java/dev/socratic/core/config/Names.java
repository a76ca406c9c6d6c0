package dev.socratic.core.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How Java names are spelled in a config, and which one was probably meant.
public final class Names {
    private Names() {}

    /// @return `maxNewTokens` as `max_new_tokens`, `KLDivergence` as `kl_divergence`, `Top1` as `top1`
    public static String snake(String javaName) {
        return javaName
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// @return the components whose keys stand in a config of this record, those of [Inline] ones in their place
    static List<RecordComponent> flat(Class<?> recordType) {
        return Arrays.stream(recordType.getRecordComponents())
                .flatMap(component -> component.isAnnotationPresent(Inline.class)
                        ? flat(component.getType()).stream() : Stream.of(component))
                .toList();
    }

    static List<String> components(Class<?> recordType) {
        return flat(recordType).stream().map(RecordComponent::getName).map(Names::snake).toList();
    }

    /// @param family sealed, of records or further families
    /// @return its records by the names a config knows them by, in the order they are declared
    static Map<String, Class<?>> family(Class<?> family) {
        Map<String, Class<?>> leaves = new LinkedHashMap<>();
        collect(family, leaves);
        return leaves;
    }

    private static void collect(Class<?> family, Map<String, Class<?>> leaves) {
        for (Class<?> member : family.getPermittedSubclasses()) {
            if (member.isSealed()) {
                collect(member, leaves);
            } else if (!member.isRecord()) {
                throw new IllegalStateException(
                        "a config family consists of records; " + member.getName() + " is none");
            } else {
                Class<?> other = leaves.putIfAbsent(snake(member.getSimpleName()), member);
                if (other != null && other != member) {
                    throw new IllegalStateException(
                            "two records of one config family have one name: " + other.getName() + ", "
                                    + member.getName());
                }
            }
        }
    }

    /// @return whether its first component must be written and every other may be absent, so that a bare text is the
    ///         first
    static boolean othersMayBeLeftOut(Class<?> recordType) {
        List<RecordComponent> all = flat(recordType);
        return all.size() > 1 && all.getFirst().getType() != Optional.class
                && !all.getFirst().isAnnotationPresent(Default.class)
                && all.stream().skip(1).allMatch(one -> one.getType() == Optional.class);
    }

    /// @return the record a bare number stands for: the first of the family whose only component is a `double value`
    static Optional<Class<?>> ofBareNumber(Collection<Class<?>> family) {
        return family.stream()
                .filter(member -> member.getRecordComponents().length == 1)
                .filter(member -> member.getRecordComponents()[0].getType() == double.class)
                .filter(member -> member.getRecordComponents()[0].getName().equals("value"))
                .findFirst();
    }

    /// @return the record a bare text stands for
    static Optional<Class<?>> ofBareText(Collection<Class<?>> family) {
        return family.stream().filter(member -> member.isAnnotationPresent(Bare.class)).findFirst();
    }

    /// @return the known name nearest to `written` by edits of one letter (insert, delete, replace, swap neighbours),
    ///         if it is near enough to have been meant: at most one edit per three letters, and at least one allowed
    static Optional<String> nearest(String written, Collection<String> known) {
        int allowed = Math.max(1, written.length() / 3);
        return known.stream()
                .filter(name -> distance(written, name) <= allowed)
                .min(Comparator.comparingInt(name -> distance(written, name)));
    }

    /// Optimal string alignment distance.
    static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 16 || a.length() > 200) {
            return Integer.MAX_VALUE; // a long text is no misspelled name
        }
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replace = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replace, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
