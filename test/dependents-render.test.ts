import { join } from 'node:path'
import t, { type Test } from 'tap'
import { kustomizeCli } from '../src/adapters/kustomize.ts'
import { compareRenders } from '../src/core/kustomization/prove-difference.ts'
import { editedFiles } from '../src/core/kustomization/remove-items.ts'
import { editsOf, recordOf } from '../src/operations/detach.ts'
import { planDetach } from '../src/operations/plan.ts'
import type { Change } from '../src/operations/ports.ts'
import { planRestore } from '../src/operations/restore.ts'
import { layouts, unbroken, type Layout } from './dependent-layouts.ts'
import { directoryWith } from './directory-with.ts'
import { memoryTree } from './memory-tree.ts'
import { kustomizePlaces } from './run-sower.ts'

const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
const build = (t: Test, files: Layout['files'], root: string): Promise<string> =>
  kustomize.build(join(directoryWith(t, files), root))
const withChanges = (files: Layout['files'], changes: readonly Change[]): Layout['files'] => ({
  ...files,
  ...Object.fromEntries(changes.map(({ path, content }) => [path, content ?? ''])),
})

for (const { name, files, root, edited } of layouts)
  for (const mode of ['comment', 'delete'] as const)
    t.test(`${name}: breaks alone, leaves with its cluster, comes back (${mode})`, async t => {
      const plan = planDetach(memoryTree(files), { cluster: 'sno1', roots: [root], mode })
      t.strictSame(
        plan.dependents.map(({ path, line, key }) => `${path}:${line} ${key}`),
        edited,
      )
      const before = await build(t, files, root)
      await t.rejects(
        build(t, withChanges(files, editedFiles([plan.edit])), root),
        { code: 'RENDER_FAILED' },
        'the entry alone cannot leave',
      )
      const detached = withChanges(files, editedFiles(editsOf(plan)))
      const difference = compareRenders(before, await build(t, detached, root))
      const { removed, ...others } = difference
      t.match(removed, [
        /^siteconfig.open-cluster-management.io\/ClusterInstance\/\w+\/(a-)?sno1(-b)?$/,
      ])
      t.strictSame(others, {
        removedClusters: ['sno1'],
        ...{ added: [], changed: [], orderKept: true, left: 1 },
      })

      const request = { cluster: 'sno1', image: null, key: null, pullRequest: null }
      const proof = {
        roots: [{ path: root, isStatic: false, ...difference }],
        ...{ refusal: null, isStatic: false, kustomize: '' },
      }
      const record = recordOf({ plan, proof, request })
      const restored = withChanges(detached, planRestore(memoryTree(detached), record, 'sno1'))
      t.strictSame(restored, files, 'the same bytes')
    })

for (const { name, files, dead } of unbroken)
  t.test(`${name}: stays, and the cluster leaves alone`, async t => {
    const request = { cluster: 'sno1', roots: ['site'], mode: 'comment' } as const
    const { edit, dependents, deadPatches } = planDetach(memoryTree(files), request)
    t.strictSame(dependents, [])
    t.strictSame(
      deadPatches.map(({ line, key }) => `${line} ${key}`),
      dead,
    )
    const [before, after] = await Promise.all([
      build(t, files, 'site'),
      build(t, withChanges(files, editedFiles([edit])), 'site'),
    ])
    const { removedClusters, removed, added, changed, orderKept } = compareRenders(before, after)
    t.strictSame(
      { removedClusters, removed: removed.length, added, changed, orderKept },
      { removedClusters: ['sno1'], removed: 1, added: [], changed: [], orderKept: true },
    )
  })
