package dev.socratic.cli.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes an answer apart as it grows: what is thought, what is said, what is called. Nothing is lost: what turns out to
/// be no call is said as it was written. Blanks around thoughts and calls belong to neither.
final class AnswerParser {
    /// A part of an answer.
    sealed interface Part {
        record Thought(String text) implements Part {}

        record Said(String text) implements Part {}

        record Called(ToolFormat.Call call) implements Part {}
    }

    private enum State { BEGIN, THINKING, READY, SAYING, CALLING, WHOLE }

    private final AnswerForm form;
    private final StringBuilder text = new StringBuilder();
    private List<Part> parts = new ArrayList<>();
    private State state;
    private boolean ended;
    /// Whether blanks that come next belong to nothing.
    private boolean skips;

    AnswerParser(AnswerForm form) {
        this.form = form;
        this.state = form.calling() ? form.tools().equals(Optional.of(ToolFormat.TAGGED)) ? State.CALLING : State.WHOLE
                : form.thinking() ? State.THINKING : State.BEGIN;
        this.skips = form.thinking();
    }

    /// @return what is certain now
    List<Part> add(String piece) {
        text.append(piece);
        return read();
    }

    /// @return the rest
    List<Part> end() {
        ended = true;
        return read();
    }

    private List<Part> read() {
        parts = new ArrayList<>();
        while (step()) {
            continue;
        }
        return parts;
    }

    /// @return whether it may go on without more text
    private boolean step() {
        if (skips) {
            int blanks = 0;
            while (blanks < text.length() && Character.isWhitespace(text.charAt(blanks))) {
                blanks++;
            }
            text.delete(0, blanks);
            skips = text.isEmpty();
        }
        return switch (state) {
            case BEGIN -> begin();
            case THINKING -> thinking();
            case READY -> ready();
            case SAYING -> saying();
            case CALLING -> calling();
            case WHOLE -> whole();
        };
    }

    private boolean begin() {
        String start = text.toString().stripLeading();
        if (form.thinks() && start.startsWith(AnswerForm.THINK)) {
            text.delete(0, text.indexOf(AnswerForm.THINK) + AnswerForm.THINK.length());
            state = State.THINKING;
            skips = true;
            return true;
        }
        if (form.thinks() && AnswerForm.THINK.startsWith(start) && !ended) {
            return false;
        }
        state = State.READY;
        return true;
    }

    private boolean thinking() {
        int end = text.indexOf(AnswerForm.THOUGHT);
        if (end >= 0) {
            thought(text.substring(0, end).stripTrailing());
            text.delete(0, end + AnswerForm.THOUGHT.length());
            state = State.READY;
            skips = true;
            return true;
        }
        String certain = ended ? text.toString() : text.substring(0, certain(AnswerForm.THOUGHT));
        thought(certain);
        text.delete(0, certain.length());
        return false;
    }

    /// What is said begins here, or the answer is nothing but calls.
    private boolean ready() {
        if (text.isEmpty()) {
            return false;
        }
        String start = text.toString();
        Optional<ToolFormat> tools = form.tools();
        if (tools.filter(format -> format.begins(start)).isPresent()) {
            state = State.WHOLE;
            return true;
        }
        if (!ended && tools.filter(format -> format.mayBegin(start)).isPresent()) {
            return false;
        }
        state = State.SAYING;
        return true;
    }

    private boolean saying() {
        if (form.tools().filter(ToolFormat.TAGGED::equals).isEmpty()) {
            said(text.toString());
            text.setLength(0);
            return false;
        }
        int call = text.indexOf(ToolFormat.OPEN);
        if (call >= 0) {
            said(text.substring(0, call).stripTrailing());
            text.delete(0, call + ToolFormat.OPEN.length());
            state = State.CALLING;
            return true;
        }
        String certain = ended ? text.toString() : text.substring(0, certain(ToolFormat.OPEN));
        said(certain);
        text.delete(0, certain.length());
        return false;
    }

    private boolean calling() {
        int end = text.indexOf(ToolFormat.CLOSE);
        if (end < 0 && !ended) {
            return false;
        }
        String body = end < 0 ? text.toString() : text.substring(0, end);
        List<ToolFormat.Call> calls = ToolFormat.TAGGED.calls(body);
        if (calls.isEmpty()) {
            said(ToolFormat.OPEN + body + (end < 0 ? "" : ToolFormat.CLOSE));
        }
        calls.forEach(call -> parts.add(new Part.Called(call)));
        text.delete(0, end < 0 ? text.length() : end + ToolFormat.CLOSE.length());
        skips = !calls.isEmpty();
        state = State.SAYING;
        return !text.isEmpty();
    }

    private boolean whole() {
        if (ended && !text.isEmpty()) {
            List<ToolFormat.Call> calls = form.tools().orElseThrow().calls(text.toString());
            calls.forEach(call -> parts.add(new Part.Called(call)));
            if (calls.isEmpty()) {
                said(text.toString());
            }
            text.setLength(0);
        }
        return false;
    }

    private void thought(String words) {
        if (!words.isEmpty()) {
            parts.add(new Part.Thought(words));
        }
    }

    private void said(String words) {
        if (!words.isEmpty()) {
            parts.add(new Part.Said(words));
        }
    }

    /// @return up to where the text is no beginning of the mark, nor blanks that may stand before it
    private int certain(String mark) {
        int at = text.length();
        for (int length = Math.min(mark.length() - 1, text.length()); length > 0; length--) {
            if (mark.startsWith(text.substring(text.length() - length))) {
                at = text.length() - length;
                break;
            }
        }
        while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }
}
