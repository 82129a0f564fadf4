import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { temporaryDirectory } from './run-sower.ts'

/** A directory with files, outside of any repository; those that begin with `#!` may be executed. */
export const directoryWith = (
  t: Pick<Test, 'teardown'>,
  files: Readonly<Record<string, string | Uint8Array>>,
): string => {
  const directory = temporaryDirectory(t)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
    if (typeof content === 'string' && content.startsWith('#!'))
      chmodSync(join(directory, path), 0o755)
  }
  return directory
}
