/**
 * The value of `const NAME = 64u;` in a shader. A number that a shader and its twin share is written in the shader alone:
 * the twin reads it from there, so that its grid always fits the threads that run.
 */
export function shaderConstant(wgsl: string, name: string): number {
  const declarations = [...wgsl.matchAll(new RegExp(`^const ${name} = (\\d+)u;`, "gm"))];
  if (declarations.length !== 1)
    throw new Error(`A shader must declare the constant ${name} once, not ${declarations.length} times.`);
  return Number(declarations[0]![1]);
}
