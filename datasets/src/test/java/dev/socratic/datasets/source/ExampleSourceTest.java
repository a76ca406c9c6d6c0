package dev.socratic.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleSourceTest {
    @TempDir
    Path folder;

    private static final List<ChatMessage> CHAT = List.of(ChatMessage.user("2+2?"), ChatMessage.assistant("4"));

    @Test
    void everyLayoutGivesAConversation() throws Exception {
        assertEquals(new Example.Chat("t_1", CHAT), only(
                "{\"id\":\"t_1\",\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\",\"content\":\"4\"}]}"));
        assertEquals(new Example.Chat("", CHAT), only(
                "{\"conversations\":[{\"from\":\"human\",\"value\":\"2+2?\"},{\"from\":\"gpt\",\"value\":\"4\"}]}"));
        assertEquals(new Example.Chat("", CHAT), only("{\"instruction\":\"2+2?\",\"input\":\"\",\"output\":\"4\"}"));
        assertEquals(
                new Example.Chat("",
                        List.of(ChatMessage.user("2+2?"), ChatMessage.assistant("2+2=4\nThe answer is 4."))),
                only("{\"question\":\"2+2?\",\"answer\":\"2+2=<<2+2=4>>4\\n#### 4\"}"));
        assertEquals(new Example.Text("", "Once."), only("{\"text\":\"Once.\"}"));
    }

    @Test
    void aMappingNamesWhoSaysWhat() throws Exception {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), "{\"q\":\"2+2?\",\"r\":{\"a\":4}}\n");
        ExampleSource source =
                new ExampleSource.File(file, Layout.AUTO, Map.of("user", "q", "assistant", "r.a"), Optional.empty());
        assertEquals(List.of(new Example.Chat("", CHAT)), read(source, Quarantine.refuse()));
    }

    @Test
    void aRowWithoutAnAnswerTeachesNothingAndIsQuarantined() throws Exception {
        Path file = Files.writeString(folder.resolve("rows.jsonl"),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"}]}\n");
        Quarantine.Listed bad = Quarantine.list();
        assertEquals(List.of(), read(ExampleSource.File.of(file), bad));
        assertEquals("row: a turn of the assistant to learn from; got none", bad.rows().getFirst().reason());
    }

    @Test
    void wordProblemsGiveConversationsOrText() {
        assertInstanceOf(Example.Chat.class, read(
                new ExampleSource.WordProblems(Split.TRAIN, 3, 0, new Form.Direct("Answer only.")), Quarantine.refuse())
                        .getFirst());
        assertInstanceOf(Example.Text.class, read(
                new ExampleSource.WordProblems(Split.TRAIN, 3, 0, new Form.Arithmetic(4)), Quarantine.refuse())
                        .getFirst());
    }

    @Test
    void aTagIsReadFromTheFieldThatIsAskedForWithTheRowsPlace() throws Exception {
        Path file = Files.writeString(folder.resolve("tagged.jsonl"), """
                {"text":"One.","teacher":{"name":"large"}}
                {"text":"Two.","teacher":{"name":7}}
                {"text":"Three.","teacher":"large"}
                """);
        ExampleSource source = new ExampleSource.Mix(List.of(
                new ExampleSource.Mix.Part(ExampleSource.File.of(file), Optional.empty(), Optional.empty()),
                new ExampleSource.Mix.Part(
                        new ExampleSource.WordProblems(Split.TRAIN, 1, 0, new Form.Direct("Answer only.")),
                                Optional.empty(), Optional.empty())));
        try (RowStream<Example> rows = source.open(Quarantine.refuse(), 0,
                new Beside(Optional.of(FieldPath.of("teacher.name")), Map.of()))) {
            List<Optional<Example.Tag>> tags = rows.toList().stream().map(Example::tag).toList();
            assertEquals(List.of(
                    Optional.of(new Example.Tag(Optional.of("large"), file + ":1")),
                    Optional.of(new Example.Tag(Optional.of("7"), file + ":2")),
                    Optional.of(new Example.Tag(Optional.empty(), file + ":3")), Optional.empty()), tags);
        }
        assertEquals(Optional.empty(), read(ExampleSource.File.of(file), Quarantine.refuse()).getFirst().tag(),
                "only where it is asked for");
    }

    private Example only(String row) throws Exception {
        return read(ExampleSource.File.of(Files.writeString(folder.resolve("rows.jsonl"), row + "\n")),
                Quarantine.refuse()).getFirst();
    }

    private static List<Example> read(ExampleSource source, Quarantine quarantine) {
        try (RowStream<Example> rows = source.open(quarantine, 0)) {
            return rows.toList();
        }
    }
}
