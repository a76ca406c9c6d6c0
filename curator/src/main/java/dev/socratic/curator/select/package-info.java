/// Which of the good answers to a question a student sees. Begin with [dev.socratic.curator.select.SelectStep].
package dev.socratic.curator.select;
