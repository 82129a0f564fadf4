import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { linkedTree } from '../../src/adapters/files/directory-tree.ts'
import { createTurns, turnsWithin } from '../../src/adapters/kustomize/create-turns.ts'
import { kustomizeCli } from '../../src/adapters/kustomize/kustomize-cli.ts'
import { shardedKustomize } from '../../src/adapters/kustomize/sharded-kustomize.ts'
import { repositoryView } from '../../src/core/kustomization/repository-view.ts'
import { planShards } from '../../src/core/shard/plan-shards.ts'
import { SowerError } from '../../src/errors.ts'
import type { RenderWay } from '../../src/operations/ports/kustomize.ts'
import type { ShardTree } from './shard-trees.ts'

/**
 * Compares the render of a tree in very small shards with that of one build by a real kustomize. Gives null where
 * bytes, or code and message of the failure, are the same, else both; `told` hears how it was made.
 */
export const shardDifference = (
  configured: string,
  told: (way: RenderWay) => void,
): ((files: ShardTree) => Promise<string | null>) => {
  const places = { configured, path: process.env['PATH'] ?? '', fallback: '' }
  const plain = kustomizeCli(places, { timeLimit: 600 })
  const sharded = shardedKustomize(plain, {
    mode: 'shards',
    turns: createTurns(turnsWithin(1)),
    cache: null,
    renderer: () => configured,
    plan: (view, root) =>
      planShards(view, root, { fewest: 0, size: { least: 1, rarely: 2, most: 9 } }),
  })
  return async files => {
    const directory = mkdtempSync(join(tmpdir(), 'sower-shards-'))
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true })
        writeFileSync(join(directory, path), text)
      }
      const root = join(directory, 'r')
      const tree = repositoryView(linkedTree(directory))
      const [expected, found] = await Promise.all([
        outcomeOf(plain.build(root, { path: 'r' })),
        outcomeOf(sharded.build(root, { path: 'r', tree, told })),
      ])
      return expected === found ? null : `one build: ${expected}\nin shards: ${found}`
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
}

const outcomeOf = async (render: Promise<string>): Promise<string> => {
  try {
    return `rendered:\n${await render}`
  } catch (error) {
    if (!(error instanceof SowerError)) throw error
    return `${error.code}: ${error.message}`
  }
}
