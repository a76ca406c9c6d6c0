package dev.socratic.curator.pii;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;

/// Numbers that states give to persons: each a form and a check, for a form alone is any number.
///
/// United States: SSN (no check digit; areas 000, 666 and 900 to 999, group 00 and serial 0000 are never given);
/// United Kingdom: NINO (prefixes that are never given); Spain: DNI and NIE (mod 23); Italy: codice fiscale (mod 26);
/// France: NIR (mod 97); Brazil: CPF with its dots (two digits mod 11); Sweden: personnummer (Luhn); Finland: HETU
/// (mod 31); India: Aadhaar in groups of four (Verhoeff); China: resident identity number (ISO 7064 mod 11-2). Other
/// states' are not looked for: their forms are plain runs of digits.
final class NationalIds {
    private static final String LETTERS_OF_23 = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String LETTERS_OF_31 = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private static final int[] CHINA = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    /// Values of 0-9 and A-Z at odd places of a codice fiscale (decree of 12 March 1974).
    private static final int[] ODD = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22,
        25, 24, 23};

    /// @param form  of which group 0 is the number
    /// @param check whether its check digits hold, blanks and signs taken out
    record Form(String state, Pattern form, Predicate<String> check) {}

    static final List<Form> ALL = List.of(
            form("us", "(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}", id -> true),
            form("gb", "(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]",
                    id -> true),
            form("es", "\\d{8}-?[A-Z]|[XYZ]-?\\d{7}-?[A-Z]", NationalIds::spain),
            form("it", "[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]", NationalIds::italy),
            form("fr", "[12] ?\\d{2} ?(?:0[1-9]|1[0-2]) ?\\d{2} ?\\d{3} ?\\d{3} ?\\d{2}", id ->
                    97 - Long.parseLong(id.substring(0, 13)) % 97 == Long.parseLong(id.substring(13))),
            form("br", "\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}", NationalIds::brazil),
            form("se", "(?:19|20)?\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[-+]\\d{4}", id ->
                    LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(id.substring(id.length() - 10))),
            form("fi", "(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])\\d{2}[-+A]\\d{3}[0-9A-Y]", NationalIds::finland),
            form("in", "[2-9]\\d{3} \\d{4} \\d{4}", id -> VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.isValid(id)),
            form("cn", "[1-9]\\d{5}(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[0-9X]",
                    NationalIds::china));

    private NationalIds() {}

    private static Form form(String state, String form, Predicate<String> check) {
        return new Form(state, Pattern.compile("(?<![A-Za-z0-9.,-])(?:" + form + ")(?![A-Za-z0-9-]|[.,]\\d)"), check);
    }

    private static boolean spain(String id) {
        String digits = id.substring(0, id.length() - 1).replace('X', '0').replace('Y', '1').replace('Z', '2');
        return LETTERS_OF_23.charAt(Integer.parseInt(digits) % 23) == id.charAt(id.length() - 1);
    }

    private static boolean italy(String id) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int value = Character.isDigit(id.charAt(i)) ? id.charAt(i) - '0' : id.charAt(i) - 'A';
            sum += i % 2 == 0 ? ODD[value] : value;
        }
        return 'A' + sum % 26 == id.charAt(15);
    }

    private static boolean brazil(String id) {
        return id.chars().distinct().count() > 1 && eleven(id, 9) == id.charAt(9) - '0'
                && eleven(id, 10) == id.charAt(10) - '0';
    }

    private static int eleven(String id, int digits) {
        int sum = 0;
        for (int i = 0; i < digits; i++) {
            sum += (id.charAt(i) - '0') * (digits + 1 - i);
        }
        return sum * 10 % 11 % 10;
    }

    private static boolean finland(String id) {
        int number = Integer.parseInt(id.substring(0, 6) + id.substring(id.length() - 4, id.length() - 1));
        return LETTERS_OF_31.charAt(number % 31) == id.charAt(id.length() - 1);
    }

    private static boolean china(String id) {
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += (id.charAt(i) - '0') * CHINA[i];
        }
        return "10X98765432".charAt(sum % 11) == id.charAt(17);
    }

    /// @return whether what a form matched is a number of that form, its check digits right
    static boolean holds(Form form, Matcher found) {
        // A Finnish sign may be a letter; it is no part of the number.
        String plain = found.group().replaceAll("[ .+-]", "");
        return form.check().test(plain);
    }
}
