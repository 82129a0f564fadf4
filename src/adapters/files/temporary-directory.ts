import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of our own among the temporary ones; `remove` takes it away with all that is in it. */
export type TemporaryDirectory = Readonly<{ directory: string; remove: () => void }>

/** Makes a directory whose name begins with `prefix`. Throws the system's error where there is no room for it. */
export const temporaryDirectory = (prefix: string): TemporaryDirectory => {
  const directory = mkdtempSync(join(tmpdir(), prefix))
  return {
    directory,
    remove: () => {
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
