package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What reviewers are asked for, given wrongly: said before anything is opened.
class ReviewOptionsTest {
    @TempDir
    Path folder;

    private Shell.Result run(String... more) {
        Shell shell = new Shell(folder, Map.of()).file("rows.jsonl", "{\"question\": \"2+3?\", \"answer\": \"5\"}\n");
        String[] all = new String[more.length + 2];
        all[0] = "review";
        all[1] = "{}/rows.jsonl";
        System.arraycopy(more, 0, all, 2, more.length);
        return shell.run(all);
    }

    @Test
    void aLabelIsNamedOnce() {
        Shell.Result result = run("--label", "wrong", "--label", "wrong");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("--label: names that differ, none of them blank; got "
                + "'wrong', 'wrong'; write each label once, as in --label wrong --label unclear"), result.err());
    }

    @Test
    void guidelinesAreAFile() {
        Shell.Result result = run("--guidelines", "{}/none.md");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("--guidelines: a file of Markdown in UTF-8"), result.err());
        assertTrue(result.err().contains("got '{}/none.md', which cannot be read (NoSuchFileException); "
                + "name a file, or leave it out"), result.err());
    }
}
