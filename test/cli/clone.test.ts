import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import t, { type Test } from 'tap'
import '../../src/cli/clone/api-options-from.ts'
import { atGitHub } from '../../src/cli/clone/at-git-hub.ts'
import { declareGitHub, gitHubOptions } from '../../src/cli/clone/git-hub-options.ts'
import { finish, type EditOptions, type Explored } from '../../src/cli/clone/finish.ts'
import { openClone } from '../../src/cli/clone/open-clone.ts'
import { refuseLinks, refuseUncommitted } from '../../src/cli/clone/refuse-uncommitted.ts'
import { applicationArgument } from '../../src/cli/clone/application-argument.ts'
import { repositorySettings } from '../../src/cli/clone/repository-settings.ts'
import { refuseUnknown } from '../../src/cli/clone/refuse-unknown.ts'
import { requireClusterName } from '../../src/cli/clone/require-cluster-name.ts'
import { requireConfiguration } from '../../src/cli/clone/require-configuration.ts'
import { uncommitted } from '../../src/cli/clone/uncommitted.ts'
import { emptyReport } from '../../src/core/report/plan-report.ts'
import { RefusedError } from '../../src/errors.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { completedRecord } from '../support/completed-record.ts'
import { directoryWith } from '../support/directory-with.ts'
import { fakeClone } from '../support/fake-clone.ts'
import { clusterInstance } from '../support/memory-tree.ts'
import { configuration, flatList, repositoryWith, stateOf } from '../support/repository-with.ts'
import { surroundings } from '../support/surroundings.ts'

t.test(
  'the options of GitHub are those of flags, variables and defaults, and nothing is done without a token',
  async t => {
    const command = declareGitHub(new Command(), { SOWER_REPOSITORY: 'a/b', SOWER_BRANCH: '' })
    command.parse(['--ca-file', 'ca.pem'], { from: 'user' })
    const options = gitHubOptions(command.opts())
    t.strictSame(options, {
      ...{ repository: 'a/b', tokenFile: null, gitUrl: null, branch: 'main', caFile: 'ca.pem' },
      apiUrl: 'https://api.github.com',
    })
    const { given } = surroundings({ directory: t.testdir({}) })
    const work = (): Promise<never> => Promise.reject(new Error('nothing is to be done'))
    t.equal(await atGitHub(given, options, { redactor: createRedactor(), work }), false)
  },
)

const list = 'site/kustomization.yaml'
const options = { directory: '.', roots: [] as readonly string[] }

t.test('a clone is opened at HEAD, and its roots are those of --root or of sower.yaml', async t => {
  const { top, first } = await repositoryWith(t, {
    ...flatList(),
    'sub/sower.yaml': configuration('here'),
    'sub/here/kustomization.yaml': 'resources: []\n',
    'sub/deep/kustomization.yaml': 'resources: []\n',
  })
  for (const [directory, roots, expected] of [
    ['.', [], { base: '.', roots: ['site'], directory: 'seeds' }],
    ['site', ['.'], { base: '.', roots: ['site'], directory: 'seeds' }],
    ['sub', [], { base: 'sub', roots: ['sub/here'], directory: 'sub/seeds' }],
    ['sub/deep', ['../here/', '.'], { base: 'sub', roots: ['sub/here', 'sub/deep'] }],
  ] as const) {
    const { given } = surroundings({ directory: top })
    const clone = await openClone(given, { directory, roots })
    t.match(clone, { ...expected, warnings: { length: 0 }, checkout: { sha: first } }, directory)
    t.equal(clone.shown(`${clone.base}/x.yaml`), 'x.yaml')
    t.equal(clone.shown(clone.base), '.')
    clone.close()
  }
  for (const root of ['nowhere', 'site/a.yaml', '../outside', '/etc', '..'])
    await t.rejects(
      openClone(surroundings({ directory: top }).given, { directory: '.', roots: [root] }),
      { name: 'InputError', code: 'ARGUMENT_INVALID', message: new RegExp(`^--root ${root}: `) },
      root,
    )
})

t.test('without a sower.yaml any cluster may go, and with a wrong one none', async t => {
  const { top, write } = await repositoryWith(t, { [list]: 'resources: []\n' })
  const { given } = surroundings({ directory: top })
  const clone = await openClone(given, options)
  t.match(clone, { config: null, roots: ['site'], directory: 'seeds' })
  t.match(clone.warnings.at(-1), /^no sower\.yaml is committed: any cluster may be detached/)
  clone.close()
  await write({ 'sower.yaml': { to: 'elsewhere.yaml' } }, 'Link')
  await t.rejects(openClone(given, options), {
    code: 'CONFIGURATION_INVALID',
    message: 'reading sower.yaml: it is a symlink',
  })
})

t.test('no clone is opened where there is none', async t => {
  const { given } = surroundings({ directory: directoryWith(t, { 'a.yaml': '' }) })
  await t.rejects(openClone(given, options), { name: 'InputError', code: 'GIT_FAILED' })
})

const change = { path: list, content: 'resources: []\n' }

t.test('what a person changed or staged is not written over', async t => {
  for (const [what, world, path] of [
    ['changed', { lying: { [list]: 'resources: [c.yaml]\n' } }, list],
    ['new', { lying: { 'new.yaml': 'a' } }, 'new.yaml'],
    ['staged', { staged: [list] }, list],
  ] as const) {
    const { clone } = await fakeClone(flatList(), world)
    await t.rejects(
      refuseUncommitted(clone, [change, { path: 'new.yaml', content: 'b' }]),
      {
        ...{ name: 'RefusedError', code: 'UNCOMMITTED_CHANGES', fix: /commit or stash/ },
        message: `writing to the work tree: ${path} has uncommitted changes`,
      },
      what,
    )
  }
  const { clone } = await fakeClone(flatList(), { lying: { 'other.yaml': 'a' }, staged: ['x'] })
  await t.resolves(refuseUncommitted(clone, [change]), 'of files that are not written')
})

t.test('a write follows no link', async t => {
  const { clone } = await fakeClone(flatList(), { lying: { seeds: { link: '/etc' } } })
  const through = { path: 'seeds/sno1/record.yaml', content: '' }
  t.throws(
    () => {
      refuseLinks(clone, [change, through])
    },
    {
      code: 'ENTRY_SYMLINK',
      message: 'writing seeds/sno1/record.yaml: a symbolic link is on the way',
    },
  )
  t.doesNotThrow(() => {
    refuseLinks(clone, [change])
  })
})

t.test('settings come from the nearest sower.yaml, by the path from where one is', t => {
  const top = directoryWith(t, { 'sower.yaml': configuration('a'), 'b/c/d.yaml': '' })
  t.match(repositorySettings(top, '.'), { config: { roots: ['a'] }, from: 'sower.yaml' })
  t.match(repositorySettings(join(top, 'b/c'), '.'), { from: '../../sower.yaml' })
  t.equal(repositorySettings(directoryWith(t, { 'a.yaml': '' }), '.'), null)
  mkdirSync(join(top, 'b', 'sower.yaml'))
  t.throws(() => repositorySettings(top, 'b'), { code: 'ENTRY_MISSING' })
  const broken = directoryWith(t, { 'sower.yaml': 'kind: x\n' })
  t.throws(() => repositorySettings(broken, '.'), { code: 'CONFIGURATION_INVALID' })
  t.match(repositorySettings(join(top, 'b'), '..'), { from: '../sower.yaml' })
  t.throws(() => repositorySettings(top, 'nowhere'), {
    ...{ code: 'FILE_UNREADABLE', message: 'reading nowhere: it is not a directory', fix: /-C$/ },
  })
  t.end()
})

t.test('an application path is named from the directory of -C', t => {
  t.equal(applicationArgument('.', 'site'), 'site')
  t.equal(applicationArgument('..', '.'), '..')
  t.equal(applicationArgument('a/b', 'site'), 'a/b/site')
  t.equal(applicationArgument('a', '/site'), '/site')
  t.end()
})

/** What a command of one edit makes of a repository. */
const finishing = async (t: Test) => {
  const { top, git, write } = await repositoryWith(t, flatList())
  const explored: Explored = {
    report: { ...emptyReport('sno1'), status: 'detachable' },
    steps: [{ message: 'Empty the list', changes: [change] }],
    path: list,
  }
  const run = async (
    of: Partial<EditOptions> & Readonly<{ explore?: () => Promise<Explored> }> = {},
  ) => {
    const { explore = async () => explored, ...more } = of
    const { given, said } = surroundings({ directory: top })
    const asked: EditOptions = { ...options, cluster: 'sno1', output: 'json', act: 'look', ...more }
    const error = await finish(given, asked, explore).then(
      () => null,
      (reason: unknown) => reason,
    )
    return {
      error,
      said,
      report: asked.output === 'json' && said.stdout ? (JSON.parse(said.stdout) as object) : {},
    }
  }
  return { top, git, write, explored, run }
}

t.test('looking and trying change nothing; writing writes, and says so again', async t => {
  const { top, git, run } = await finishing(t)
  const before = stateOf(top)
  for (const act of ['look', 'try'] as const) {
    t.match(
      await run({ act }),
      { error: null, report: { status: 'detachable', written: { length: 0 } } },
      act,
    )
    t.strictSame(stateOf(top), before, act)
  }
  t.match(await run({ act: 'write' }), {
    report: { status: 'detached', written: [list], commits: { length: 0 } },
  })
  t.equal(await git('status', '--porcelain'), ` M ${list}\n`)
  const again = { warnings: [/^the work tree holds the edit already/] }
  t.match(await run({ act: 'write' }), {
    report: { ...again, status: 'detached', written: { length: 0 } },
  })
  for (const act of ['look', 'try'] as const)
    t.match(await run({ act }), { report: { ...again, status: 'detachable' } }, act)
  const committed = await run({ act: 'commit', output: 'text' })
  t.match(committed.said.stdout, new RegExp(`^committed [0-9a-f]{12}: ${list}$`, 'm'))
  t.equal(await git('log', '-1', '--format=%B'), 'Empty the list\n\n')
  t.equal(await git('status', '--porcelain'), '')
})

t.test('a commit that no branch holds is warned of', async t => {
  const { git, run } = await finishing(t)
  await git('switch', '--quiet', '--detach')
  t.match(await run({ act: 'commit' }), {
    report: { commits: { length: 1 }, warnings: [/^HEAD is detached.*git switch --create/] },
  })
})

t.test('a file that a hook changes after the commit is warned of', async t => {
  const { top, run, write } = await finishing(t)
  const hook = '.git/hooks/post-commit'
  await write({ [hook]: `#!/bin/sh\necho '# more' >>${list}\n` })
  chmodSync(join(top, hook), 0o755)
  t.match(await run({ act: 'commit' }), {
    report: {
      commits: { length: 1 },
      warnings: [/^the commit holds what was proven, but a hook has changed \S+ in the index or/],
    },
  })
})

t.test('a look tells of what it did not look at, and a write refuses it', async t => {
  const { run, write } = await finishing(t)
  await write({ [list]: 'resources: [a.yaml]\n' })
  t.match(await run(), { report: { warnings: [/^site\/kustomization\.yaml has uncommitted ch/] } })
  for (const act of ['try', 'write', 'commit'] as const)
    t.match(await run({ act }), { error: { code: 'UNCOMMITTED_CHANGES' } }, act)
})

t.test('a refusal is a report, too, and anything else is not', async t => {
  const { run } = await finishing(t)
  const refusal = new RefusedError('NOT_A_SEED', 'detaching sno1: no', { fix: 'ask' })
  const explore = (): Promise<never> => Promise.reject(refusal)
  t.match(await run({ explore }), {
    error: refusal,
    report: { status: 'refused', code: 'NOT_A_SEED', reason: 'detaching sno1: no', fix: 'ask' },
  })
  t.match(await run({ explore, output: 'text' }), { error: refusal, said: { stdout: '' } })
  const mistake = new TypeError('a mistake')
  t.match(await run({ explore: () => Promise.reject(mistake) }), {
    error: mistake,
    said: { stdout: '' },
  })
  for (const cluster of ['A b', '', '../x', '-x'])
    t.match(await run({ cluster }), {
      error: { name: 'InputError', code: 'ARGUMENT_INVALID', message: /^reading <cluster>: / },
      said: { stdout: '' },
    })
})

t.test('what is not committed is said in the words of every command', t => {
  t.match(uncommitted.alreadyWritten, /not committed yet/)
  t.equal(
    uncommitted.notLookedAt('a.yaml'),
    'a.yaml has uncommitted changes, which are not looked at',
  )
  t.end()
})

t.test('a name that nothing knows is refused as the search for it says', async t => {
  const { clone } = await fakeClone({
    'sower.yaml':
      'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno3]\nroots: [site]\n',
    'site/kustomization.yaml': 'resources:\n- sno1.yaml\n#- sno2.yaml\n',
    'site/sno1.yaml': clusterInstance('sno1'),
    'site/sno2.yaml': clusterInstance('sno2'),
    'seeds/sno4/record.yaml': completedRecord('sno4', '2026-11-20T12:00:00.000Z'),
  })
  for (const cluster of ['sno1', 'sno2', 'sno3', 'sno4'])
    t.doesNotThrow(() => {
      refuseUnknown(clone, cluster)
    }, cluster)
  t.throws(
    () => {
      refuseUnknown(clone, 'nope')
    },
    {
      ...{ name: 'RefusedError', code: 'CLUSTER_NOT_FOUND' },
      message: /^looking for cluster nope: no ClusterInstance or SiteConfig with this clusterName/,
    },
  )
})

t.test('what is missing from the words or the clone is refused', async t => {
  t.doesNotThrow(() => {
    requireClusterName('sno-1')
  })
  for (const [shown, message] of [
    [undefined, 'reading <cluster>: this is not a valid cluster name'],
    ['../x', 'reading <cluster>: ../x is not a valid cluster name'],
  ] as const)
    t.throws(
      () => {
        requireClusterName('../x', shown)
      },
      { name: 'InputError', code: 'ARGUMENT_INVALID', message },
    )
  const text = 'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno3]\n'
  const { clone } = await fakeClone({ 'sower.yaml': text })
  t.strictSame(requireConfiguration(clone).seeds, ['sno3'])
  t.throws(() => requireConfiguration({ config: null }), { code: 'CONFIGURATION_MISSING' })
})
