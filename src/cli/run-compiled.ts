import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'

/**
 * Runs a script whose value is a function of `require` and `__dirname`. V8 takes the code that it made at the build from
 * `<file>.cache`; where another V8 made it, or there is none, it compiles the script again.
 */
export const runCompiled = (file: string): void => {
  const cachedData = compiled(`${file}.cache`)
  const script = new Script(readFileSync(file, 'utf8'), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  const program: unknown = script.runInThisContext()
  if (typeof program !== 'function') throw new TypeError(`${file} holds no program`)
  Reflect.apply(program, undefined, [createRequire(file), dirname(file)])
}

const compiled = (file: string): Uint8Array | undefined => {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}
