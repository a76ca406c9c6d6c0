/// What published filters ask of a text, as data: each file of the resources `quality` names a source, its measures and
/// its limits.
///
/// Begin with [dev.socratic.curator.quality.Measure], then [dev.socratic.curator.quality.QualityRules].
package dev.socratic.curator.quality;
