import t from 'tap'
import {
  companionsBack,
  describeMissing,
  mustBeBack,
  warnOfMissing,
} from '../../../src/cli/commands/reattach/must-be-back.ts'
import { bringBack } from '../../../src/cli/commands/reattach/bring-back.ts'
import { reattachCommand } from '../../../src/cli/commands/reattach/reattach-command.ts'
import { detachCommand } from '../../../src/cli/commands/detach/detach-command.ts'
import { fakeClone } from '../../support/fake-clone.ts'
import { fakeRepository } from '../../support/fake-repository.ts'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { object, repositoryWith } from '../../support/repository-with.ts'
import { surroundings } from '../../support/surroundings.ts'

const list = 'site/kustomization.yaml'
const files = {
  'sower.yaml':
    'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nroots: [site]\nseeds: [sno1, sno2]\n',
  [list]: `${listing('a.yaml', 'c.yaml')}  #- ns.yaml\n  # - mixed.yaml\n`,
  'site/a.yaml': clusterInstance('sno1').replace(
    'spec:\n',
    'spec:\n  pullSecretRef: {name: pull}\n  extraManifestsRefs: [{name: extra}]\n',
  ),
  'site/c.yaml': clusterInstance('sno3'),
  'site/ns.yaml': [object('Namespace', 'sno1'), object('Secret', 'bmc', 'sno1')].join('---\n'),
  'site/mixed.yaml': [object('Secret', 'pull', 'sno1'), object('Secret', 'x', 'sno2')].join(
    '---\n',
  ),
}
const options: Parameters<typeof detachCommand>[1] & Parameters<typeof reattachCommand>[1] = {
  ...{ mode: 'comment', act: 'commit' },
  ...{ cluster: 'sno1', directory: '.', roots: [], output: 'json' },
  ...{ companions: false, withCompanions: false, acceptStatic: false, understands: true },
}
const asked = { cluster: 'sno1', roots: ['site'] }

t.test('names what must be back first, with the line that would bring it', async t => {
  const { port, kustomize, branches } = fakeRepository(files)
  const checkout = await port.checkout(branches.get('main')!)
  for (const rendering of [[], ['site']]) {
    const missing = await mustBeBack(kustomize, checkout, { ...asked, rendering })
    const described = describeMissing({ shown: path => `../${path}` }, missing)
    t.strictSame(described, [
      {
        ...{ object: '/Namespace//sno1', file: `../${list}`, line: 4, entry: 'ns.yaml' },
        returnable: true,
      },
      {
        ...{ object: '/Secret/sno1/pull', file: `../${list}`, line: 5, entry: 'mixed.yaml' },
        returnable: false,
      },
      {
        ...{ object: '/ConfigMap/sno1/extra', file: null, line: null, entry: null },
        returnable: false,
      },
    ])
    t.match(warnOfMissing(missing, described), [
      /^must be on the hub first, and no root renders it: Namespace\/sno1; else Argo CD fails the whole Application with `namespaces "sno1" not found`; ns\.yaml is commented out at \.\.\/site\/kustomization\.yaml:4: --with-companions brings it back/,
      /Secret\/sno1\/pull; else the ClusterInstance may fail the validation of siteconfig .*kustomization\.yaml:5: that line brings other objects, too/,
      /ConfigMap\/sno1\/extra; .*; apply or list that first$/,
    ])
    const ofSite = missing.map(one => ({ ...one, by: 'SiteConfig' as const }))
    t.match(warnOfMissing(ofSite, described.slice(2)), [
      /ConfigMap\/sno1\/extra; the SiteConfig refers to it; apply or list that first$/,
    ])
    t.strictSame(companionsBack(missing), [
      { path: list, content: files[list].replace('  #- ns', '  - ns') },
    ])
  }
})

t.test('refuses what does not bring the cluster back', async t => {
  const { clone } = await fakeClone(files)
  const { kustomize } = fakeRepository(files)
  const proving = { kustomize, clone, ...asked, message: 'Reattach sno1', acceptStatic: false }
  await t.rejects(bringBack(proving, [], false), {
    code: 'PROOF_REFUSED',
    message: /^proving the reattach of sno1, read backwards: no render loses anything/,
  })
})

t.test('reattach warns, and --with-companions brings back what it may', async t => {
  const { top, git } = await repositoryWith(t, files)
  const call = async (
    command: typeof detachCommand | typeof reattachCommand,
    change: Partial<Parameters<typeof reattachCommand>[1]>,
  ): Promise<unknown> => {
    const { given, said } = surroundings({ directory: top })
    await command(given, { ...options, ...change })
    return JSON.parse(said.stdout)
  }
  await call(detachCommand, {})
  const warned = { object: '/Namespace//sno1', line: 4, returnable: true }
  t.match(await call(reattachCommand, { act: 'try' }), {
    missing: [warned, { object: '/Secret/sno1/pull' }, { object: '/ConfigMap/sno1/extra' }],
    warnings: [/may reinstall/, /Namespace\/sno1; else Argo CD fails/, /mixed/, /ConfigMap/],
    roots: [{ added: { length: 1 } }],
  })
  t.match(await call(reattachCommand, { withCompanions: true }), {
    status: 'attached',
    missing: [{ object: '/Secret/sno1/pull' }, { object: '/ConfigMap/sno1/extra' }],
    roots: [{ added: { length: 3 }, left: 4 }],
    diffs: [/^- {2}#- ns\.yaml\n\+ {2}- ns\.yaml/m],
  })
  t.equal(await git('show', `HEAD:${list}`), files[list].replace('  #- ns', '  - ns'))
})

t.test('says so as well of an entry that somebody put back by hand', async t => {
  const { top, write } = await repositoryWith(t, files)
  const { given } = surroundings({ directory: top })
  await detachCommand(given, options)
  await write({ [list]: files[list] }, 'Put it back')
  const after = surroundings({ directory: top })
  await reattachCommand(after.given, { ...options, act: 'try' })
  t.match(JSON.parse(after.said.stdout), {
    ...{ status: 'attached', missing: { length: 3 } },
    warnings: [/the repository calls it detached/, /Namespace\/sno1; else Argo CD/],
  })
})
