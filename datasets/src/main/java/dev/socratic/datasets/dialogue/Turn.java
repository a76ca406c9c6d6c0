package dev.socratic.datasets.dialogue;

/// What one side of a tutoring dialogue said.
///
/// @param speaker who
/// @param text    what
public record Turn(Speaker speaker, String text) {
    /// Who speaks.
    public enum Speaker { TUTOR, STUDENT }

    public static Turn tutor(String text) {
        return new Turn(Speaker.TUTOR, text);
    }

    public static Turn student(String text) {
        return new Turn(Speaker.STUDENT, text);
    }

    public boolean isTutor() {
        return speaker == Speaker.TUTOR;
    }
}
