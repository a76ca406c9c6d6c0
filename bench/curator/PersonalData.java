
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.PiiKind;
import dev.socratic.curator.pii.PiiFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Personal data drawn with a seed and put into sentences, 200 of each kind, and numbers that are none; what of it is
/// found, and what is found in texts that hold none (`GSM8K/train.jsonl`).
///
///     bench/run bench/curator/PersonalData.java GSM8K.jsonl planted.jsonl
///     python bench/curator/personal_data_presidio.py GSM8K.jsonl planted.jsonl
public final class PersonalData {
    private static final int EACH = 200;
    private static final List<String> SENTENCES = List.of("Please send it to %s before Friday.", "Contact: %s",
            "My details changed, use %s from now on, ok?", "(%s)", "He wrote %s on 3 of the 12 cards.");
    private static final List<String> NAMES = List.of("anna", "li.wei", "j_smith", "maria-lopez", "tomasz.nowak");

    private final Random random = new Random(20261201);

    private record Row(String kind, String text, String value) {}

    public static void main(String[] args) throws Exception {
        List<Row> rows = new PersonalData().rows();
        StringBuilder file = new StringBuilder();
        rows.forEach(row -> file.append(Json.line(Map.of("kind", row.kind(), "text", row.text(), "value", row.value())))
                .append('\n'));
        Files.writeString(Path.of(args[1]), file);
        PiiFinder finder = new PiiFinder(EnumSet.allOf(PiiKind.class), List.of("US", "GB", "DE"));
        Map<PiiKind, int[]> counts = new EnumMap<>(PiiKind.class); // planted, found as it is, found beside
        for (PiiKind kind : PiiKind.values()) {
            counts.put(kind, new int[3]);
        }
        for (Row row : rows) {
            if (!row.kind().isEmpty()) {
                counts.get(PiiKind.valueOf(row.kind()))[0]++;
            }
            for (PiiFinder.Found found : finder.in(row.text())) {
                boolean right = found.kind().name().equals(row.kind())
                        && row.text().substring(found.from(), found.to()).equals(row.value());
                counts.get(found.kind())[right ? 1 : 2]++;
            }
        }
        counts.forEach((kind, n) -> System.out.printf(Locale.ROOT, "%-16s recall %.3f  precision %.3f%n", kind,
                (double) n[1] / n[0], n[1] + n[2] == 0 ? 1 : (double) n[1] / (n[1] + n[2])));
        int wrong = 0;
        long start = System.nanoTime();
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        for (String line : lines) {
            JsonNode row = Json.read(line, JsonNode.class, "gsm8k");
            for (String text : List.of(row.get("question").textValue(), row.get("answer").textValue())) {
                for (PiiFinder.Found found : finder.in(text)) {
                    wrong++;
                    System.out.println("GSM8K: " + found.kind() + " " + text.substring(found.from(), found.to()));
                }
            }
        }
        System.out.printf(Locale.ROOT, "GSM8K, %d rows: %d found; %.0f rows/s by the clock%n", lines.size(), wrong,
                lines.size() / ((System.nanoTime() - start) / 1e9));
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            put(rows, "EMAIL", one(NAMES) + random.nextInt(999) + "@" + drawn("abcdefghij", 6) + "."
                    + one(List.of("com", "org", "de", "co.uk", "io")));
            put(rows, "PHONE", switch (i % 4) {
                case 0 -> "+44 20 7" + digits(3) + " " + digits(4);
                case 1 -> "+49 30 " + (1 + random.nextInt(9)) + digits(7);
                case 2 -> "(650) " + (2 + random.nextInt(8)) + "53-" + digits(4);
                default -> "+1 415-" + (2 + random.nextInt(8)) + "52-" + digits(4);
            });
            put(rows, "IBAN", iban(i % 2 == 0 ? "DE" : "FR",
                    i % 2 == 0 ? digits(18) : digits(10) + digits(11) + "76", i));
            put(rows, "CARD", card(one(List.of("4", "51", "37", "6011")), i));
            put(rows, "NATIONAL_ID", i % 2 == 0
                    ? (100 + random.nextInt(500)) + "-" + (10 + random.nextInt(89)) + "-"
                            + (1000 + random.nextInt(8999))
                    : dni());
            put(rows, "IP_ADDRESS", (11 + random.nextInt(100)) + "." + random.nextInt(250) + "." + random.nextInt(250)
                    + "." + random.nextInt(250));
            put(rows, "KEY", switch (i % 4) {
                case 0 -> "AKIA" + drawn("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 16);
                case 1 -> "ghp_" + mixed(36);
                case 2 -> "sk-proj-" + mixed(44);
                default -> mixed(40);
            });
            put(rows, "URL_CREDENTIALS", one(NAMES) + ":" + mixed(10));
            // What looks like one and is none.
            rows.add(new Row("", one(SENTENCES).formatted(digits(3) + " - " + digits(3) + " = " + digits(3)), ""));
            rows.add(new Row("", "The sum of " + digits(8) + " and " + digits(9) + " is " + digits(10) + ".", ""));
            rows.add(new Row("", "Version " + random.nextInt(9) + "." + random.nextInt(9) + "." + random.nextInt(9)
                    + "." + random.nextInt(9) + " of 2019-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(9), ""));
            rows.add(new Row("", "Order " + digits(16) + ", commit " + drawn("0123456789abcdef", 40), ""));
        }
        return rows;
    }

    private void put(List<Row> rows, String kind, String value) {
        String text = kind.equals("URL_CREDENTIALS") ? "Clone https://" + value + "@host.org/x.git first"
                : one(SENTENCES).formatted(value);
        rows.add(new Row(kind, text, value));
    }

    private String iban(String country, String account, int i) {
        String numbers = account + (country.charAt(0) - 'A' + 10) + (country.charAt(1) - 'A' + 10) + "00";
        int check = 98 - new java.math.BigInteger(numbers).mod(java.math.BigInteger.valueOf(97)).intValue();
        String plain = String.format(Locale.ROOT, "%s%02d%s", country, check, account);
        return i % 3 == 0 ? plain : plain.replaceAll("(.{4})(?=.)", "$1 ");
    }

    private String card(String prefix, int i) {
        int length = prefix.equals("37") ? 15 : 16;
        String digits = prefix + digits(length - prefix.length() - 1);
        for (int check = 0; check < 10; check++) {
            String all = digits + check;
            int sum = 0;
            for (int k = 0; k < length; k++) {
                int digit = all.charAt(length - 1 - k) - '0';
                sum += k % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
            }
            if (sum % 10 == 0) {
                return i % 2 == 0 ? all : all.replaceAll("(.{4})(?=.)", "$1 ");
            }
        }
        throw new IllegalStateException("one of ten digits is right");
    }

    private String dni() {
        int number = 10_000_000 + random.nextInt(89_999_999);
        return number + String.valueOf("TRWAGMYFPDXBNJZSQVHLCKE".charAt(number % 23));
    }

    private String digits(int n) {
        return drawn("123456789", 1) + drawn("0123456789", n - 1);
    }

    private String mixed(int n) {
        return drawn("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", n);
    }

    private String drawn(String letters, int n) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < n; i++) {
            out.append(letters.charAt(random.nextInt(letters.length())));
        }
        return out.toString();
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
