package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Holds back the first rows for formats that must say at the beginning which columns there are; then opens the real
/// sink and passes all on.
final class FirstRows implements PendingRows.Sink {
    /// How many rows decide about the columns.
    static final int COUNT = 1_000;

    /// Makes the sink once the columns can be known.
    interface Opener {
        PendingRows.Sink open(List<ObjectNode> first) throws IOException;
    }

    private final Opener opener;
    private final List<ObjectNode> held = new ArrayList<>();
    private final List<PendingRows.Sink> opened = new ArrayList<>(1);

    FirstRows(Opener opener) {
        this.opener = opener;
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        if (opened.isEmpty()) {
            held.add(row);
            if (held.size() == COUNT) {
                open();
            }
        } else {
            opened.getFirst().write(row);
        }
    }

    private void open() throws IOException {
        opened.add(opener.open(held));
        for (ObjectNode row : held) {
            opened.getFirst().write(row);
        }
        held.clear();
    }

    @Override
    public void finish() throws IOException {
        if (opened.isEmpty()) {
            open();
        }
        opened.getFirst().finish();
    }

    @Override
    public void abandon() throws IOException {
        if (!opened.isEmpty()) {
            opened.getFirst().abandon();
        }
    }
}
