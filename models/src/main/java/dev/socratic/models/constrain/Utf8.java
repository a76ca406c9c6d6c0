package dev.socratic.models.constrain;

import java.nio.charset.StandardCharsets;

/// Characters as bytes of UTF-8 between two nodes of a grammar.
///
/// A range of code points is cut where its encodings change length and where all but the last bytes stop being whole
/// ranges, so that each piece is a range of bytes at every place. Source: `utf8-ranges` of Rust's `regex`, after Ken
/// Thompson's construction.
final class Utf8 {
    private static final int[] LENGTH_ENDS = {0x7F, 0x7FF, 0xFFFF, CodePoints.LAST};
    private static final int BITS = 6;

    private Utf8() {}

    /// Leads from one node to another by any one character of a set.
    static void add(Node from, CodePoints set, Node to) {
        set.ranges().forEach(range -> add(from, range[0], range[1], to));
    }

    /// Leads from one node to another by a text.
    static void add(Node from, String text, Node to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Node at = from;
        for (int i = 0; i < bytes.length; i++) {
            Node next = i == bytes.length - 1 ? to : new Node();
            at.bytes(bytes[i] & 0xFF, bytes[i] & 0xFF, next);
            at = next;
        }
        if (bytes.length == 0) {
            from.empty(to);
        }
    }

    private static void add(Node from, int low, int high, Node to) {
        for (int end : LENGTH_ENDS) {
            if (low <= end && high > end) {
                add(from, low, end, to);
                add(from, end + 1, high, to);
                return;
            }
        }
        for (int shift = BITS; shift < 4 * BITS && high > 0x7F; shift += BITS) {
            int mask = (1 << shift) - 1;
            if ((low & ~mask) != (high & ~mask)) {
                if ((low & mask) != 0) {
                    add(from, low, low | mask, to);
                    add(from, (low | mask) + 1, high, to);
                    return;
                }
                if ((high & mask) != mask) {
                    add(from, low, (high & ~mask) - 1, to);
                    add(from, high & ~mask, high, to);
                    return;
                }
            }
        }
        byte[] first = Character.toString(low).getBytes(StandardCharsets.UTF_8);
        byte[] last = Character.toString(high).getBytes(StandardCharsets.UTF_8);
        Node at = from;
        for (int i = 0; i < first.length; i++) {
            Node next = i == first.length - 1 ? to : new Node();
            at.bytes(first[i] & 0xFF, last[i] & 0xFF, next);
            at = next;
        }
    }
}
