import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { detachCommand } from '../../../src/cli/commands/detach/detach-command.ts'
import { exploreRepair } from '../../../src/cli/commands/detach/explore-repair.ts'
import {
  emptiedRoots,
  heldByArgoCd,
  proveEdits,
} from '../../../src/cli/commands/detach/exploring.ts'
import { withCompanions } from '../../../src/cli/commands/detach/with-companions.ts'
import { reattachCommand } from '../../../src/cli/commands/reattach/reattach-command.ts'
import { takeBack } from '../../../src/cli/commands/reattach/take-back.ts'
import { alreadyDetached } from '../../../src/core/detach/already-detached.ts'
import { readRecord, writeRecord, type SeedRecord } from '../../../src/core/detach/seed-record.ts'
import { emptyReport } from '../../../src/core/report/plan-report.ts'
import { RefusedError } from '../../../src/errors.ts'
import { fakeClone } from '../../support/fake-clone.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { flatList, object, repositoryWith, stateOf } from '../../support/repository-with.ts'
import { surroundings } from '../../support/surroundings.ts'

const list = 'site/kustomization.yaml'
const recordPath = 'seeds/sno1/record.yaml'
const asked = {
  mode: 'comment',
  ...{ cluster: 'sno1', directory: '.', roots: [], output: 'json' as const },
  ...{ companions: false, withCompanions: false, acceptStatic: false, understands: false },
} as const

t.test('a cluster is planned, detached and brought back by calls alone', async t => {
  const { top, git } = await repositoryWith(t, flatList())
  const call = async (
    command: typeof detachCommand | typeof reattachCommand,
    change: Partial<Parameters<typeof detachCommand>[1]> & Readonly<{ understands?: boolean }>,
  ): Promise<unknown> => {
    const { given, said } = surroundings({ directory: top })
    await command(given, { ...asked, act: 'look', ...change })
    return JSON.parse(said.stdout)
  }
  const before = stateOf(top)
  t.match(await call(detachCommand, {}), {
    ...{ status: 'detachable', file: list, entry: 'a.yaml', line: 2, proof: 'rendered' },
    roots: [{ path: 'site', left: 1 }],
    diffs: [/^-.* - a\.yaml\n\+.*# *- a\.yaml$/m],
  })
  t.match(await call(detachCommand, { mode: 'delete' }), { style: 'deleted' })
  await t.rejects(call(detachCommand, { cluster: 'sno2' }), { code: 'NOT_A_SEED' })
  await t.rejects(call(reattachCommand, { cluster: 'sno3' }), { code: 'RECORD_MISSING' })
  t.strictSame(stateOf(top), before)

  t.match(await call(detachCommand, { act: 'commit' }), {
    status: 'detached',
    commits: [/^\w{40}$/],
  })
  t.match(await call(detachCommand, {}), { status: 'detached', diffs: { length: 0 } })
  await t.rejects(call(reattachCommand, { act: 'commit' }), {
    ...{ code: 'REATTACH_RISK', fix: /--i-understand-this-may-reinstall/ },
  })
  t.match(await call(reattachCommand, { act: 'commit', understands: true }), {
    ...{ status: 'attached', roots: [{ path: 'site', left: 2 }] },
    warnings: [/may reinstall its host/],
  })
  t.equal(await git('diff', 'HEAD~2', 'HEAD'), '')
})

t.test('what is commented out already is told of, and only a null list is mended', async t => {
  const error = new RefusedError('ALREADY_DETACHED', 'planning: it is commented out')
  const repair = async (kustomization: string) => {
    const { exploring } = await fakeClone({ ...flatList(), [list]: kustomization })
    const { checkout, roots, directory } = exploring.clone
    const already = alreadyDetached(checkout.tree, { cluster: 'sno1', roots, directory }, error)
    return exploreRepair(exploring, already)
  }
  t.match(await repair('resources:\n  # - a.yaml\n  - b.yaml\n'), {
    report: { status: 'detached', file: list, entry: 'a.yaml', line: 2 },
    steps: { length: 0 },
    path: list,
  })
  const beside = await repair('resources:\n  - b.yaml\ncomponents:\n  # - a.yaml\n')
  t.match(beside, { report: { status: 'detached' }, steps: { length: 0 } }, 'kustomize takes it')
  const mended = await repair('resources:\n  # - a.yaml\n')
  t.match(mended.report, {
    ...{ status: 'detachable', key: 'resources', emptied: true, proof: 'rendered' },
    warnings: [/^sno1 is commented out at site\/kustomization\.yaml:2 already, which left res/],
  })
  t.match(mended.steps, [{ message: 'Write an empty list for sno1', changes: { length: 1 } }])
  t.match(mended.steps[0]?.changes[0]?.content, /^resources: \[\]$/m)
})

t.test(
  'files have the last word only where the plugin that is missing makes no cluster',
  async t => {
    const explore = async (files: Readonly<Record<string, string>>, error?: RefusedError) => {
      const { exploring } = await fakeClone({ ...flatList(), ...files })
      const { checkout, roots, directory } = exploring.clone
      const out = new RefusedError('ALREADY_DETACHED', 'planning: it is commented out')
      const already = alreadyDetached(checkout.tree, { cluster: 'sno1', roots, directory }, out)
      const namer: typeof exploring.preparing.namer = async (asked, about) =>
        error
          ? { rendering: [], unknown: about.roots.map(root => ({ root, error })) }
          : exploring.preparing.namer(asked, about)
      return exploreRepair({ ...exploring, preparing: { ...exploring.preparing, namer } }, already)
    }
    const needed = new RefusedError('RENDER_NEEDS_PLUGIN', 'rendering site: it needs a plugin')
    const files = { [list]: 'resources:\n  # - a.yaml\n  - b.yaml\n' }
    t.match((await explore(files)).report, { status: 'detached', warnings: { length: 0 } })
    t.match((await explore(files, needed)).report, {
      status: 'detached',
      warnings: [
        /^site cannot be rendered, so only its files say that sno1 is out of it, .*plugin$/,
      ],
    })
    await t.rejects(explore({ [list]: `${files[list]}helmCharts: [{name: c}]\n` }, needed), {
      code: 'RENDER_NEEDS_PLUGIN',
    })
  },
)

t.test('roots that render nothing any more are told of', t => {
  const root = (path: string, left: number) => ({
    ...{
      path,
      left,
      isStatic: false,
      removed: [],
      removedClusters: [],
      owned: [],
      prunedTooEarly: [],
      added: [],
      changed: [],
    },
    orderKept: true,
  })
  const roots = [root('a', 0), root('b', 1)]
  const [warning, ...others] = emptiedRoots({ shown: path => `./${path}` }, { roots })
  t.match(warning, /^\.\/a renders nothing any more: .*`allowEmpty: true`/)
  t.strictSame(others, [])
  t.end()
})

t.test('what Argo CD keeps for its own annotation is told of once', t => {
  const held = ['Prune=false', 'Prune=confirm', 'Delete=false', 'Delete=confirm'].map(option => ({
    ...{ object: '/Namespace//sno1', option },
  }))
  const root = { ...{ path: 'a', left: 1, isStatic: false, removed: [], removedClusters: [] } }
  const rest = { added: [], changed: [], orderKept: true, owned: [], prunedTooEarly: [] }
  const roots = [
    { ...root, ...rest, held },
    { ...root, ...rest, held },
    { ...root, ...rest },
  ]
  const [kept, confirm, deleted, asked, ...more] = heldByArgoCd({ roots })
  t.match(
    kept,
    /^Namespace\/sno1 is annotated Prune=false: Argo CD does not remove it when it leaves Git; take/,
  )
  t.match(confirm, /Prune=confirm: .* before somebody confirms that; take the option out first/)
  t.match(deleted, /Delete=false: Argo CD keeps it when its Application is deleted; .* pruned$/)
  t.match(asked, /Delete=confirm: Argo CD asks before it removes it/)
  t.strictSame(more, [])
  t.end()
})

t.test('an edit whose proof does not hold is refused, with the way out', async t => {
  const { exploring } = await fakeClone(flatList())
  const { prove } = exploring.preparing
  const preparing: typeof exploring.preparing = {
    ...exploring.preparing,
    prove: async work => ({ ...(await prove(work)), refusal: 'too much would leave' }),
  }
  const onto = exploring.clone.checkout
  const edit = { onto, edits: [], message: 'Nothing', companions: false }
  t.match(await proveEdits(exploring, edit), { proof: { refusal: null } })
  await t.rejects(proveEdits({ ...exploring, preparing }, edit), {
    code: 'PROOF_REFUSED',
    message: /edit for sno1: too much would leave$/,
    fix: /by hand$/,
  })
})

const companions = {
  [list]: listing('b.yaml', 'ns.yaml', 'bmc.yaml'),
  'site/ns.yaml': object('Namespace', 'sno1'),
  'site/bmc.yaml': object('Secret', 'bmc', 'sno1'),
}
const record: SeedRecord = {
  ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster: 'sno1', image: null },
  ...{ status: 'detached', request: null, pullRequest: null, mergedAs: null },
  detached: {
    edits: [
      {
        ...{ file: list, key: 'resources', line: 2 },
        ...{ before: '  - a.yaml\n', after: '  # - a.yaml\n', follows: '  - b.yaml\n' },
      },
    ],
    ...{ source: 'site/a.yaml', clusterInstance: { namespace: 'sno1', name: 'sno1' } },
    roots: ['site'],
  },
  ...{ digest: null, finishedAt: null },
}

t.test('companions leave in a step of their own, which the record keeps', async t => {
  for (const kept of [record, undefined]) {
    const { clone, exploring } = await fakeClone({ ...flatList(), ...companions })
    const first = { message: 'Detach sno1', changes: [] }
    const report = { ...emptyReport('sno1'), warnings: ['before'], diffs: ['first'] }
    const found = { report, steps: [first], path: list, after: clone.checkout, record: kept }
    const after = await withCompanions(exploring, found)
    t.match(after.report, {
      ...{ status: 'detachable', diffs: ['first', /./], proof: 'rendered' },
      companions: [
        { object: '/Namespace//sno1', leaves: true },
        { object: '/Secret/sno1/bmc', leaves: true },
      ],
      warnings: ['before', /only when the ManagedCluster is gone/],
    })
    const [before, step, ...more] = after.steps
    t.equal(before, first)
    t.strictSame(more, [])
    t.equal(step?.message, 'Remove the companions of sno1')
    t.match(step?.changes[0], { path: list, content: /# *- ns\.yaml\n.*# *- bmc\.yaml\n/ })
    const text = step?.changes.find(({ path }) => path === recordPath)?.content
    if (kept)
      t.match(
        readRecord(recordPath, text ?? '').detached?.edits.map(({ before }) => before.trim()),
        ['- a.yaml', '- bmc.yaml', '- ns.yaml'],
        'in the order in which they were made, from the last line up',
      )
    else t.equal(text, undefined, 'nothing to keep it in')
  }
})

t.test('without companions the steps stay as they are', async t => {
  const { clone, exploring } = await fakeClone(flatList())
  const found = {
    report: emptyReport('sno1'),
    steps: [],
    path: list,
    after: clone.checkout,
    record,
  }
  t.match(await withCompanions(exploring, found), {
    report: { status: 'refused', companions: { length: 0 } },
    steps: { length: 0 },
  })
})

t.test('a detach that only the work tree holds is taken back, byte for byte', async t => {
  const files = flatList()
  const written = {
    [list]: 'resources:\n  # - a.yaml\n  - b.yaml\n',
    [recordPath]: writeRecord(record),
  }
  const { clone } = await fakeClone(files, { lying: written })
  t.strictSame(takeBack(clone, 'sno1'), [
    {
      message: 'Reattach sno1',
      changes: [
        { path: list, content: files[list] },
        { path: recordPath, content: null },
      ],
      takesBack: true,
    },
  ])
  t.strictSame(takeBack((await fakeClone(files)).clone, 'sno1'), [], 'nothing to take back')
  const committed = await fakeClone({ ...files, ...written })
  t.strictSame(takeBack(committed.clone, 'sno1'), [], 'Argo CD has seen it')
  const mixed = { ...written, [list]: `${written[list]}  - c.yaml\n` }
  const { clone: changed } = await fakeClone(files, { lying: mixed })
  t.throws(() => takeBack(changed, 'sno1'), {
    ...{ code: 'UNCOMMITTED_CHANGES', message: /its files have other changes too$/ },
  })
})

t.test(
  'a file or a directory of a cluster and its own leaves as a whole, and comes back',
  async t => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: sno1\n'
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: bmc\n  namespace: sno1\n'
    const parts = [namespace, secret, clusterInstance('sno1')]
    const removed = [
      '/Namespace//sno1',
      '/Secret/sno1/bmc',
      'siteconfig.open-cluster-management.io/ClusterInstance/sno1/sno1',
    ]
    const configuration = { 'sower.yaml': flatList()['sower.yaml'] ?? '' }
    for (const [files, entry] of [
      [
        { [list]: 'resources:\n- a.yaml\n- b.yaml\n', 'site/a.yaml': parts.join('---\n') },
        'a.yaml',
      ],
      [
        {
          [list]: 'resources:\n- sno1/\n- b.yaml\n',
          'site/sno1/kustomization.yaml': 'resources:\n- a.yaml\n- b.yaml\n- c.yaml\n',
          ...Object.fromEntries(parts.map((part, at) => [`site/sno1/${'abc'[at]}.yaml`, part])),
        },
        'sno1/',
      ],
    ] as const) {
      const { top } = await repositoryWith(t, {
        ...configuration,
        ...files,
        'site/b.yaml': clusterInstance('sno2'),
      })
      const before = readFileSync(join(top, list), 'utf8')
      const call = async (
        command: typeof detachCommand | typeof reattachCommand,
        change: Partial<Parameters<typeof detachCommand>[1]> & Readonly<{ understands?: boolean }>,
      ): Promise<string> => {
        const { given, said } = surroundings({ directory: top })
        await command(given, { ...asked, act: 'look', ...change })
        return said.stdout
      }
      const alone = call(detachCommand, { output: 'text' as const })
      if (entry === 'a.yaml') await t.rejects(alone, { code: 'COMPANIONS_LEAVE' })
      else
        t.match(
          await alone,
          /or all of it: --with-companions takes out sno1\/ \(site\/kustomization.yaml:2\), and with it Namespace\/sno1, Secret\/sno1\/bmc\n/,
        )
      t.match(JSON.parse(await call(detachCommand, { withCompanions: true })), {
        ...{ status: 'detachable', file: list, entry, line: 2, companions: [], whole: null },
        roots: [{ path: 'site', left: 1, removed }],
        warnings: [/sync waves do not prune the ClusterInstance before Namespace\/sno1, Secret/],
      })
      await call(detachCommand, { withCompanions: true, act: 'commit' })
      t.equal(readFileSync(join(top, list), 'utf8'), before.replace('- ', '#- '))
      await call(reattachCommand, { act: 'commit', understands: true })
      t.equal(readFileSync(join(top, list), 'utf8'), before)
    }
  },
)

t.test(
  'says that with --with-companions the cluster leaves alone where other things stand beside it',
  async t => {
    const { top } = await repositoryWith(t, {
      'sower.yaml': flatList()['sower.yaml'] ?? '',
      [list]: 'resources:\n- sno1/\n',
      'site/sno1/kustomization.yaml': 'resources:\n- a.yaml\n- b.yaml\n- c.yaml\n',
      'site/sno1/a.yaml': clusterInstance('sno1'),
      'site/sno1/b.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sno1}\n',
      'site/sno1/c.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: other}\n',
    })
    for (const withCompanions of [true, false]) {
      const { given, said } = surroundings({ directory: top })
      await detachCommand(given, { ...asked, act: 'look', withCompanions })
      const { entry, warnings } = JSON.parse(said.stdout) as {
        entry: string
        warnings: readonly string[]
      }
      t.equal(entry, 'a.yaml')
      t.equal(
        warnings.some(one => one.includes('so the cluster leaves alone')),
        withCompanions,
      )
    }
  },
)
