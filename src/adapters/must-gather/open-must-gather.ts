import type { Query } from '../../core/preflight/query.ts'
import type { Cluster } from '../../operations/ports/cluster.ts'
import { isDirectory } from '../files/is-directory.ts'
import { filesInArchive } from './files-in-archive.ts'
import { filesInDirectory } from './files-in-directory.ts'
import { unreadable } from './limits.ts'
import { mustGatherReader } from './must-gather-reader.ts'

/** A must-gather that a person named, and what will be asked of it. */
export type Named = Readonly<{ path: string; shown: string; queries: readonly Query[] }>

/**
 * Opens a must-gather: the directory that `oc adm must-gather` wrote, or a `.tar`, `.tar.gz` or `.tgz` of it. Throws
 * InputError MUST_GATHER_UNREADABLE where nothing that was gathered is in it, and for a hostile archive.
 */
export const openMustGather = async ({
  path,
  shown,
  queries,
}: Named): Promise<Pick<Cluster, 'read' | 'list' | 'summary'>> => {
  const isWanted = wanted(queries)
  const files = isDirectory(path)
    ? filesInDirectory(path)
    : await filesInArchive(path, { shown, isWanted })
  const reader = mustGatherReader(files, queries)
  if (reader.isEmpty)
    throw unreadable(shown, 'there is neither namespaces nor cluster-scoped-resources in it')
  return reader
}

/** Gives a test for paths: true for that of an object, or of a list of objects, that is asked for. */
const wanted = (queries: readonly Query[]): ((path: string) => boolean) => {
  const kinds = new Set(queries.map(({ group, resource }) => `${group || 'core'}/${resource}`))
  return path => {
    const found =
      /(?:^|\/)(?:cluster-scoped-resources|namespaces\/[^/]+)\/([^/]+)\/([^/.]+)(?:\/[^/]+)?\.(?:ya?ml|json)(?:\.gz)?$/.exec(
        path,
      )
    return found !== null && kinds.has(`${found[1] ?? ''}/${found[2] ?? ''}`)
  }
}
