import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'

type Options = Readonly<{
  /** The file's mode, whatever the process's mask; default: that of the file which is there, as far as the mask lets it. */
  mode?: number
  /** Where it is written at first, on the same file system; default: a name of its own beside the file. */
  aside?: string
  /** True if it must outlast a crash of the machine from the moment on that it is there. */
  isDurable?: boolean
  /** `create` leaves a file that is there already, and makes one of several that try at once succeed. */
  to?: 'replace' | 'create'
}>

/**
 * Writes a file whole or not at all: aside, then in its place by a rename or a link. Returns false where it is to
 * be created and is there already. Throws the system's error; then nothing is left aside.
 */
export const writeWhole = (
  file: string,
  content: string | Uint8Array,
  { mode, aside, isDurable = false, to = 'replace' }: Options = {},
): boolean => {
  const beside = aside ?? `${file}.${randomUUID()}.new`
  const given = mode ?? statSync(file, { throwIfNoEntry: false })?.mode
  const descriptor = openSync(beside, 'wx', given)
  try {
    fill(descriptor, { content, mode, isDurable })
    if (to === 'replace') renameSync(beside, file)
    else linkSync(beside, file)
    return true
  } catch (error) {
    if (to === 'create' && isThere(error)) return false
    throw error
  } finally {
    rmSync(beside, { force: true })
  }
}

const fill = (
  descriptor: number,
  {
    content,
    mode,
    isDurable,
  }: Readonly<{ content: string | Uint8Array; mode: number | undefined; isDurable: boolean }>,
): void => {
  try {
    if (mode !== undefined) fchmodSync(descriptor, mode)
    writeFileSync(descriptor, content)
    if (isDurable) fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST'
