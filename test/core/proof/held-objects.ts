import t from 'tap'
import { compareRenders } from '../../../src/core/proof/compare-renders.ts'
import { heldObjects } from '../../../src/core/proof/held-objects.ts'
import { staticDifference } from '../../../src/core/proof/static-difference.ts'
import { clusterInstance, listing, memoryTree } from '../../support/memory-tree.ts'

const held = (options: string): string =>
  clusterInstance('sno1').replace(
    'metadata:\n',
    `metadata:\n  annotations:\n    argocd.argoproj.io/sync-options: ${options}\n`,
  )
const object = 'siteconfig.open-cluster-management.io/ClusterInstance/sno1/sno1'

t.test('finds what Argo CD keeps for its own annotation', t => {
  const annotated = (value: unknown): unknown => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'sno1', annotations: { 'argocd.argoproj.io/sync-options': value } },
  })
  const of = (option: string) => ({ object: '/Namespace//sno1', option })
  for (const [value, found] of [
    ['Prune=false', [of('Prune=false')]],
    ['Validate=false, Prune=confirm,Delete=false', [of('Prune=confirm'), of('Delete=false')]],
    ['Delete=confirm', [of('Delete=confirm')]],
    ['PrunePropagationPolicy=foreground,Prune=true', []],
    [true, []],
    [undefined, []],
  ] as const)
    t.strictSame(heldObjects([annotated(value)]), found, String(value))
  t.end()
})

t.test('a difference names it of what leaves, not of what stays', t => {
  const [before, other] = [held('Prune=false'), clusterInstance('sno2')]
  t.match(compareRenders(`${before}---\n${other}`, other), {
    held: [{ object, option: 'Prune=false' }],
  })
  t.equal(compareRenders(`${before}---\n${other}`, before).held, undefined)
  const files = { 'a/sno1.yaml': before, 'a/sno2.yaml': other }
  const views = {
    before: memoryTree({ ...files, 'a/kustomization.yaml': listing('sno1.yaml', 'sno2.yaml') }),
    after: memoryTree({ ...files, 'a/kustomization.yaml': listing('sno2.yaml') }),
  }
  t.match(staticDifference(views, 'a'), { held: [{ object, option: 'Prune=false' }] })
  t.equal(staticDifference({ before: views.after, after: views.before }, 'a').held, undefined)
  t.end()
})
