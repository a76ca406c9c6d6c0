package dev.socratic.datasets.dialogue;

/// What one side of a tutoring dialogue said.
///
/// @param speaker who
/// @param text    what
public record DialogueTurn(Speaker speaker, String text) {
    /// Who speaks.
    public enum Speaker { TUTOR, STUDENT }

    public static DialogueTurn tutor(String text) {
        return new DialogueTurn(Speaker.TUTOR, text);
    }

    public static DialogueTurn student(String text) {
        return new DialogueTurn(Speaker.STUDENT, text);
    }

    public boolean isTutor() {
        return speaker == Speaker.TUTOR;
    }
}
