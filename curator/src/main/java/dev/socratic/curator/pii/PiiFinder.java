package dev.socratic.curator.pii;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import dev.socratic.core.secret.KeyLike;
import dev.socratic.curator.config.PiiKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.CodeValidator;
import org.apache.commons.validator.routines.CreditCardValidator;
import org.apache.commons.validator.routines.CreditCardValidator.CreditCardRange;
import org.apache.commons.validator.routines.IBANValidator;
import org.apache.commons.validator.routines.InetAddressValidator;

/// Finds personal data and secrets in a text.
///
/// - **email**: addresses, but for domains that RFC 2606 reserves for examples and for `git@host:path`;
/// - **phone**: libphonenumber 9.0.43. Numbers with `+` and a country anywhere; national ones of the regions named,
/// in
///   groups as that region writes them, with a bracket, dash, dot or blank between and no sign of arithmetic beside;
/// - **iban**: length by country and mod 97 (commons-validator 1.10.0);
/// - **card**: Luhn and the issuers' ranges (American Express, Diners, Discover, JCB, Mastercard, UnionPay, Visa);
/// - **national_id**: [NationalIds];
/// - **ip_address**: public ones; addresses of private networks and of examples, and numbers of versions, are none;
/// - **key**: [SecretKeys];
/// - **url_credentials**: `user:password@` in an address, and parameters that are named as secrets are.
///
/// Names and postal addresses are not looked for: they need a model.
public final class PiiFinder {
    private static final Pattern EMAIL = Pattern.compile("(?<![\\w.+%-])[A-Za-z0-9_](?:[A-Za-z0-9._%+'-]{0,62}"
            + "[A-Za-z0-9_+-])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,8}[A-Za-z]{2,24}(?![\\w-])");
    private static final Pattern EXAMPLE = Pattern.compile("(?i)(?:^git@.*|.*[@.](?:example\\.(?:com|org|net)|example"
            + "|test|invalid|localhost))");
    private static final Pattern IBAN = Pattern.compile("(?<![A-Za-z0-9])[A-Z]{2}\\d{2}[ -]?[A-Z0-9]{2,4}[ -]?");
    private static final Pattern CARD = Pattern.compile(
            "(?<![\\d.,+*/=$])(?<![\\d][ -])\\d(?:[ -]?\\d){12,18}(?![ -]?\\d|[.,*/=]\\d)");
    private static final Pattern IP4 = Pattern.compile(
            "(?<![\\w.:-])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?![\\w-]|\\.\\d)");
    private static final Pattern NOT_PUBLIC = Pattern.compile("(?:0|10|127|255)\\..*|192\\.168\\..*|169\\.254\\..*"
            + "|172\\.(?:1[6-9]|2\\d|3[01])\\..*|192\\.0\\.2\\..*"
            + "|198\\.51\\.100\\..*|203\\.0\\.113\\..*|2[2-5]\\d\\..*");
    private static final Pattern VERSION = Pattern.compile(
            "(?i)(?:\\b(?:version|release|build|section|chapter|v|ver|rev)\\.?[ ]?|[#\u00a7=<>~^])$");
    private static final Pattern IP6 = Pattern.compile(
            "(?<![\\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\\w:])");
    private static final Pattern NOT_PUBLIC_6 = Pattern.compile("(?i)::1?|fe[89ab].*|f[cdf].*|2001:0?db8:.*");
    private static final Pattern URL_USER = Pattern.compile(
            "\\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://([^\\s/:@\"'<>]{1,100}:[^\\s/@\"'<>]{1,200})@(?=[A-Za-z0-9\\[])");
    private static final Pattern PARAMETER = Pattern.compile("[?&]([A-Za-z0-9_.-]{2,40})=([^&\\s#\"'<>]{8,500})");
    private static final Pattern RUN_OF_DIGITS = Pattern.compile("\\d(?:[ .()/-]{0,3}\\d){6}");
    private static final Pattern LONG_WORD = Pattern.compile("[A-Za-z0-9_-]{15}");
    private static final Pattern NAMES_A_SECRET = Pattern.compile("(?i)key|token|secret|passw|pwd");
    private static final String ARITHMETIC = "=+*/\u00d7\u00f7<>^$\u20ac\u00a3%";
    private static final int LEAST_DIGITS = 7;
    private static final long TRIES = 500;
    private static final int LONGEST = 100_000; // code units that are searched at a time
    private static final int OVERLAP = 500;

    private final Set<PiiKind> kinds;
    private final List<String> regions;
    private final PhoneNumberUtil phones = PhoneNumberUtil.getInstance();
    private final CreditCardValidator cards = new CreditCardValidator(
            new CodeValidator[] {CreditCardValidator.AMEX_VALIDATOR, CreditCardValidator.DINERS_VALIDATOR,
                CreditCardValidator.DISCOVER_VALIDATOR, CreditCardValidator.MASTERCARD_VALIDATOR,
                CreditCardValidator.VISA_VALIDATOR},
            new CreditCardRange[] {new CreditCardRange("3528", "3589", 16, 19),
                new CreditCardRange("62", "62", 16, 19)});

    /// @param kinds   what is looked for
    /// @param regions ISO 3166 codes of the regions whose national telephone numbers are
    public PiiFinder(Set<PiiKind> kinds, List<String> regions) {
        this.kinds = Set.copyOf(kinds);
        this.regions = List.copyOf(regions);
    }

    /// @param value the same for the same thing however it is written: what masks are numbered by
    public record Found(PiiKind kind, int from, int to, String value) {}

    /// @return in order, none overlapping another
    public List<Found> in(String text) {
        if (text.length() > LONGEST) {
            return inParts(text);
        }
        boolean digits = text.chars().filter(Character::isDigit).count() >= LEAST_DIGITS - 1;
        List<Found> all = new ArrayList<>();
        for (PiiKind kind : PiiKind.values()) {
            if (!kinds.contains(kind)) {
                continue;
            }
            switch (kind) {
                case URL_CREDENTIALS -> urls(text, all);
                case KEY -> keys(text, all);
                case EMAIL -> emails(text, all);
                case IBAN -> ibans(text, all, digits);
                case CARD -> cards(text, all, digits);
                case NATIONAL_ID -> nationalIds(text, all, digits);
                case PHONE -> phones(text, all, digits);
                case IP_ADDRESS -> addresses(text, all);
            }
        }
        all.sort(Comparator.comparingInt(Found::from));
        return all;
    }

    /// A text of megabytes, in pieces that overlap, so that what is cut by one is whole in the next.
    private List<Found> inParts(String text) {
        List<Found> all = new ArrayList<>();
        int step = LONGEST - OVERLAP;
        for (int at = 0; at < text.length(); at += step) {
            int start = at;
            boolean last = at + LONGEST >= text.length();
            in(text.substring(at, Math.min(text.length(), at + LONGEST))).stream()
                    .filter(found -> last || found.to() < LONGEST - 1)
                    .map(found -> new Found(found.kind(), found.from() + start, found.to() + start, found.value()))
                    .forEach(found -> add(all, found));
            if (last) {
                break;
            }
        }
        return all;
    }

    private static void add(List<Found> all, Found found) {
        if (all.stream().noneMatch(other -> found.from() < other.to() && other.from() < found.to())) {
            all.add(found);
        }
    }

    private static void urls(String text, List<Found> all) {
        if (!text.contains("://")) {
            return;
        }
        Matcher user = URL_USER.matcher(text);
        while (user.find()) {
            add(all, new Found(PiiKind.URL_CREDENTIALS, user.start(1), user.end(1), user.group(1)));
        }
        Matcher parameter = PARAMETER.matcher(text);
        while (parameter.find()) {
            if (KeyLike.name(parameter.group(1)) && SecretKeys.isValue(parameter.group(2))) {
                add(all, new Found(PiiKind.URL_CREDENTIALS, parameter.start(2), parameter.end(2), parameter.group(2)));
            }
        }
    }

    private static void keys(String text, List<Found> all) {
        boolean words = LONG_WORD.matcher(text).find();
        for (Pattern marked : words || text.contains("-----BEGIN") ? SecretKeys.MARKED : List.<Pattern>of()) {
            Matcher key = marked.matcher(text);
            while (key.find()) {
                add(all, new Found(PiiKind.KEY, key.start(), key.end(), key.group()));
            }
        }
        Matcher assigned = SecretKeys.ASSIGNED.matcher(text);
        boolean named = NAMES_A_SECRET.matcher(text).find();
        while (named && assigned.find()) {
            String value = assigned.group(1).replaceAll("[.!?:]+$", "");
            if (SecretKeys.isValue(value)) {
                add(all, new Found(PiiKind.KEY, assigned.start(1), assigned.start(1) + value.length(), value));
            }
        }
        Matcher run = SecretKeys.RUN.matcher(text);
        while (words && run.find()) {
            if (SecretKeys.isRandom(run.group())) {
                add(all, new Found(PiiKind.KEY, run.start(), run.end(), run.group()));
            }
        }
    }

    private static void emails(String text, List<Found> all) {
        if (text.indexOf('@') < 0) {
            return;
        }
        Matcher email = EMAIL.matcher(text);
        while (email.find()) {
            if (!EXAMPLE.matcher(email.group()).matches()) {
                add(all, new Found(PiiKind.EMAIL, email.start(), email.end(), email.group().toLowerCase(Locale.ROOT)));
            }
        }
    }

    /// The country says how long it is, so that words behind it are none of it.
    private static void ibans(String text, List<Found> all, boolean digits) {
        Matcher begin = IBAN.matcher(text);
        while (digits && begin.find()) {
            IBANValidator.Validator country = IBANValidator.getInstance().getValidator(begin.group());
            if (country == null) {
                continue;
            }
            StringBuilder plain = new StringBuilder();
            int at = begin.start();
            while (at < text.length() && plain.length() < country.getIbanLength()) {
                char c = text.charAt(at);
                boolean part = c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
                if (!part && c != ' ' && c != '-') {
                    break;
                }
                if (part) {
                    plain.append(c);
                }
                at++;
            }
            boolean ends = at == text.length() || !Character.isLetterOrDigit(text.charAt(at));
            if (ends && IBANValidator.getInstance().isValid(plain.toString())) {
                add(all, new Found(PiiKind.IBAN, begin.start(), at, plain.toString()));
            }
        }
    }

    private void cards(String text, List<Found> all, boolean digits) {
        Matcher card = CARD.matcher(text);
        while (digits && card.find()) {
            String plain = card.group().replaceAll("[ -]", "");
            if (plain.chars().distinct().count() > 1 && cards.isValid(plain)) {
                add(all, new Found(PiiKind.CARD, card.start(), card.end(), plain));
            }
        }
    }

    private static void nationalIds(String text, List<Found> all, boolean digits) {
        for (NationalIds.Form form : digits ? NationalIds.ALL : List.<NationalIds.Form>of()) {
            Matcher id = form.form().matcher(text);
            while (id.find()) {
                if (NationalIds.holds(form, id)) {
                    add(all, new Found(PiiKind.NATIONAL_ID, id.start(), id.end(),
                            form.state() + id.group().replaceAll("[ .-]", "")));
                }
            }
        }
    }

    private void phones(String text, List<Found> all, boolean digits) {
        if (!digits || !RUN_OF_DIGITS.matcher(text).find()) { // looking for numbers is the dearest of all
            return;
        }
        if (text.indexOf('+') >= 0 || text.indexOf('\uff0b') >= 0) {
            phones(text, "ZZ", Leniency.VALID, all);
        }
        regions.forEach(region -> phones(text, region, Leniency.STRICT_GROUPING, all));
    }

    private void phones(String text, String region, Leniency leniency, List<Found> all) {
        for (PhoneNumberMatch match : phones.findNumbers(text, region, leniency, TRIES)) {
            String raw = match.rawString();
            boolean abroad = raw.startsWith("+") || raw.startsWith("\uff0b");
            boolean grouped = raw.chars().anyMatch(c -> !Character.isDigit(c));
            if (abroad ? isApart(text, match, ARITHMETIC.substring(1)) : grouped && isApart(text, match, ARITHMETIC)) {
                add(all, new Found(PiiKind.PHONE, match.start(), match.end(),
                        phones.format(match.number(), PhoneNumberFormat.E164)));
            }
        }
    }

    private static boolean isApart(String text, PhoneNumberMatch match, String signs) {
        String before = text.substring(0, match.start()).stripTrailing();
        String after = text.substring(match.end()).stripLeading();
        return (before.isEmpty() || signs.indexOf(before.charAt(before.length() - 1)) < 0)
                && (after.isEmpty() || signs.indexOf(after.charAt(0)) < 0);
    }

    private static void addresses(String text, List<Found> all) {
        Matcher four = IP4.matcher(text);
        while (four.find()) {
            String before = text.substring(Math.max(0, four.start() - 12), four.start());
            if (!NOT_PUBLIC.matcher(four.group()).matches() && !VERSION.matcher(before).find()) {
                add(all, new Found(PiiKind.IP_ADDRESS, four.start(), four.end(), four.group()));
            }
        }
        if (text.indexOf(':') < 0) {
            return;
        }
        Matcher six = IP6.matcher(text);
        while (six.find()) {
            String group = six.group();
            boolean enough = group.chars().filter(c -> c != ':').count() >= 6;
            if (enough && !NOT_PUBLIC_6.matcher(group).matches()
                    && InetAddressValidator.getInstance().isValidInet6Address(group)) {
                add(all, new Found(PiiKind.IP_ADDRESS, six.start(), six.end(), group.toLowerCase(Locale.ROOT)));
            }
        }
    }
}
