package dev.socratic.core.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
    private static final String KEY = "sk-made+up/key";
    private final Secret secret = Secret.fromEnvironment("TEACHER_KEY", Map.of("TEACHER_KEY", " " + KEY + "\n"));

    record Holder(Secret key) {}

    @Test
    void aSecretIsReadFromTheEnvironmentAndPrintsAsStars() {
        assertEquals(KEY, secret.reveal());
        assertEquals("***", secret.toString());
        assertEquals("Holder[key=***]", new Holder(secret).toString());
    }

    @Test
    void aSecretGoesIntoNoFile() {
        assertThrows(IllegalArgumentException.class, () -> Json.line(secret));
        assertThrows(IllegalArgumentException.class, () -> Json.line(new Holder(secret)));
        assertThrows(NotSerializableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(secret));
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        ConfigException e = assertThrows(ConfigException.class,
                () -> Secret.fromEnvironment("TEACHER_KEY", Map.of("TEACHER_KEY", " ")));
        assertEquals("environment variable TEACHER_KEY: a key or token; got nothing; set it: export TEACHER_KEY=...",
                e.getMessage());
    }

    @Test
    void knownSecretsAreTakenOutOfTextHoweverTheyAreSpelled() {
        Secrets secrets = new Secrets(List.of(secret, Secret.fromEnvironment("B", Map.of("B", "abc"))));
        String base64 = Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
        String text = "401: key " + KEY + " is wrong; GET /v1?key=sk-made%2Bup%2Fkey; Basic " + base64 + "; abc";
        assertEquals("401: key *** is wrong; GET /v1?key=***; Basic ***" + (base64.endsWith("=") ? "=" : "") + "; abc",
                secrets.redact(text));
        assertFalse(secrets.redact(text).contains("made"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "sk-made\\u002Bup\\/key", "sk-made\\u002bup/key", "sk-made\\\\u002Bup\\\\/key", "sk-made\\x2Bup/key",
        "sk-made%2Bup%2Fkey", "sk-made%252bup%252Fkey", "sk-made&#43;up&#x2F;key", "sk-made&plus;up&sol;key",
        "\\u0073\\u006b\\u002d\\u006d\\u0061\\u0064\\u0065\\u002b\\u0075\\u0070\\u002f\\u006b\\u0065\\u0079",
        "736b2d6d6164652b75702f6b6579", "736B2D6D6164652B75702F6B6579"
    })
    void escapesHideNoSecret(String spelled) {
        Secrets secrets = new Secrets(List.of(secret));
        assertEquals(
                "before *** \\frac{a}{b} & 50 % after",
                secrets.redact("before " + spelled + " \\frac{a}{b} & 50 % after"));
    }

    @Test
    void base64HidesNoSecretWhereverInALongerTextItBegins() {
        Secrets secrets = new Secrets(List.of(secret));
        for (String around : List.of("", "x", "xy", "user:", "Bearer ")) {
            String text = around + KEY + around;
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String encoded = encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
                String clean = secrets.redact("<" + encoded + ">");
                assertTrue(clean.contains("***") && clean.length() < encoded.length() - 12, clean);
            }
        }
    }

    @Test
    void aTextWithoutASecretStaysAsItIs() {
        Secrets secrets = new Secrets(List.of(secret));
        for (String text : List.of(
                "", "\\", "%", "&", "&amp", "\\u00", "%2", "sk-made+up/ke", "sk-made\\nup/key",
                "a & b; 5 % of \\sum")) {
            assertEquals(text, secrets.redact(text));
        }
    }

    @Test
    void whatLooksLikeAKeyIsToldFromPlainWords() {
        for (String key : List.of(
                "sk-SECRET", "gsk_abc123", "0123456789abcdef0123456789abcdef", "AbC123dEf456GhI7",
                "Bearer x1y2z3")) {
            assertTrue(KeyLike.value(key), key);
        }
        for (String word : List.of(
                "v1", "openai", "deployments", "gpt-4o-mini-2024-07-18", "2024-10-21",
                "my-project-123456", "123456789012")) {
            assertFalse(KeyLike.value(word), word);
        }
        for (String name : List.of("api-key", "Api_Key", "x-api-key", "Authorization", "sig", "access_token")) {
            assertTrue(KeyLike.name(name), name);
        }
        for (String name : List.of("api-version", "x-title", "anthropic-beta", "model")) {
            assertFalse(KeyLike.name(name), name);
        }
    }
}
