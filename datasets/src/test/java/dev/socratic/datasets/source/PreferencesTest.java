package dev.socratic.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Quarantine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferencesTest {
    private static final Example.Pair PAIR = new Example.Pair(
            "", List.of(ChatMessage.user("2+2?")), List.of(ChatMessage.assistant("4")),
            List.of(ChatMessage.assistant("5")));

    @TempDir
    Path folder;

    @Test
    void everyPublicFormGivesAPair() throws Exception {
        for (String row : List.of(
                "{'prompt':'2+2?','chosen':'4','rejected':'5'}",
                "{'instruction':'2+2?','input':'','chosen':'4','rejected':'5'}",
                "{'question':'2+2?','system':'','chosen':'4','rejected':'5'}",
                "{'messages':[{'role':'user','content':'2+2?'}],'chosen':'4','rejected':'5'}",
                "{'prompt':[{'role':'user','content':'2+2?'}],'chosen':[{'role':'assistant','content':'4'}],'rejected':[{'role':'assistant','content':'5'}]}",
                "{'conversations':[{'from':'human','value':'2+2?'}],'chosen':{'from':'gpt','value':'4'},'rejected':{'from':'gpt','value':'5'}}",
                "{'prompt':'2+2?','chosen':[{'role':'user','content':'2+2?'},{'role':'assistant','content':'4'}],"
                        + "'rejected':[{'role':'user','content':'2+2?'},{'role':'assistant','content':'5'}]}")) {
            assertEquals(List.of(PAIR), read(row, Quarantine.refuse()), row);
        }
    }

    @Test
    void aSystemTextComesBeforeTheQuestion() throws Exception {
        Example.Pair pair = (Example.Pair) read("{'system':'Be short.','question':'2+2?','chosen':'4','rejected':'5'}",
                Quarantine.refuse()).getFirst();
        assertEquals(List.of(ChatMessage.system("Be short."), ChatMessage.user("2+2?")), pair.prompt());
        assertEquals(List.of(ChatMessage.system("Be short."), ChatMessage.user("2+2?"), ChatMessage.assistant("5")),
                pair.other().messages());
    }

    @Test
    void fieldsCanBeNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("named.jsonl"), "{\"q\":\"2+2?\",\"good\":\"4\",\"bad\":\"5\"}\n");
        ExampleSource source = new ExampleSource.File(file, Layout.AUTO,
                Map.of("user", "q", "chosen", "good", "rejected", "bad"), Optional.empty());
        try (RowStream<Example> rows = source.open(Quarantine.refuse(), 0)) {
            assertEquals(List.of(PAIR), rows.toList());
        }
    }

    @Test
    void aRowThatIsNoPairIsQuarantinedWithItsReason() throws Exception {
        refused("{'prompt':'2+2?','chosen':'4','rejected':'4'}",
                "rejected: an answer other than the chosen one; got the same");
        refused("{'chosen':'4','rejected':'5'}",
                "prompt: what both answers answer: prompt, messages, conversations, instruction or question; got "
                        + "none of these fields");
        refused("{'prompt':'2+2?','chosen':' ','rejected':'5'}", "chosen: an answer; got blank text");
        refused("{'prompt':'2+2?','chosen':'4','rejected':7}",
                "rejected: a text, a turn or a list of turns; got number");
        refused("{'prompt':'2+2?','chosen':'4','rejected':[]}",
                "rejected: a text, a turn or a list of turns; got an empty one");
        refused("{'chosen':[{'role':'user','content':'a'},{'role':'assistant','content':'4'}],'rejected':[{'role':'user','content':'b'},{'role':'assistant','content':'5'}]}",
                "prompt: at least one message before the answers; got none");
        refused("{'chosen':[{'role':'user','content':'a'},{'role':'assistant','content':'4'}],'rejected':[{'role':'user','content':'a'}]}",
                "rejected: a turn of the assistant after what both have in common; got nothing");
    }

    private void refused(String row, String reason) throws Exception {
        Quarantine.Listed bad = Quarantine.list();
        assertEquals(List.of(), read(row, bad), row);
        assertEquals(reason, bad.rows().getFirst().reason());
    }

    private List<Example> read(String row, Quarantine quarantine) throws Exception {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), row.replace('\'', '"') + "\n");
        try (RowStream<Example> rows = ExampleSource.File.of(file).open(quarantine, 0)) {
            return rows.toList();
        }
    }
}
