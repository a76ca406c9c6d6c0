/// What `doctor` finds out about a machine. Begin with [dev.socratic.cli.doctor.SelfTest]: every program against the
/// processor, speeds, a training, an answer.
package dev.socratic.cli.doctor;
