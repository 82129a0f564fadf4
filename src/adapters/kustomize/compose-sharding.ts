import { realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { InputError } from '../../errors.ts'
import type { Kustomize } from '../../operations/ports/kustomize.ts'
import { createTurns, turnsWithin, type TakeMore } from './create-turns.ts'
import { findKustomize, type KustomizePlaces } from './kustomize-cli.ts'
import { openRenderCache } from './open-render-cache.ts'
import { renderModes, shardedKustomize, type RenderMode } from './sharded-kustomize.ts'

/** The settings for shards by the operator or a command; empty texts count as not set. */
export type ShardSettings = Readonly<{
  places: KustomizePlaces
  mode: string | undefined
  takeMore: TakeMore | undefined
  /** The directory of the cache; none where it is not named. */
  cacheAt: string | undefined
  /** Mebibytes. */
  cacheSize: string | undefined
}>

const mebibyte = 2 ** 20
const usualSize = 256

/**
 * Makes a kustomize that renders as it was asked to: in shards, unless something else is said. Throws InputError
 * ARGUMENT_INVALID for settings that mean nothing, and FILE_UNREADABLE where the directory of the cache is not there.
 */
export const composeSharding = (
  plain: Kustomize,
  { places, mode, takeMore, cacheAt, cacheSize }: ShardSettings,
): Kustomize => {
  const size = sizeOf(cacheSize)
  if (cacheAt !== undefined && !statSync(cacheAt, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(
      'FILE_UNREADABLE',
      `looking for the cache of renders: SOWER_RENDER_CACHE is ${cacheAt}, which is not a directory`,
      { fix: 'name a directory that is there, or unset the variable' },
    )
  return shardedKustomize(plain, {
    mode: modeOf(mode),
    turns: createTurns(takeMore ?? turnsWithin(availableParallelism() - 1)),
    cache: cacheAt === undefined ? null : openRenderCache(cacheAt, { most: size * mebibyte }),
    renderer: () => programAt(findKustomize(places).file),
  })
}

const modeOf = (given: string | undefined): RenderMode => {
  const mode = given ? renderModes.find(known => known === given) : 'shards'
  if (mode !== undefined) return mode
  throw new InputError(
    'ARGUMENT_INVALID',
    `reading how to render: there is no mode ${given ?? ''}`,
    {
      fix: `say one of ${renderModes.join(', ')}`,
    },
  )
}

const sizeOf = (given: string | undefined): number => {
  if (!given) return usualSize
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given)
  throw new InputError(
    'ARGUMENT_INVALID',
    'reading SOWER_RENDER_CACHE_MIB: it is not a whole number above 0',
    { fix: `write a number such as ${usualSize}` },
  )
}

/** Another program of the same name has another size, place or time. */
const programAt = (file: string): string => {
  const real = realpathSync(file)
  const { size, ino, mtimeMs, ctimeMs } = statSync(real)
  return [real, size, ino, mtimeMs, ctimeMs].join(' ')
}
