import fc from 'fast-check'
import t from 'tap'
import { kustomizeBinaries } from '../support/kustomize-binaries.ts'
import { shardDifference } from '../support/shard-difference.ts'
import { shardTrees } from '../support/shard-trees.ts'

const trees = 3000

t.test('thousands of trees in shards give what one build gives', { timeout: 0 }, async t => {
  for (const [name, file] of Object.entries(kustomizeBinaries)) {
    if (file === null) continue
    let inShards = 0
    const difference = shardDifference(file, ({ shards }) => {
      if (shards !== null) inShards += 1
    })
    const property = fc.asyncProperty(shardTrees, async files => {
      const found = await difference(files)
      if (found !== null) throw new Error(found)
    })
    await t.resolves(fc.assert(property, { numRuns: trees }), name)
    t.comment(`${name}: ${trees} trees, ${inShards} of them in shards: no difference`)
  }
})
