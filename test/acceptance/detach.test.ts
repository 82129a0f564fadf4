import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { emptyReport, type PlanReport } from '../../src/core/report/plan-report.ts'
import { refusedLayouts } from '../support/edit/refused-layouts.ts'
import { clusterInstance, listing } from '../support/memory-tree.ts'
import {
  configuration,
  flatList,
  object,
  repositoryWith,
  stateOf,
  twoClusters,
  type Content,
} from '../support/repository-with.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { home, isOneMessage, runSower, type Result } from '../support/run-sower.ts'

const understood = '--i-understand-this-may-reinstall'
const reportOf = (stdout: string): PlanReport => JSON.parse(stdout) as PlanReport

/** A repository, and Sower in it. */
const start = async (t: Test, files: Content = flatList()) => {
  const repository = await repositoryWith(t, files)
  const sower = (command: string, ...words: readonly string[]): Promise<Result> =>
    runInProcess([command, 'sno1', ...words], { cwd: repository.top })
  const refused = async (code: string, says: RegExp, ...words: readonly string[]) => {
    const before = stateOf(repository.top)
    const [command = '', ...rest] = words
    isOneMessage(t, await sower(command, ...rest), { exitCode: 3, code, says })
    t.strictSame(stateOf(repository.top), before, 'nothing is changed')
  }
  return { ...repository, sower, refused }
}
const kustomization = 'site/kustomization.yaml'
const record = 'seeds/sno1/record.yaml'
const statuses = ['detachable', 'detached', 'reattachable', 'attached', 'refused']

t.test(
  'detach writes the work tree, and reattach takes it back before it is committed',
  async t => {
    const { top, git, sower } = await start(t)
    const before = stateOf(top)
    t.match(await sower('detach', '--dry-run'), { exitCode: 0, stdout: /^\+ {2}#- a\.yaml$/m })
    t.strictSame(stateOf(top), before)
    t.match(await sower('detach'), {
      exitCode: 0,
      stdout: /\nedited site\/kustomization\.yaml, seeds\/sno1\/record\.yaml\n$/,
    })
    t.equal(await git('status', '--porcelain'), ` M ${kustomization}\n?? seeds/\n`)
    const again = await sower('detach', '--json')
    t.match(reportOf(again.stdout), {
      status: 'detached',
      file: kustomization,
      line: 2,
      diffs: { length: 0 },
      commits: { length: 0 },
      warnings: ['the work tree holds the edit already; it is not committed yet'],
    })
    t.match(await sower('plan'), { exitCode: 0, stdout: /^warning: the work tree holds the edit/m })
    t.match(await sower('reattach', '--dry-run'), {
      exitCode: 0,
      stdout: /it would be taken back\n$/,
    })
    // No Argo CD has seen that detach, so there is no risk to understand.
    t.match(await sower('reattach'), {
      exitCode: 0,
      stdout: /in the work tree only; it is taken back/,
    })
    t.equal(await git('status', '--porcelain'), '')
    t.match(await sower('reattach'), {
      exitCode: 0,
      stdout: 'sno1 is attached already: site/kustomization.yaml:2\n',
    })
  },
)

t.test('reattach wants the risk to be understood, and its own line to be there', async t => {
  const { top, git, write, sower, refused } = await start(t)
  await sower('detach', '--commit')
  await refused('REATTACH_RISK', /may reinstall its host[^]*say --i-understand/, 'reattach')
  const plan = await sower('reattach', '--dry-run', '--json')
  t.match(reportOf(plan.stdout), {
    status: 'reattachable',
    roots: [{ removed: { length: 0 }, added: [/ClusterInstance\/sno1\/sno1$/], left: 2 }],
    warnings: [/may reinstall its host/],
  })
  t.match(await sower('reattach', understood), { exitCode: 0, stdout: /^\+ {2}- a\.yaml$/m })
  t.match(await sower('reattach', understood), { exitCode: 0, stdout: /^sno1 is attached already/ })
  t.match(await sower('detach'), {
    exitCode: 0,
    stdout: /^sno1 is detached already.*\nwarning: .* has uncommitted changes, which are not/,
  })
  await git('checkout', '--quiet', '--', '.')
  const text = readFileSync(join(top, kustomization), 'utf8')
  await write({ [kustomization]: text.replace('  #- a.yaml\n', '') }, 'Remove the line')
  await refused(
    'EDIT_MOVED',
    /is missing, or is there several times[^]*put this back/,
    'reattach',
    understood,
  )
  await write({ [record]: '{}' }, 'Break the record')
  await refused('RECORD_INVALID', /reading seeds\/sno1\/record\.yaml/, 'reattach', understood)
  await git('rm', '--quiet', record)
  await git('commit', '--quiet', '--message', 'Remove the record')
  await refused('RECORD_MISSING', /uncomment the lines by hand/, 'reattach', understood)
  await refused('CLUSTER_NOT_FOUND', /no kustomization below site lists it/, 'plan')
})

t.test('a record that leads out of the repository is not followed', async t => {
  const { top, git, write, sower, refused } = await start(t)
  await sower('detach', '--commit')
  const text = readFileSync(join(top, record), 'utf8')
  for (const file of [
    '../other/kustomization.yaml',
    '/other/kustomization.yaml',
    'a/../../other',
  ]) {
    await write({ [record]: text.replace(`file: ${kustomization}`, `file: ${file}`) }, file)
    await refused('RECORD_INVALID', /must be a path in the repository/, 'reattach', understood)
    await refused('RECORD_INVALID', /must be a path in the repository/, 'plan')
  }
  t.equal(await git('status', '--porcelain'), '')
})

t.test('a cluster that a person commented out is detached already', async t => {
  const lists = { ...flatList(), [kustomization]: listing('b.yaml').concat('  # - a.yaml\n') }
  const { top, sower, refused } = await start(t, lists)
  const before = stateOf(top)
  for (const words of [['plan'], ['detach'], ['detach', '--commit']])
    t.match(await sower(...(words as [string])), {
      exitCode: 0,
      stderr: '',
      stdout: 'sno1 is detached already: site/kustomization.yaml:3\n',
    })
  t.strictSame(stateOf(top), before)
  await refused('RECORD_MISSING', /uncomment the lines by hand/, 'reattach', understood)
})

t.test('a list that a person left null is mended', async t => {
  const { top, git, sower } = await start(t, {
    ...twoClusters,
    [kustomization]: 'resources:\n  # - a.yaml\n',
  })
  const plan = await sower('plan', '--json')
  t.match(reportOf(plan.stdout), {
    status: 'detachable',
    key: 'resources',
    line: 2,
    emptied: true,
    style: 'repaired',
    roots: [{ path: 'site', removed: { length: 0 }, left: 0 }],
    warnings: [/which left resources null: kustomize from 5\.1 on refuses that/],
  })
  t.match(await sower('detach', '--commit'), { exitCode: 0, stderr: '' })
  t.equal(readFileSync(join(top, kustomization), 'utf8'), 'resources: []\n  # - a.yaml\n')
  t.match(await sower('detach'), { exitCode: 0, stdout: /^sno1 is detached already/ })
  t.equal(await git('status', '--porcelain'), '')
})

t.test('of several commented-out files the record knows the one that was live', async t => {
  const { sower } = await start(t, {
    ...twoClusters,
    [kustomization]: 'resources:\n#- old.yaml\n- a.yaml\n',
    'site/old.yaml': clusterInstance('sno1'),
  })
  await sower('detach', '--commit')
  const plan = await sower('plan', '--json')
  t.match(reportOf(plan.stdout), { status: 'detached', entry: 'a.yaml', line: 3 })
})

t.test('a deleted line is known by the record, as long as a root reaches its list', async t => {
  const { write, sower, refused } = await start(t)
  await sower('detach', '--delete', '--commit')
  const plan = await sower('plan', '--json')
  t.match(plan, { exitCode: 0 })
  t.match(reportOf(plan.stdout), { status: 'detached', entry: 'a.yaml', line: null })
  const other = {
    'sower.yaml': configuration('other'),
    'other/kustomization.yaml': 'resources: []\n',
  }
  await write(other, 'Render another directory')
  await refused('CLUSTER_NOT_FOUND', /sno1/, 'plan')
})

t.test('companions stay, and leave later in a commit of their own', async t => {
  const { git, first, sower } = await start(t, {
    'sower.yaml': configuration('site'),
    'site/kustomization.yaml': `${listing('n.yaml', 'a.yaml', 'both.yaml')}configMapGenerator:\n  - {name: m, namespace: sno1, literals: [a=b]}\n`,
    'site/n.yaml': object('Namespace', 'sno1'),
    'site/a.yaml': clusterInstance('sno1'),
    'site/both.yaml': `${object('Secret', 's', 'sno1')}---\n${object('Secret', 's', 'sno2')}`,
  })
  t.match(await sower('detach', '--commit'), {
    exitCode: 0,
    stdout: /^stays: Namespace\/sno1 .*\nstays: Secret\/sno1\/s .*, in an item with other/m,
  })
  const later = await sower('detach', '--companions', '--commit', '--json')
  t.match(reportOf(later.stdout), {
    status: 'detached',
    roots: [{ removed: ['/Namespace//sno1', /^\/ConfigMap\/sno1\/m-/], left: 2 }],
    companions: [
      { object: '/Namespace//sno1', leaves: true },
      { object: '/Secret/sno1/s', removable: false, leaves: false },
      { object: '/ConfigMap/sno1/m', leaves: true },
    ],
    commits: { length: 1 },
    warnings: [/only when the ManagedCluster is gone/],
  })
  t.match(await sower('reattach', '--commit', understood), { exitCode: 0 })
  t.equal(await git('diff', first, 'HEAD'), '')
})

t.test(
  'a cluster that vars name leaves by its own entry, and what the vars read stays',
  async t => {
    const site = (name: string): Content => ({
      [`${name}/kustomization.yaml`]: `resources:\n- ci.yaml\n- cm.yaml\nvars:\n- name: OF_${name}\n  objref: {apiVersion: v1, kind: ConfigMap, name: ${name}}\n  fieldref: {fieldpath: data.is}\nconfigurations: [vars.yaml]\n`,
      [`${name}/vars.yaml`]: 'varReference:\n- {path: spec/clusterName, kind: ClusterInstance}\n',
      [`${name}/cm.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {is: ${name === 'one' ? 'sno1' : 'sno2'}}\n`,
      [`${name}/ci.yaml`]: clusterInstance(`$(OF_${name})`, name),
    })
    const { sower, top } = await start(t, {
      'sower.yaml': configuration('clusters'),
      'clusters/kustomization.yaml': 'resources:\n- ../two\n- ../one\n',
      ...{ ...site('one'), ...site('two') },
    })
    t.match(await sower('detach'), { exitCode: 0, stdout: /exactly this leaves[^]*\/one$/m })
    const edited = readFileSync(join(top, 'one/kustomization.yaml'), 'utf8')
    t.match(edited, /^resources:\n#- ci\.yaml\n- cm\.yaml\n/)
  },
)

t.test('a cluster that only a render names leaves by the entry of its overlay', async t => {
  const overlay = (name: string): string =>
    `namespace: ${name}\n${listing('../base')}patches:\n- target: {kind: ClusterInstance}\n  patch: |-\n    - {op: replace, path: /spec/clusterName, value: ${name}}\n`
  const main = 'site/kustomization.yaml'
  const { git, first, sower, top } = await start(t, {
    'sower.yaml': configuration('site'),
    [main]: listing('../one', '../two'),
    'one/kustomization.yaml': overlay('sno1'),
    'two/kustomization.yaml': overlay('sno2'),
    'base/kustomization.yaml': listing('ci.yaml'),
    'base/ci.yaml': clusterInstance('placeholder'),
  })
  const listed = async (): Promise<string> =>
    /^ {2}cluster +(.*)$/m.exec((await runInProcess(['status'], { cwd: top })).stdout)?.[1] ?? ''
  t.equal(await listed(), `listed at ${main}`)
  t.match(reportOf((await sower('plan', '--json')).stdout), {
    ...{ file: main, entry: '../one', line: 2 },
    roots: [{ path: 'site', removed: [/\/ClusterInstance\/sno1\/placeholder$/], left: 1 }],
  })
  t.match(reportOf((await sower('reattach', '--json')).stdout), { status: 'attached', file: main })
  t.match(await sower('detach', '--commit'), { exitCode: 0 })
  t.match(reportOf((await sower('plan', '--json')).stdout), { status: 'detached', file: main })
  t.equal(await listed(), 'in no list')
  t.match(await sower('reattach', '--commit', understood), { exitCode: 0 })
  t.equal(await git('diff', first, 'HEAD'), '')
})

t.test('what is not committed is neither written over nor taken along', async t => {
  const { top, git, write, sower, refused } = await start(t)
  const dirty = /has uncommitted changes[^]*commit or stash them first/
  await write({ [kustomization]: `${listing('a.yaml', 'b.yaml')}# a thought\n` })
  t.match(await sower('plan'), { exitCode: 0, stdout: /^warning: .*, which are not looked at$/m })
  await refused('UNCOMMITTED_CHANGES', dirty, 'detach')
  await git('add', kustomization)
  await refused('UNCOMMITTED_CHANGES', dirty, 'detach', '--commit')
  await git('reset', '--quiet', '--hard')
  await write({ [record]: 'a note\n', '.gitignore': 'record.yaml\n' })
  await refused('UNCOMMITTED_CHANGES', /writing .*seeds\/sno1\/record\.yaml/, 'detach', '--dry-run')
  rmSync(join(top, 'seeds'), { recursive: true })
  rmSync(join(top, kustomization))
  await execa('mkfifo', [join(top, kustomization)])
  // Whoever opens it waits for a writer: a process of its own can be ended.
  const piped = await runSower(['detach', 'sno1'], { cwd: top })
  isOneMessage(t, piped, { exitCode: 3, code: 'UNCOMMITTED_CHANGES', says: dirty })
  rmSync(join(top, kustomization))
  await git('checkout', '--quiet', '--', '.')
  await write({ 'other.yaml': 'a: b\n' })
  await git('add', 'other.yaml')
  t.match(await sower('detach', '--commit'), { exitCode: 0 })
  t.equal(await git('diff', '--name-only', 'HEAD~1', 'HEAD'), `${record}\n${kustomization}\n`)
})

t.test('line ends are as git writes them', async t => {
  for (const attributes of ['*.yaml text eol=crlf\n', '* text=auto\n']) {
    const { top, git, first, sower } = await start(t, {
      ...flatList(),
      '.gitattributes': attributes,
    })
    if (attributes.startsWith('* ')) await git('config', 'core.autocrlf', 'true')
    rmSync(join(top, 'site'), { recursive: true })
    await git('checkout', '--quiet', '--', '.')
    t.match(readFileSync(join(top, kustomization), 'utf8'), /a\.yaml\r\n/)
    t.match(await sower('detach', '--commit'), { exitCode: 0, stderr: '' })
    t.match(await git('diff', '--stat', 'HEAD~1', '--', kustomization), /1 insertion.*, 1 deletion/)
    t.match(await sower('reattach', '--commit', understood), { exitCode: 0, stderr: '' })
    t.equal(await git('diff', first, 'HEAD'), '')
  }
})

t.test('what git or the disk refuses leaves every file as it was', async t => {
  const { top, git, first, write, sower } = await start(t)
  const hook = join(top, '.git', 'hooks', 'pre-commit')
  await write({ '.git/hooks/pre-commit': '#!/bin/sh\necho "not on Fridays" >&2\nexit 1\n' })
  chmodSync(hook, 0o755)
  const before = stateOf(join(top, 'site'))
  isOneMessage(t, await sower('detach', '--commit'), {
    exitCode: 1,
    code: 'GIT_FAILED',
    says: /git commit in .*: not on Fridays[^]*as they were/,
  })
  t.strictSame(stateOf(join(top, 'site')), before)
  t.notOk(existsSync(join(top, 'seeds')))
  await write({
    '.git/hooks/pre-commit': `#!/bin/sh\necho '# tidy' >>${kustomization}\ngit add .\n`,
  })
  isOneMessage(t, await sower('detach', '--commit'), {
    exitCode: 3,
    code: 'COMMIT_DIFFERS',
    says: /a hook has changed site\/kustomization\.yaml/,
  })
  t.strictSame(stateOf(join(top, 'site')), before)
  t.equal(await git('rev-parse', 'HEAD'), `${first}\n`)
  rmSync(hook)
  await write({ seeds: 'a file in the way\n' })
  isOneMessage(t, await sower('detach'), {
    exitCode: 2,
    code: 'FILE_UNREADABLE',
    says: /writing to the work tree: ENOTDIR/,
  })
  t.strictSame(stateOf(join(top, 'site')), before)
  t.equal(await git('status', '--porcelain'), '?? seeds\n')
})

t.test('words that are no cluster, and places that are no clone', async t => {
  const { top } = await start(t)
  for (const name of ['../sno1', 'SNO1', 'sno1/', ''])
    isOneMessage(t, await runInProcess(['plan', name, '-C', top]), {
      exitCode: 2,
      code: 'ARGUMENT_INVALID',
      says: /is not a valid cluster name[^]*spec\.clusterName/,
    })
})

for (const [title, { files, words = [], code, says, exitCode = 3 }] of Object.entries(
  refusedLayouts,
))
  t.test(`detach refuses with ${code}: ${title}`, async t => {
    const { top } = await repositoryWith(t, files)
    const before = stateOf(top)
    const result = await runInProcess(['detach', 'sno1', '-C', top, '--json', ...words])
    isOneMessage(t, result, { exitCode, code, says, stdout: /^(?:\{|$)/ })
    if (exitCode === 3)
      t.match(reportOf(result.stdout), {
        cluster: 'sno1',
        status: 'refused',
        code,
        reason: /./,
        fix: /./,
      })
    t.strictSame(stateOf(top), before, 'nothing is changed')
  })

t.test('docs/plan.md names each field of the report and each code of a refusal', t => {
  const text = readFileSync(join(home, 'docs', 'plan.md'), 'utf8')
  const fields = Object.entries(emptyReport('sno1'))
  for (const [name, value] of fields)
    t.match(text, new RegExp(`^\\|.*\`${name}${Array.isArray(value) ? '\\[\\]' : ''}\`.*\\|`, 'm'))
  const inside = ['path', 'removed', 'added', 'changed', 'left', 'action', 'edited', 'object']
  for (const name of [...inside, 'matches-nothing', 'removable', 'leaves', ...statuses])
    t.ok(text.includes(`\`${name}\``), name)
  const seen = Object.values(refusedLayouts).map(({ code }) => code)
  for (const code of [...seen, 'UNCOMMITTED_CHANGES', 'RECORD_MISSING', 'EDIT_MOVED'])
    t.ok(text.includes(`\`${code}\``), code)
  t.end()
})
