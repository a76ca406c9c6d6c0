package dev.socratic.curator.pii;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.PiiKind;
import dev.socratic.curator.config.StepConfig.Pii;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Decision;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiFinderTest {
    private static final PiiFinder FINDER = new PiiFinder(EnumSet.allOf(PiiKind.class), List.of("US", "DE"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "EMAIL|Write to anna.o'neil+x@mail.firm.co.uk, please.|anna.o'neil+x@mail.firm.co.uk",
        "PHONE|Call +44 20 7946 0958 today|+44 20 7946 0958",
        "PHONE|Call (650) 253-0000 today|(650) 253-0000",
        "PHONE|Ruf (030) 901820 an, ja|(030) 901820",
        "IBAN|To DE89 3704 0044 0532 0130 00 AND SOON|DE89 3704 0044 0532 0130 00",
        "IBAN|GB29NWBK60161331926819.|GB29NWBK60161331926819",
        "CARD|Pay with 4111 1111 1111 1111, ok|4111 1111 1111 1111",
        "CARD|or 378282246310005 now|378282246310005",
        "NATIONAL_ID|SSN 536-22-1234.|536-22-1234",
        "NATIONAL_ID|DNI 12345678Z|12345678Z",
        "NATIONAL_ID|codice RSSMRA85T10A562S|RSSMRA85T10A562S",
        "NATIONAL_ID|CPF 529.982.247-25|529.982.247-25",
        "NATIONAL_ID|NINO AB 12 34 56 C|AB 12 34 56 C",
        "NATIONAL_ID|id 11010519491231002X|11010519491231002X",
        "NATIONAL_ID|HETU 131052-308T|131052-308T",
        "IP_ADDRESS|from 81.2.69.142 and|81.2.69.142",
        "IP_ADDRESS|from 2a00:1450:4001:81b::200e and|2a00:1450:4001:81b::200e",
        "KEY|use AKIAIOSFODNN7EXAMPLQ here|AKIAIOSFODNN7EXAMPLQ",
        "KEY|ghp_abcdefghijklmnopqrstuvwxyz0123456789|ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "KEY|password: hunter2!!x|hunter2!!x",
        "KEY|it is q7Zp2LmX9vRt4KwB8nYc3HdS6jGf1QaE5u here|q7Zp2LmX9vRt4KwB8nYc3HdS6jGf1QaE5u",
        "URL_CREDENTIALS|see https://bob:s3cret@host.org/x|bob:s3cret",
        "URL_CREDENTIALS|see https://host.org/x?a=1&access_token=a8f7c6d5e4b3|a8f7c6d5e4b3"})
    void whatIsOneIsFound(PiiKind kind, String text, String found) {
        List<PiiFinder.Found> all = FINDER.in(text);
        assertEquals(List.of(kind + " " + found), all.stream()
                .map(one -> one.kind() + " " + text.substring(one.from(), one.to())).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "12 + 16 = 28 and 1234567890 - 987654321 = 246913569", "$1,234,567.89 a year for 10-20 years, 2019-2020",
        "12345678A and 4111 1111 1111 1112", "DE89 3704 0044 0532 0130 01", "529.982.247-26", "000-12-3456",
        "version 10.2.3.4, v1.2.3.4, 192.168.0.1, 127.0.0.1, 256.1.1.1, 3.14.15", "10:20:30, ::1, a::b, std::vector",
        "user@example.com, git@github.com:a/b.git, a@b, @name", "password: your_password_here, token = <token>",
        "9b74c9897bac770ffc029102a1c5b3ca1e2d3f4a", "supercalifragilisticexpialidocious and AVeryLongClassNameOfJava",
        "https://host.org/path?page=12345678&q=word", "415-555-2671 + 20 = x", "3.1415926535 8979323846 2643383279"})
    void whatOnlyLooksLikeItIsNot(String text) {
        assertEquals(List.of(), FINDER.in(text));
    }

    @Test
    void theSameValueHasTheSameMaskInAllTextsOfARowAndIsNeverShownWhole() {
        PiiStep step = new PiiStep(ConfigReader.read("{}", "pii", Pii.class));
        Decision.Edit edit = (Decision.Edit) step.judge(Answers.chat(
                "Mail ann.lee@firm.org or BOB@firm.org", "So bob@firm.org, then ann.lee@firm.org."));
        assertEquals("Mail [EMAIL_1] or [EMAIL_2]", edit.row().at("/messages/0/content").textValue());
        assertEquals("So [EMAIL_2], then [EMAIL_1].", edit.row().at("/messages/1/content").textValue());
        assertFalse(edit.evidence().toString().contains("ann.lee@firm.org"), edit::toString);
        assertEquals("{\"before\":\"an\u2026rg (16 characters)\",\"after\":\"[EMAIL_1]\"}",
                edit.evidence().at("/changes/0").toString());
        assertEquals(2.0, edit.scores().values().get("email"));
    }

    @Test
    void aFieldThatNoStudentLearnsIsMaskedTooAndARowMayGoOrBeFlagged() {
        String row = "{\"text\": \"hello\", \"meta\": {\"by\": [\"ann@firm.org\"]}, \"id\": \"x\"}";
        Decision.Edit edit = (Decision.Edit) new PiiStep(ConfigReader.read("{}", "pii", Pii.class))
                .judge(Answers.imported(row));
        assertEquals("[EMAIL_1]", edit.row().at("/meta/by/0").textValue());
        PiiStep drops = new PiiStep(ConfigReader.read("{action: drop, kinds: [email]}", "pii", Pii.class));
        assertEquals("pii", ((Decision.Drop) drops.judge(Answers.imported(row))).reason());
        PiiStep flags = new PiiStep(ConfigReader.read("{action: flag}", "pii", Pii.class));
        assertEquals(1.0, ((Decision.Keep) flags.judge(Answers.imported(row))).scores().values().get("found"));
    }

    @Test
    void aTextOfMegabytesIsSearchedInPartsAndNothingIsCutInTwo() {
        String filler = "word ".repeat(19_995);
        String text = filler + "write to ann@firm.org now " + filler + "and bob@firm.org";
        assertEquals("ann@firm.org bob@firm.org", FINDER.in(text).stream().map(PiiFinder.Found::value)
                .collect(Collectors.joining(" ")));
    }

    @Test
    void aRegionThatIsNoneIsRefusedByName() {
        ConfigException refused = assertThrows(ConfigException.class, () -> new PiiStep(
                ConfigReader.read("{regions: [XX]}", "pii", Pii.class)));
        assertTrue(refused.getMessage().contains("pii.regions: ISO 3166 codes of regions; got 'XX'; write US, GB, DE"),
                refused.getMessage());
    }
}
