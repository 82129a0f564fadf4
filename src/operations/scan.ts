import posix from 'node:path/posix'
import { decodeBytes } from '../core/scan/decode-bytes.ts'
import type { Finding } from '../core/scan/finding.ts'
import { scanFile } from '../core/scan/scan-file.ts'
import type { FileVersions } from './ports.ts'

/** A finding with the commit that brought it; null for the index. */
export type FoundIn = Finding & Readonly<{ commit: string | null }>

/**
 * Scans every version of every file. YAML below `directory`, and beside a SealedSecret, must be readable:
 * what cannot be read there cannot be passed.
 */
export const scanVersions = async (
  { sealedPaths, versions }: FileVersions,
  { directory }: Readonly<{ directory: string | null }>,
): Promise<Readonly<{ found: readonly FoundIn[]; scanned: number }>> => {
  const sealedDirectories = new Set(sealedPaths.map(path => posix.dirname(path)))
  const isWatched = (path: string): boolean =>
    (directory !== null && path.startsWith(`${directory}/`)) ||
    sealedDirectories.has(posix.dirname(path))
  const found: FoundIn[] = []
  let scanned = 0
  for await (const { commit, path, bytes } of versions) {
    scanned += bytes === null ? 0 : 1
    const findings: readonly Finding[] =
      bytes === null
        ? [{ path, line: 1, code: 'NOT_SCANNED' }]
        : scanFile({ path, text: decodeBytes(bytes), isWatched: isWatched(path) })
    for (const finding of findings) found.push({ commit, ...finding })
  }
  return { found, scanned }
}
