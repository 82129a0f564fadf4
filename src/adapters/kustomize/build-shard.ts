import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { shardFiles } from '../../core/shard/shard-files.ts'
import type { ReadUnit } from '../../core/shard/plan-shards.ts'
import type { Kustomize } from '../../operations/ports/kustomize.ts'

/**
 * Has kustomize build one shard in a directory of its own. `top` is the real path of the
 * repository, and `objects` counts all of the tree. Throws an
 * error where a path could mean something else than itself, and what the build throws.
 */
export const buildShard = async (
  kustomize: Kustomize,
  units: readonly ReadUnit[],
  { top, spent, objects }: Readonly<{ top: string; spent: number; objects: number }>,
): Promise<string> => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'sower-shard-')))
  try {
    const way = (path: string): string => {
      const written = relative(directory, join(top, path))
      if (/^[\w./+~-]+$/.test(written)) return written
      throw new Error('the path of the repository has characters that kustomize may read otherwise')
    }
    for (const [name, text] of shardFiles(units, way)) writeFileSync(join(directory, name), text)
    const part = units.reduce((sum, unit) => sum + unit.objects, 0)
    return await kustomize.build(directory, { objects, part, spent })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
