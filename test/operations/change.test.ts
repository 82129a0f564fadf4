import t from 'tap'
import { checkChange } from '../../src/operations/change/check-change.ts'
import { fakeRepository } from '../support/fake-repository.ts'
import { clusterInstance, listing } from '../support/memory-tree.ts'

const files = {
  'one/kustomization.yaml': listing('../c/a.yaml', '../c/b.yaml'),
  'two/kustomization.yaml': listing('../c/c.yaml'),
  'c/a.yaml': clusterInstance('sno1'),
  'c/b.yaml': clusterInstance('sno2'),
  'c/c.yaml': clusterInstance('sno3'),
}
type Files = Readonly<Record<string, string | null>>

/** What a change of these files does. */
const changed = async (changes: Files, before: Readonly<Record<string, string>> = files) => {
  const repository = fakeRepository(before)
  const base = await repository.port.checkout(repository.branches.get('main') ?? '')
  repository.write(
    ...(['main', 'Change'] as const),
    Object.entries(changes).map(([path, content]) => ({ path, content })),
  )
  const after = await repository.port.checkout(repository.branches.get('main') ?? '')
  const roots = ['one', 'two', 'three']
  return checkChange(repository.kustomize, { before: base, after, roots, directory: 'seeds' })
}

t.test('a cluster that moves from one root to another stays', async t => {
  const moved = {
    'one/kustomization.yaml': listing('../c/a.yaml'),
    'three/kustomization.yaml': listing('../c/b.yaml'),
  }
  t.strictSame(await changed(moved), [])
})

t.test('what leaves all roots leaves, with a root that is deleted, too', async t => {
  t.match(
    await changed({
      'two/kustomization.yaml': null,
      'one/kustomization.yaml': listing('../c/b.yaml'),
    }),
    [
      {
        cluster: 'sno1',
        change: 'leaves',
        announced: false,
        roots: ['one'],
        file: 'one/kustomization.yaml',
      },
      { cluster: 'sno3', change: 'leaves', announced: false, roots: ['two'], line: 2 },
    ],
  )
})

t.test('a record that cannot be read announces nothing', async t => {
  const broken = { 'seeds/sno3/record.yaml': 'x', 'two/kustomization.yaml': listing('../c/b.yaml') }
  t.match(await changed(broken), [{ cluster: 'sno3', announced: false }])
})

t.test('a cluster that is detached by its record and rendered is not announced', async t => {
  t.match(await changed({ 'seeds/sno1/record.yaml': 'x' }), [
    { cluster: 'sno1', change: 'comes-back', announced: false },
  ])
  t.strictSame(await changed({ 'notes.md': 'x' }, { ...files, 'seeds/sno1/record.yaml': 'x' }), [])
})
