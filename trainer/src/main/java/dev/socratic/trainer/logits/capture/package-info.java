/// Writing a store of logits: [LogitCapture] is the stage, [TeacherSource] who is asked (weights here, or whoever
/// serves them), [Fidelity] says what an encoding loses.
package dev.socratic.trainer.logits.capture;
