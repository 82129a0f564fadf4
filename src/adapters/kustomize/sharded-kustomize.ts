import { planShards } from '../../core/shard/plan-shards.ts'
import { FailedError, messageOf } from '../../errors.ts'
import type { Kustomize, ToBuild } from '../../operations/ports/kustomize.ts'
import { createShardMaker, type Made, type Makers } from './make-shards.ts'

/** How a render is made: as a whole, in shards where that is certain, or both ways, compared. */
export const renderModes = ['plain', 'shards', 'verify'] as const
export type RenderMode = (typeof renderModes)[number]

export type Sharding = Makers &
  Readonly<{
    mode: RenderMode
    /** For tests: how a tree is cut. */
    plan?: typeof planShards
  }>

/**
 * Makes a kustomize that builds large trees in shards. Output and errors are those of one build: wherever a shard
 * fails, or it is not certain that the shards give the same bytes, the tree is built as a whole. Throws what the build
 * throws, and FailedError RENDER_DIFFERS where `verify` finds a difference.
 */
export const shardedKustomize = (plain: Kustomize, sharding: Sharding): Kustomize => {
  const { mode, plan = planShards } = sharding
  const makeAll = createShardMaker(plain, sharding)
  const build = async (directory: string, about: ToBuild = {}): Promise<string> => {
    const start = performance.now()
    const { tree, path, spent: gone = 0, told } = about
    const spent = (): number => gone + (performance.now() - start) / 1000
    const whole = (): Promise<string> => plain.build(directory, { ...about, spent: spent() })
    const inShards = async (): Promise<Made & Readonly<{ shards?: number }>> => {
      if (mode === 'plain') return { reason: 'plain renders are asked for' }
      if (about.isProof === true && mode !== 'verify') return { reason: 'a proof is made so' }
      if (tree === undefined || path === undefined) return { reason: 'its repository is not known' }
      const planned = plan(tree, path)
      if (planned.shards === null) return { reason: planned.reason }
      const { shards, hasGenerators } = planned
      const made = await makeAll(shards, { directory, path, hasGenerators, spent })
      return { ...made, shards: shards.length }
    }
    const made = await inShards().catch((error: unknown) => ({ reason: messageOf(error) }))
    if ('reason' in made) {
      told?.({ shards: null, reason: made.reason })
      return whole()
    }
    told?.({ shards: made.shards ?? 0, reason: null })
    if (mode === 'verify' && (await whole()) !== made.render) throw differs(path ?? directory)
    return made.render
  }
  return { ...plain, build }
}

const differs = (path: string): FailedError =>
  new FailedError(
    'RENDER_DIFFERS',
    `rendering ${path}: its shards give other bytes than one build`,
    {
      fix: 'render with `--render plain`, and report it with the files that it happens with',
    },
  )
