/// What a strategy says and hears: a [dev.socratic.generator.step.Scene] (a question and what happened so far) goes in,
/// a [dev.socratic.generator.step.Move] comes out, which asks ([dev.socratic.generator.step.Query]) or is done with
/// results ([dev.socratic.generator.step.Result]). All of it is data; nobody is asked here.
package dev.socratic.generator.step;
