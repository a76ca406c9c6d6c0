/// Makes the calls of programs once more, elsewhere: on libtorch's device `meta`, which computes nothing and so shows
/// what would not run on a GPU ([dev.socratic.models.rehearsal.OnMeta]), and on the processor in float32 beside what
/// another device or number type gives ([dev.socratic.models.rehearsal.Beside]).
///
/// Begin with [dev.socratic.models.rehearsal.Exercise]; those of this module are in
/// [dev.socratic.models.rehearsal.Exercises]. Who adds a function to a program text adds work that calls it there;
/// `ProgramLaws` names what no exercise reaches.
package dev.socratic.models.rehearsal;
