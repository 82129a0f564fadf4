import { realpathSync } from 'node:fs'
import { joinRenders } from '../../core/shard/join-renders.ts'
import type { ReadUnit } from '../../core/shard/plan-shards.ts'
import { refuseVersion } from '../../core/shard/refuse-version.ts'
import { shardKey } from '../../core/shard/shard-files.ts'
import { messageOf } from '../../errors.ts'
import { once } from '../../once.ts'
import type { Kustomize } from '../../operations/ports/kustomize.ts'
import { buildShard } from './build-shard.ts'
import type { Turns } from './create-turns.ts'
import type { RenderCache } from './open-render-cache.ts'

/** The joined output of the shards, or the reason to build the tree as a whole. */
export type Made = Readonly<{ render: string }> | Readonly<{ reason: string }>

/** Builds all shards of a directory; `spent` says how many seconds of the time limit are gone. Throws nothing. */
export type MakeShards = (
  shards: readonly (readonly ReadUnit[])[],
  place: Readonly<{
    directory: string
    path: string
    hasGenerators: boolean
    spent: () => number
  }>,
) => Promise<Made>

/** The means to build shards; `renderer` names the program and its flags. */
export type Makers = Readonly<{ turns: Turns; cache: RenderCache | null; renderer: () => string }>

/** Shards that are kept in memory: before and after an edit share all but one. */
const mostKept = 64

/** Creates a maker of shards, which builds each once. */
export const createShardMaker = (
  kustomize: Kustomize,
  { turns, cache, renderer }: Makers,
): MakeShards => {
  const kept = new Map<string, Promise<string>>()
  return async (shards, { directory, path, hasGenerators, spent }) => {
    let isStopped = false
    const objects = shards.flat().reduce((sum, unit) => sum + unit.objects, 0)
    const render = async (units: readonly ReadUnit[], top: string): Promise<string> => {
      const end = await turns.take()
      try {
        if (isStopped) throw new Error('another shard failed')
        return await buildShard(kustomize, units, { top, objects, spent: spent() })
      } finally {
        end()
      }
    }
    try {
      const top = topOf(realpathSync(directory), path)
      const asked = kustomize.version()
      // A name of what is kept must hold the version; else it is asked while the shards are built.
      const name = cache === null ? '' : `${renderer()} ${await asked}`
      const made = shards.map(units => {
        const key = shardKey(units, name)
        return once(
          kept,
          key,
          async () => {
            const known = cache?.read(key) ?? null
            if (known !== null) return known
            const text = await render(units, top)
            cache?.write(key, text)
            return text
          },
          mostKept,
        ).catch((error: unknown) => {
          isStopped = true
          throw error
        })
      })
      const [version, ...renders] = await allOf([asked, ...made])
      const refusal = refuseVersion(version ?? '')
      return refusal === null ? joined(renders, hasGenerators) : { reason: refusal }
    } catch (error) {
      return { reason: `a shard could not be built: ${messageOf(error)}` }
    }
  }
}

const joined = (renders: readonly string[], hasGenerators: boolean): Made => {
  const { render, reason } = joinRenders(renders, { hasGenerators })
  return render === null ? { reason } : { render }
}

/** Waits for all, also where one fails: what is being built uses the files of the tree. */
const allOf = async (promises: readonly Promise<string>[]): Promise<readonly string[]> => {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

/** The real path of the repository that a directory lies in at a path. Throws where it lies elsewhere. */
const topOf = (real: string, path: string): string => {
  if (path === '.') return real
  if (real.endsWith(`/${path}`)) return real.slice(0, -path.length - 1)
  throw new Error('the directory lies behind a symbolic link')
}
