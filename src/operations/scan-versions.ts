import posix from 'node:path/posix'
import { decodeBytes } from '../core/scan/decode-bytes.ts'
import { isLeak, type ScanFinding } from '../core/scan/scan-finding.ts'
import { scanFile, yamlName } from '../core/scan/scan-file.ts'
import type { FileVersions } from './ports/repository.ts'

/** A finding with the commit that brought it; null for the index. */
export type FoundIn = ScanFinding & Readonly<{ commit: string | null }>

/**
 * Scans every version of every file. A credential that was there before, and that no version of the file
 * has any more, is in the history still: it is told of and fails nothing, for nobody can take it back. YAML below `directory`, and beside a SealedSecret, must be readable:
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
  const removed: FoundIn[] = []
  let scanned = 0
  for await (const { commit, path, bytes, isRemoved = false } of versions) {
    scanned += bytes === null || isRemoved ? 0 : 1
    const findings: readonly ScanFinding[] =
      bytes === null
        ? [tooLarge(path, isWatched(path))]
        : scanFile({ path, text: decodeBytes(bytes), isWatched: isWatched(path) })
    const into = isRemoved ? removed : found
    for (const finding of findings) into.push({ commit, ...finding })
  }
  return { found: [...found, ...credentialsAmong(removed, found)], scanned }
}

const tooLarge = (path: string, isWatched: boolean): ScanFinding => ({
  path,
  line: 1,
  code: isWatched && yamlName.test(path) ? 'YAML_UNREADABLE' : 'NOT_SCANNED',
})

const credentialsAmong = (
  removed: readonly FoundIn[],
  found: readonly FoundIn[],
): readonly FoundIn[] => {
  const kept = new Set(found.map(({ path, code }) => `${code} ${path}`))
  const gone = removed.filter(
    finding =>
      finding.code !== 'YAML_UNREADABLE' &&
      isLeak(finding, { failOnKnownSecrets: false }) &&
      !kept.has(`${finding.code} ${finding.path}`),
  )
  const told = gone.map(finding => ({ ...finding, code: 'REMOVED_CREDENTIAL' as const }))
  return [
    ...new Map(told.map(one => [`${one.commit ?? ''} ${one.line} ${one.path}`, one])).values(),
  ]
}
