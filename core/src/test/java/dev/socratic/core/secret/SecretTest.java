package dev.socratic.core.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
        assertThrows(NotSerializableException.class, () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(secret));
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        ConfigException e = assertThrows(ConfigException.class, () -> Secret.fromEnvironment("TEACHER_KEY", Map.of("TEACHER_KEY", " ")));
        assertEquals("environment variable TEACHER_KEY: a key or token; got nothing; set it: export TEACHER_KEY=...", e.getMessage());
    }

    @Test
    void knownSecretsAreTakenOutOfTextHoweverTheyAreSpelled() {
        Secrets secrets = new Secrets(List.of(secret, Secret.fromEnvironment("B", Map.of("B", "abc"))));
        String base64 = Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
        String text = "401: key " + KEY + " is wrong; GET /v1?key=sk-made%2Bup%2Fkey; Basic " + base64 + "; abc";
        assertEquals("401: key *** is wrong; GET /v1?key=***; Basic ***" + (base64.endsWith("=") ? "=" : "") + "; abc", secrets.redact(text));
        assertFalse(secrets.redact(text).contains("made"));
    }
}
