/// What Python does where files of the field say what they want in its words.
///
/// Begin with [dev.socratic.core.python.PythonPattern], a regular expression of Python's `re`;
/// [dev.socratic.core.python.PythonRandom] draws what `random.Random(seed)` draws,
/// [dev.socratic.core.python.PythonLiteral] reads what `ast.literal_eval` reads.
package dev.socratic.core.python;
