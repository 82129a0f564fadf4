import t from 'tap'
import { readConfiguration } from '../../src/core/settings/configuration.ts'
import { createDetachCommits } from '../../src/operations/create-detach-commits.ts'
import { createProver } from '../../src/operations/create-prover.ts'
import { createNamer } from '../../src/operations/names/create-namer.ts'
import { proveMerge } from '../../src/operations/prove-merge.ts'
import { openListsAt } from '../../src/operations/repair/open-lists-at.ts'
import { fakeRepository } from '../support/fake-repository.ts'
import { clusterInstance, memoryTree } from '../support/memory-tree.ts'

const list = 'site/kustomization.yaml'
const broken = 'resources: []\n#- sno1.yaml\n- sno2.yaml\n- sub\n'
const files = {
  [list]: broken,
  'site/sno1.yaml': clusterInstance('sno1'),
  'site/sno2.yaml': clusterInstance('sno2'),
  'site/sub/kustomization.yaml': 'resources: [ ] # none\n- sno3.yaml\n',
  'site/sub/sno3.yaml': clusterInstance('sno3'),
  'other/kustomization.yaml': 'resources: []\n- a.yaml\n',
}

t.test('opens every list that the roots reach, one behind the other, and no others', async t => {
  const { port, branches } = fakeRepository(files)
  const head = await port.checkout(branches.get('main')!)
  const { checkout, edits, closing } = await openListsAt(port, head, ['site'])
  t.match(edits, [
    { path: list, text: broken.replace(' []', '') },
    { path: 'site/sub/kustomization.yaml', text: 'resources: # none\n- sno3.yaml\n' },
  ])
  t.match(closing, [
    { path: list, content: 'resources: []\n#- sno1.yaml\n' },
    { path: 'site/sub/kustomization.yaml', content: 'resources: [] # none\n' },
  ])
  t.strictSame(checkout.tree.walk('site').troubles, [])
  t.match(checkout.tree.walk('other').troubles, [{ code: 'KUSTOMIZATION_UNREADABLE' }])
  t.equal(branches.size, 1)
})

t.test('leaves a commit alone in which nothing is to be opened', async t => {
  for (const text of ['resources: []\n', 'resources: [\n', 'resources: []\n- a: [\n']) {
    const { port, branches } = fakeRepository({ ...files, [list]: text })
    const head = await port.checkout(branches.get('main')!)
    t.match(await openListsAt(port, head, ['site']), { checkout: head, edits: [], closing: [] })
  }
  const bytes = new Uint8Array([...new TextEncoder().encode('resources: []\n- a\n#'), 0xff])
  const checkout = {
    sha: 'a',
    onDisk: async (root: string) => `/${root}`,
    tree: memoryTree({ [list]: bytes }),
  }
  const { port } = fakeRepository(files)
  t.strictSame((await openListsAt(port, checkout, ['site'])).edits, [], 'not UTF-8')
})

t.test(
  'a run repairs such a list with its edit, says why, and proves it on what was meant',
  async t => {
    const repository = fakeRepository({
      ...files,
      [list]: 'resources: []\n#- sno1.yaml\n- sno2.yaml\n- sno3.yaml\n',
      'site/sno3.yaml': clusterInstance('sno3'),
    })
    const { port, kustomize, branches } = repository
    const config = readConfiguration(
      'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno2]\nroots: [site]\n',
      () => [],
    )
    const head = repository.write('ask', 'Ask', [{ path: 'a', content: 'b' }])
    const [base, onto] = await Promise.all(
      [branches.get('main')!, head].map(sha => port.checkout(sha)),
    )
    const [prove, namer] = [createProver(kustomize), createNamer(kustomize)]
    const messages: string[] = []
    const commit: typeof port.commit = request => {
      messages.push(request.message)
      return port.commit(request)
    }
    const make = createDetachCommits({
      ...{ repository: { ...port, commit }, prove, namer },
      now: () => new Date('2026-11-30'),
    })
    const request = { key: '#7', cluster: 'sno2', image: 'quay.io/a/b:c', pullRequest: 7 }
    const { sha, proof } = await make(request, {
      ...{ onto: onto!, base: { checkout: base!, config } },
    })
    t.match(proof, { refusal: null, roots: [{ path: 'site', left: 1 }] })
    const { tree } = await port.checkout(sha)
    t.equal(
      new TextDecoder().decode(tree.read(list)),
      'resources:\n#- sno1.yaml\n#- sno2.yaml\n- sno3.yaml\n',
    )
    t.match(
      messages.at(-1),
      /^Detach sno2\n\nsite\/kustomization\.yaml:1: `resources: \[\]` stands above its entries, .*\n\nSower-Run: #7\n$/,
    )
    const merged = await proveMerge(
      { repository: port, prove },
      {
        ...{ base: base!, head: sha, config, cluster: 'sno2' },
      },
    )
    t.match(merged, { refusal: null, roots: [{ path: 'site', left: 1 }] })
  },
)
