/// Who is asked: what a config says of a teacher.
///
/// Begin with [dev.socratic.generator.teacher.TeacherConfig]: local weights or an endpoint. How an endpoint differs
/// from OpenAI's own is data too: its address and headers, where `${NAME}` stands for an environment variable, and
/// the shape of its requests. Who talks to it is [dev.socratic.generator.endpoint].
package dev.socratic.generator.teacher;
