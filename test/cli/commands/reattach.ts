import t from 'tap'
import { readBackwards, repairLists } from '../../../src/cli/commands/reattach/repair-lists.ts'
import { detachCommand } from '../../../src/cli/commands/detach/detach-command.ts'
import { reattachCommand } from '../../../src/cli/commands/reattach/reattach-command.ts'
import { RefusedError } from '../../../src/errors.ts'
import { fakeClone } from '../../support/fake-clone.ts'
import { flatList, repositoryWith } from '../../support/repository-with.ts'
import { surroundings } from '../../support/surroundings.ts'

const list = 'site/kustomization.yaml'
const asked = {
  mode: 'comment',
  ...{ cluster: 'sno1', directory: '.', roots: [], output: 'json' as const },
  ...{ companions: false, withCompanions: false, acceptStatic: false, understands: true },
} as const
const opening = { removed: [], added: [], changed: [] }

const repair = async (kustomization: string, more: Readonly<Record<string, string>> = {}) => {
  const { clone, exploring } = await fakeClone({ ...flatList(), [list]: kustomization, ...more })
  const { prove } = exploring.preparing
  return { clone, prove, repaired: await repairLists(clone, { cluster: 'sno1', prove }) }
}

t.test('a `[]` above entries goes in a step of its own, which shows what they bring', async t => {
  const { repaired } = await repair('resources: [ ]\n#- a.yaml\n- b.yaml\n')
  t.match(repaired, {
    step: {
      message:
        /^Take out the empty value above entries\n\nsite\/kustomization\.yaml:1: .* as they are\.$/,
      changes: [{ path: list, content: 'resources:\n#- a.yaml\n- b.yaml\n' }],
    },
    roots: [{ path: 'site', added: [/ClusterInstance\/sno2\/sno2$/], removed: [], left: 1 }],
    warnings: [/^site\/kustomization\.yaml:1: .* the entries stay as they are$/],
    clone: { roots: ['site'] },
  })
  t.equal((await repair('resources:\n- b.yaml\n#- a.yaml\n')).repaired, null)
})

t.test('finds such a root too where nobody names the roots', async t => {
  const more = {
    'sower.yaml': 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n',
  }
  const { clone, exploring } = await fakeClone({
    ...{ ...flatList(), ...more, [list]: 'resources: []\n#- a.yaml\n- b.yaml\n' },
  })
  const warned = {
    ...clone,
    warnings: ['other', `not taken for a root: reading ${list}:1: line 1`],
  }
  const { prove } = exploring.preparing
  t.match(await repairLists(warned, { cluster: 'sno1', prove }), {
    ...{ clone: { roots: ['site'], warnings: ['other'] }, roots: [{ path: 'site', left: 1 }] },
  })
})

t.test('says so where the lists without these entries do not render', async t => {
  const { clone } = await fakeClone({ ...flatList(), [list]: 'resources: []\n- b.yaml\n' })
  const prove = async () => {
    throw new RefusedError('RENDER_FAILED', 'rendering site: no matches')
  }
  t.match(await repairLists(clone, { cluster: 'sno1', prove }), {
    roots: [],
    warnings: [
      /as they are$/,
      'what these entries bring cannot be shown: rendering site: no matches',
    ],
  })
  const broken = async () => {
    throw new TypeError('a bug')
  }
  await t.rejects(repairLists(clone, { cluster: 'sno1', prove: broken }), TypeError)
})

t.test('a null list is repaired only where no other cluster is commented out of it', async t => {
  const { repaired } = await repair('resources:\n#- a.yaml\n')
  t.match(repaired, {
    step: {
      message: /^Write an empty list for sno1\n\n.*`resources` is null/,
      changes: [{ content: 'resources: []\n#- a.yaml\n' }],
    },
    roots: [],
  })
  await t.rejects(repair('kind: Kustomization\nresources:\n#- a.yaml\n# - b.yaml\n'), {
    code: 'RENDER_EMPTY_LIST',
    message:
      'reattaching sno1: site/kustomization.yaml:2 is null, so what was commented out there (sno2) has not been removed yet, and would be with this',
    fix: /^write `resources: \[\]` there first/,
  })
})

t.test('a difference reads backwards', t => {
  t.strictSame(
    readBackwards({ ...opening, path: 'a', removed: ['x', 'y'], added: ['z'], left: 3 }),
    { ...opening, path: 'a', removed: ['z'], added: ['x', 'y'], left: 4 },
  )
  t.end()
})

t.test('a cluster comes back into a list that entries were put below, in two commits', async t => {
  const { top, git, write } = await repositoryWith(t, {
    ...flatList(),
    [list]: 'resources:\r\n- a.yaml\r\n#- b.yaml\r\n',
  })
  const call = async (
    command: typeof detachCommand | typeof reattachCommand,
    change: Partial<Parameters<typeof reattachCommand>[1]>,
  ): Promise<unknown> => {
    const { given, said } = surroundings({ directory: top })
    await command(given, { ...asked, act: 'commit', ...change })
    return JSON.parse(said.stdout)
  }
  await call(detachCommand, {})
  t.equal(await git('show', `HEAD:${list}`), 'resources: []\r\n#- a.yaml\r\n#- b.yaml\r\n')
  await write({ [list]: 'resources: []\r\n#- a.yaml\r\n- b.yaml\r\n' }, 'Put sno2 there')
  await t.rejects(call(detachCommand, { act: 'look' }), { code: 'KUSTOMIZATION_UNREADABLE' })
  await t.rejects(call(reattachCommand, { understands: false }), { code: 'REATTACH_RISK' })
  t.match(await call(reattachCommand, {}), {
    ...{ status: 'attached', commits: { length: 2 } },
    roots: [
      { path: 'site', added: [/sno2$/], left: 1 },
      { path: 'site', added: [/sno1$/], left: 2 },
    ],
    diffs: [/^-resources: \[\]\r?\n\+resources:/m, /^-#- a\.yaml\r?\n\+- a\.yaml/m],
  })
  t.equal(await git('show', `HEAD:${list}`), 'resources:\r\n- a.yaml\r\n- b.yaml\r\n')
  t.match(await git('log', '-1', '--format=%B', 'HEAD~1'), /above its entries/)
  t.match(await call(detachCommand, { act: 'look', cluster: 'sno1' }), { status: 'detachable' })
})
