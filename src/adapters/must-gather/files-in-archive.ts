import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SowerError } from '../../errors.ts'
import type { GatheredFiles } from './gathered-files.ts'
import { unreadable } from './limits.ts'
import { readTar } from './read-tar.ts'

/**
 * The files of a `.tar`, `.tar.gz` or `.tgz`, streamed once: only what `isWanted` is kept, and nothing is written. Throws
 * InputError MUST_GATHER_UNREADABLE.
 */
export const filesInArchive = async (
  file: string,
  { shown, isWanted }: Readonly<{ shown: string; isWanted: (path: string) => boolean }>,
): Promise<GatheredFiles> => {
  const raw = createReadStream(file)
  const source = /\.t?gz$/.test(file) ? pipeline(raw, createGunzip(), () => undefined) : raw
  try {
    const files = await readTar(source, isWanted)
    const directories = new Map<string, Set<string>>()
    for (const path of files.keys())
      for (let at = path; at !== '.'; at = posix.dirname(at)) {
        const parent = posix.dirname(at)
        directories.set(parent, (directories.get(parent) ?? new Set()).add(posix.basename(at)))
      }
    return {
      list: directory => [...(directories.get(directory) ?? [])].sort(),
      read: path => files.get(path),
    }
  } catch (error) {
    if (error instanceof SowerError) throw error
    throw unreadable(shown, 'it cannot be unpacked')
  } finally {
    raw.destroy()
  }
}
