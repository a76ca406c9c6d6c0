/// What a model folder holds, and what is wrong with it, without running the model.
///
/// Begin with [dev.socratic.models.inspect.Inspection]. Facts come from the headers alone; the checks read every
/// number once. Each check is a class of its own that returns [dev.socratic.models.inspect.Defect]s; to add one,
/// write the class and name it in `Inspection.check`. Checks do not depend on whether this version can run the
/// family: what they expect follows from `config.json` and from what the layers have in common.
package dev.socratic.models.inspect;
