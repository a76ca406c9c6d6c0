/// What a training run is told: every choice a record or a sealed family, every default stated where it is declared.
///
/// Begin with [TrainConfig]; its parts are here. Adding a way to start a student, to end a run
/// or to shape the learning rate is one record in its family; the compiler then names each `switch` that has to know
/// it.
package dev.socratic.trainer.config;
