/// The template language of the project: the part of Jinja that chat templates and prompts are written in, read and
/// run by ourselves.
///
/// Begin with [dev.socratic.core.template.Template]: source to `Lexer` to `StatementParser` and `ExpressionParser` to
/// a tree of records (`Stmt`, `Expr`) to `Renderer` and `Evaluator`. The behaviour is that of Python's jinja2 3.1 as
/// `transformers` sets it up: immutable sandbox, `trim_blocks`, `lstrip_blocks`, loop controls, `tojson` without HTML
/// escapes. What differs between the kinds of templates is a [dev.socratic.core.template.TemplateOptions]: marked
/// blocks, strict undefined values, limits. Functions come with the context
/// ([dev.socratic.core.template.TemplateFunction]): those of chat templates are in `models.text`. Not there, and
/// refused by name when a template is read: inheritance, include, import, `do`, translation, autoescape.
///
/// Values are plain Java objects: `String`, `Long`, `Double`, `Boolean`, `List`, `Map` and the few types of `Values`;
/// `Values.NONE` is Python's None. Attributes are looked up in those types by name, never by reflection, so a
/// template reaches its context and nothing else. To add a filter, a test or a method, add a case to `Filters`,
/// `Tests` or `StringMethods` and a line to the golden cases.
package dev.socratic.core.template;
